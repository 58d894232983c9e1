package dev.trimtab.sync;

import dev.trimtab.codes.Code;

/** What can be wrong with a ClusterSync. */
public enum SyncCode implements Code {
    SYN001("A ClusterSync has a field that is not known."),
    SYN002("A ClusterSync lacks a field that is required."),
    SYN003("A field of a ClusterSync has a value that cannot be used."),
    SYN004("A file of ClusterSyncs holds something else."),
    SYN005("Two ClusterSyncs have the same name."),
    SYN006("A file of ClusterSyncs cannot be read."),
    SYN007("A repository's address in a ClusterSync holds credentials.");

    private final String meaning;

    SyncCode(String meaning) {
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
