package dev.trimtab.source;

import dev.trimtab.codes.Code;

/** Why a repository could not be read. */
public enum SourceCode implements Code {
    SRC001("The repository did not answer, or broke off."),
    SRC002("The repository has no such branch or tag."),
    SRC003("The repository refused the credentials, or asks for some."),
    SRC004("The SSH host is not in known_hosts, or shows another key."),
    SRC005("The repository's address is of a kind that is not allowed."),
    SRC006("The local copy of the repository is damaged; it is made again at the next poll."),
    SRC007("The local copy cannot be kept in its folder."),
    SRC008("The repository holds something that Trimtab refuses to read.");

    private final String meaning;

    SourceCode(String meaning) {
        this.meaning = meaning;
    }

    @Override
    public String id() {
        return name();
    }

    @Override
    public String meaning() {
        return meaning;
    }
}
