package dev.trimtab.plan;

/** What a change does to what runs. Ordered from the most to the least careful. */
public enum Action {
    DELETE,
    RECREATE,
    IN_PLACE,
    APPLY,
    CREATE
}
