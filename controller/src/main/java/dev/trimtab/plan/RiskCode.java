package dev.trimtab.plan;

import dev.trimtab.codes.Code;

/** What is at stake with a change. */
public enum RiskCode implements Code {
    POD_NETWORK(
            "NET001",
            "The pod network's backend or address range changes; traffic between nodes stops until every node has the new one.");

    private final String id;
    private final String meaning;

    RiskCode(String id, String meaning) {
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
