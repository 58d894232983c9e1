package dev.trimtab.sandbox.judge;

/** What a cluster may have besides an API server. */
public enum Part {
    /** The workload controllers, the garbage collector and the namespace controller. */
    CONTROLLERS("kube-controller-manager"),
    /** Nodes and a scheduler, so that pods run; the kubelets may be stand-ins. */
    NODES("nodes and a scheduler"),
    /** A way to have it forget old versions. */
    COMPACTION("compaction on demand"),
    /** Policies that change objects at the door ({@code MutatingAdmissionPolicy}, stable since 1.36). */
    MUTATION("mutating admission policies");

    private final String words;

    Part(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
