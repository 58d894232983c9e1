package dev.trimtab.definition;

/** One of a fixed set of words that a field may hold. */
public interface Choice {

    /** The word as it stands in YAML. */
    String written();
}
