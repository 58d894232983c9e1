package dev.trimtab.sync;

import dev.trimtab.source.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a sync stands, in the shape of a Kubernetes status. It does not grow with the number of objects, but for those that are
 * held.
 *
 * @param observed where the ref points to, as far as was asked
 * @param lastApplied the last revision that the cluster was brought to as a whole
 * @param healthy whether what was applied does well, as far as it was followed
 * @param nodes whether nodes are as Git says; empty where Git says nothing of them
 * @param heldPlan the digest that an approval of what is held has to name
 */
public record SyncStatus(
        Optional<Revision> observed,
        Optional<Revision> lastApplied,
        Condition ready,
        Condition reconciling,
        Condition stalled,
        Condition healthy,
        Optional<Condition> nodes,
        List<Hold> holds,
        Optional<String> heldPlan,
        Counts counts) {

    public SyncStatus {
        holds = List.copyOf(holds);
    }

    /** Kubernetes API conventions, "Typical status properties". */
    public enum Truth {
        TRUE,
        FALSE,
        UNKNOWN
    }

    /**
     * @param reason one word in CamelCase, stays the same for the same reason
     * @param since when {@code truth} last changed
     */
    public record Condition(Truth truth, String reason, String message, Instant since) {

        /** The same but for when it began. */
        boolean says(Condition other) {
            return truth == other.truth && reason.equals(other.reason) && message.equals(other.message);
        }
    }

    /**
     * @param objects that Git asks for, as of the last plan
     * @param changes that the last plan found to make
     * @param held changes that wait for a person or a time
     * @param failed objects that could not be compared or written
     * @param drifted objects that are other than Git says and are left so
     * @param audited objects that were compared though they were held as unchanged, since this process began
     * @param disagreements those of them that were not as they were held to be
     */
    public record Counts(int objects, int changes, int held, int failed, int drifted, int audited, int disagreements) {}

    /** Whether nothing but times tells the two apart. */
    boolean says(SyncStatus other) {
        return observed.equals(other.observed)
                && lastApplied.equals(other.lastApplied)
                && ready.says(other.ready)
                && reconciling.says(other.reconciling)
                && stalled.says(other.stalled)
                && healthy.says(other.healthy)
                && nodes.isPresent() == other.nodes.isPresent()
                && nodes.stream().allMatch(condition -> condition.says(other.nodes.orElseThrow()))
                && holds.equals(other.holds)
                && heldPlan.equals(other.heldPlan)
                && counts.equals(other.counts);
    }
}
