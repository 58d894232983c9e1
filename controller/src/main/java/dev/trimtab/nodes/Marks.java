package dev.trimtab.nodes;

/** Annotations that Trimtab keeps on Nodes, because the cluster is its only memory. */
public final class Marks {

    /** Taints that come from Git, also those that were on the node before: {@code key:Effect} each, separated by commas. */
    public static final String OWNED_TAINTS = "trimtab.dev/owned-taints";

    /** The machine that was seen under this name: machineID, slash, systemUUID. Taking it away acknowledges another machine. */
    public static final String MACHINE = "trimtab.dev/machine";

    /** Why Trimtab cordoned the node: {@link #CORDON_GIT}, {@link #CORDON_REMOVAL} or {@link #CORDON_FOUND}. */
    public static final String CORDON = "trimtab.dev/cordon";

    /** When the controller's drain of the node began. Taking it away lets it begin anew. */
    public static final String DRAIN_BEGAN = "trimtab.dev/drain-began";

    static final String CORDON_GIT = "schedulable-false";
    static final String CORDON_REMOVAL = "removal";
    /** For a removal; somebody had cordoned it before. */
    static final String CORDON_FOUND = "removal-of-cordoned";

    private Marks() {}
}
