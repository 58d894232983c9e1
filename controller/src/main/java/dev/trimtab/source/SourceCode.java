package dev.trimtab.source;

import dev.trimtab.codes.Code;

/** Why a repository could not be read. */
public enum SourceCode implements Code {
    SRC001("The repository did not answer, or broke off."),
    SRC002("The repository has no such branch, tag or commit, or no tag in the range of versions."),
    SRC003("The repository refused the credentials, or asks for some."),
    SRC004("The SSH host is not in known_hosts, or shows another key."),
    SRC005("The repository's address is of a kind that is not allowed."),
    SRC006("The local copy of the repository is damaged; it is made again at the next poll."),
    SRC007("The local copy cannot be kept in its folder."),
    SRC008("The repository holds something that Trimtab refuses to read."),
    SRC009("The repository is larger than allowed, or an object in it is."),
    SRC010("The commit is not signed."),
    SRC011("The commit is signed with a key that is not among the trusted ones."),
    SRC012("The key that signed the commit has expired, or was not valid at that time."),
    SRC013("The key that signed the commit is revoked."),
    SRC014("The commit's signature does not fit it, or is of a kind that proves nothing."),
    SRC015("The keys to verify signatures with cannot be read, or there are none."),
    SRC016("Two tags name the same version but not the same commit."),
    SRC017("The proxy does not let through.");

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
