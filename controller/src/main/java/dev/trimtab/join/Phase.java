package dev.trimtab.join;

import java.util.Locale;

/** The way of a machine, in order. */
public enum Phase {
    FACTS,
    PLAN,
    RESET,
    PREPARE,
    RUNTIME,
    IMAGES,
    TOKEN,
    JOIN,
    SEAL,
    READY,
    METADATA,
    REPORT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
