package dev.trimtab.drift;

import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Plan;
import dev.trimtab.source.Revision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * How a cluster stands beside what was applied to it.
 *
 * @param repository as it may be shown: without credentials
 * @param applied the last revision that was applied as a whole
 * @param head what Git holds now
 * @param drifted critical objects first
 * @param leftOut how many more drifted that nobody asked for
 * @param compared objects of which it is known whether they drifted; those that did are among them
 * @param pending objects that are other than Git wants them because Git moved; they may have drifted as well
 * @param shared objects with Git's values, some of which others own too
 * @param problems what could not be compared; a report with one is incomplete and never "no drift"
 */
public record DriftReport(
        Plan.ClusterId cluster,
        String sync,
        String repository,
        Optional<Revision> applied,
        Revision head,
        Instant readAt,
        List<Drifted> drifted,
        int leftOut,
        int compared,
        SortedSet<ObjectKey> pending,
        SortedSet<ObjectKey> shared,
        List<Plan.ObjectProblem> problems) {

    private static final Comparator<Drifted> ORDER = Comparator.comparing(Drifted::severity)
            .thenComparing(one -> one.drift().object());

    public DriftReport {
        drifted = drifted.stream().sorted(ORDER).toList();
        pending = Collections.unmodifiableSortedSet(new TreeSet<>(pending));
        shared = Collections.unmodifiableSortedSet(new TreeSet<>(shared));
        problems = List.copyOf(problems);
    }

    /** Whether everything that was applied could be compared. */
    public boolean complete() {
        return problems.isEmpty();
    }

    /** How many objects are as they were applied. */
    public int asApplied() {
        return compared - drifted.size() - leftOut;
    }

    /** How many of {@link #drifted} are of this severity. */
    public int count(Severity severity) {
        return (int) drifted.stream().filter(one -> one.severity() == severity).count();
    }

    /** Of what drifted only some. */
    public DriftReport only(Predicate<Drifted> wanted) {
        List<Drifted> some = drifted.stream().filter(wanted).toList();
        return new DriftReport(
                cluster,
                sync,
                repository,
                applied,
                head,
                readAt,
                some,
                leftOut + drifted.size() - some.size(),
                compared,
                pending,
                shared,
                problems);
    }

    /** With more that was compared. */
    public DriftReport and(
            List<Drifted> more, int comparedToo, Set<ObjectKey> pendingToo, List<Plan.ObjectProblem> problemsToo) {
        List<Drifted> all = new ArrayList<>(drifted);
        all.addAll(more);
        Set<ObjectKey> waiting = new HashSet<>(pending);
        waiting.addAll(pendingToo);
        List<Plan.ObjectProblem> unknown = new ArrayList<>(problems);
        unknown.addAll(problemsToo);
        return new DriftReport(
                cluster,
                sync,
                repository,
                applied,
                head,
                readAt,
                all,
                leftOut,
                compared + comparedToo,
                new TreeSet<>(waiting),
                shared,
                unknown);
    }
}
