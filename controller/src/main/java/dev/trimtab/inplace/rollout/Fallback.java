package dev.trimtab.inplace.rollout;

/** Why a rollout that began in place was left to the workload's own controller, which replaces pods. */
public enum Fallback {
    /** Somebody let the workload go. */
    RESUMED("resumed"),
    /** Pods of several ReplicaSets run. */
    SEVERAL_REPLICA_SETS("several_replica_sets"),
    /** A pod cannot be brought to the template where it runs. */
    IMPOSSIBLE_IN_POD("impossible_in_pod");

    private final String label;

    Fallback(String label) {
        this.label = label;
    }

    /** The word in metrics. */
    public String label() {
        return label;
    }
}
