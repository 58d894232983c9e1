package dev.trimtab.plan;

/** What is sent to the API server. */
public enum Operation {
    CREATE,
    PATCH,
    DELETE
}
