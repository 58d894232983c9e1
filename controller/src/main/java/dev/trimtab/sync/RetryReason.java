package dev.trimtab.sync;

import java.util.Locale;

/** What failed and is tried again. */
public enum RetryReason {
    /** The repository did not answer, or not with what can be trusted. */
    SOURCE,
    /** The API server did not answer. */
    CLUSTER,
    /** Objects could not be written or compared. */
    APPLY,
    /** Nodes could not be read or written. */
    NODES,
    /** What should not happen at all. */
    INTERNAL;

    /** As in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
