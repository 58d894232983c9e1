package dev.trimtab.drift;

import dev.trimtab.codes.Code;

/** Why it cannot be told whether something drifted. */
public enum DriftCode implements Code {
    MEMORY_LOST(
            "DRF010",
            "Objects belong to the sync, and its inventory is gone: what drifted cannot be told from what waits to be applied.");

    private final String id;
    private final String meaning;

    DriftCode(String id, String meaning) {
        this.id = id;
        this.meaning = meaning;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String meaning() {
        return meaning;
    }
}
