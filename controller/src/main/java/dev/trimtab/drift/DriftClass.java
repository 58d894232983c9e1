package dev.trimtab.drift;

/** In which way an object is not what Git says. */
public enum DriftClass {
    /** Fields have other values. */
    CHANGED("changed"),
    /** It was deleted in the cluster. */
    MISSING("missing"),
    /** All values are Git's, but others own fields of ours too, so that taking such a field out of Git would not remove it. */
    EXTRA_OWNER("extra_owner"),
    /** Somebody sets the same fields back each time; they are no longer healed. */
    FIGHT("fight");

    private final String label;

    DriftClass(String label) {
        this.label = label;
    }

    /** The word in metrics and JSON. */
    public String label() {
        return label;
    }
}
