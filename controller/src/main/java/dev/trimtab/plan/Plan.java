package dev.trimtab.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.codes.Code;
import dev.trimtab.definition.Position;
import dev.trimtab.kube.Baseline;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.source.Revision;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What applying a revision to a cluster would do.
 *
 * @param id digest of cluster, revisions and changes, without times: {@code sha256:…}
 * @param base what was applied last; empty on the first sync
 * @param changes ordered by risk: what is dangerous first, then {@link Action}, then object
 * @param unchanged live {@code metadata} of the objects that were compared and stay as they are
 * @param known how many more objects were known to be unchanged and not asked for
 * @param released managed earlier and no longer in Git, but there is nothing to delete, with the reason: gone from the cluster,
 *     no longer ours, or kept on purpose
 * @param warnings what the server warned of, deprecated APIs for instance
 * @param problems objects that could not be compared; a plan with one is incomplete and never "no changes"
 * @param baselines of the objects in {@code unchanged}, where they are known
 */
public record Plan(
        String id,
        ClusterId cluster,
        String repository,
        Optional<Revision> base,
        Revision head,
        Instant readAt,
        List<Change> changes,
        SortedMap<ObjectKey, ObjectNode> unchanged,
        int known,
        SortedMap<ObjectKey, PlanCode> released,
        List<ObjectWarning> warnings,
        List<ObjectProblem> problems,
        SortedMap<ObjectKey, Baseline> baselines) {

    /**
     * Which cluster was read.
     *
     * @param uid of namespace kube-system
     */
    public record ClusterId(String name, String uid, String version) {}

    /** An object that could not be compared, and why. */
    public record ObjectProblem(ObjectKey object, Optional<Position> origin, Code code, String text) {}

    /** What the server said about an object that it takes all the same. */
    public record ObjectWarning(ObjectKey object, Optional<Position> origin, String text) {}

    public Plan {
        changes = List.copyOf(changes);
        unchanged = Collections.unmodifiableSortedMap(new TreeMap<>(unchanged));
        released = Collections.unmodifiableSortedMap(new TreeMap<>(released));
        warnings = List.copyOf(warnings);
        problems = List.copyOf(problems);
        baselines = Collections.unmodifiableSortedMap(new TreeMap<>(baselines));
    }

    /** A plan that remembers no baselines. */
    public Plan(
            String id,
            ClusterId cluster,
            String repository,
            Optional<Revision> base,
            Revision head,
            Instant readAt,
            List<Change> changes,
            SortedMap<ObjectKey, ObjectNode> unchanged,
            int known,
            SortedMap<ObjectKey, PlanCode> released,
            List<ObjectWarning> warnings,
            List<ObjectProblem> problems) {
        this(
                id,
                cluster,
                repository,
                base,
                head,
                readAt,
                changes,
                unchanged,
                known,
                released,
                warnings,
                problems,
                new TreeMap<>());
    }

    /** Objects that left Git and stay in the cluster on purpose; nobody manages them any more. */
    public List<ObjectKey> orphans() {
        return released.entrySet().stream()
                .filter(entry -> entry.getValue() == PlanCode.KEPT)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The plan of some of its changes, with the digest that a plan of only these has. */
    public Plan only(Predicate<Change> wanted) {
        List<Change> some = changes.stream().filter(wanted).toList();
        return new Plan(
                PlanId.of(cluster, base, head, some),
                cluster,
                repository,
                base,
                head,
                readAt,
                some,
                unchanged,
                known,
                released,
                warnings,
                problems,
                baselines);
    }

    /** Whether every object could be compared. */
    public boolean complete() {
        return problems.isEmpty();
    }
}
