package dev.trimtab.nodes;

/** How much an observation matters; the last one most. */
public enum Severity {
    /** Good to know. */
    INFO,
    /** The cluster is not what Git says, or will fail in a way that can be foreseen. */
    WARNING,
    /** Something fails now, or can no longer be put right by itself. */
    CRITICAL
}
