package dev.trimtab.sync;

import dev.trimtab.codes.Code;

/** Why a sync writes nothing of a plan. */
public enum HoldCode implements Code {
    SUSPENDED("HLD001", "Somebody suspended the sync; it looks and tells, and writes nothing."),
    WINDOW("HLD002", "The sync's windows are closed at this time; nothing is written until they open."),
    NOT_APPROVED("HLD003", "The sync is in mode plan, and nobody has approved this plan."),
    HISTORY_REWRITTEN(
            "HLD004",
            "The commit that was applied is not in the history of the one to apply; nothing is written without a person's word.");

    private final String id;
    private final String meaning;

    HoldCode(String id, String meaning) {
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
