package dev.trimtab.definition;

/** What a cluster carries beside its workloads. */
public sealed interface Addon permits Flannel, KuboardAgent {

    /** The name by which a {@link WorkloadSet} requires it. */
    String name();

    /** Where it was written. */
    Origin origin();
}
