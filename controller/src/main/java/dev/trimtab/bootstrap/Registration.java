package dev.trimtab.bootstrap;

/** What machines register with besides what the definition declares. */
public enum Registration {
    /** Nothing: nobody may be there to take it away. */
    PLAIN,
    /**
     * Taint {@link dev.trimtab.kube.Ownership#UNINITIALIZED_TAINT}, which keeps ordinary pods off until the labels are on. A kubelet may
     * set it when it registers and at no other time, and only somebody else takes it away again. The first node, with which the cluster
     * begins, never has it.
     */
    TAINTED
}
