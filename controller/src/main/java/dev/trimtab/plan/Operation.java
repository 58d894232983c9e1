package dev.trimtab.plan;

/** What is sent to the API server. */
public enum Operation {
    CREATE,
    PATCH,
    DELETE,
    /** A delete, and a create once the object is gone. */
    RECREATE,
    /** As {@link #RECREATE}; the pods of the object are not deleted with it. */
    RECREATE_KEEPING_PODS;

    public boolean recreates() {
        return this == RECREATE || this == RECREATE_KEEPING_PODS;
    }
}
