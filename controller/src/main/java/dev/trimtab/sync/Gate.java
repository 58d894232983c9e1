package dev.trimtab.sync;

import dev.trimtab.apply.ApplyCode;
import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.nodes.NodePlan;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Plan;
import dev.trimtab.source.Revision;
import dev.trimtab.sync.ClusterSync.Mode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a plan may be carried out now, and what of it waits for whom. */
final class Gate {

    private final Mode mode;
    private final Policy policy;
    private final History history;

    Gate(ClusterSync spec, History history) {
        this.mode = spec.mode();
        this.policy = spec.policy();
        this.history = history;
    }

    /**
     * Why nothing of the plan may be written; empty when it may.
     *
     * @param applied what was applied last
     */
    Optional<Hold> closed(Plan plan, Optional<Revision> applied, Orders orders, Instant now) {
        boolean approved = orders.approves(plan.id());
        return closed(objects(plan), approved, orders, now)
                .or(() -> approved || plan.changes().isEmpty()
                        ? Optional.empty()
                        : unapproved(plan.head(), objects(plan), applied, orders));
    }

    /** As {@link #closed(Plan, Optional, Orders, Instant)}, of what the revision {@code head} wants of nodes. */
    Optional<Hold> closed(NodePlan plan, Revision head, Optional<Revision> applied, Orders orders, Instant now) {
        boolean approved = orders.approves(plan.id());
        SortedSet<ObjectKey> nodes = plan.changes().stream()
                .map(change -> new ObjectKey("", "Node", Optional.empty(), change.node()))
                .collect(Collectors.toCollection(TreeSet::new));
        return closed(nodes, approved, orders, now)
                .or(() -> approved ? Optional.empty() : unapproved(head, nodes, applied, orders));
    }

    private Optional<Hold> closed(SortedSet<ObjectKey> objects, boolean approved, Orders orders, Instant now) {
        boolean despiteWindows = approved
                && orders.approval().filter(Orders.Approval::despiteWindows).isPresent();
        return suspended(objects, orders, now)
                .or(() -> despiteWindows
                        ? Optional.empty()
                        : policy.windows()
                                .at(now)
                                .map(closed -> hold(objects, HoldCode.WINDOW, closed.text(), closed.until())));
    }

    /** When {@link #closed} may say something else though nobody did anything. */
    Optional<Instant> nextLook(Orders orders, Instant now) {
        return Stream.of(
                        policy.suspension().flatMap(Suspension::until),
                        orders.suspension().flatMap(Suspension::until),
                        policy.windows().nextLook(now))
                .flatMap(Optional::stream)
                .filter(now::isBefore)
                .min(Instant::compareTo);
    }

    /** What guards held back although the rest was carried out. */
    static List<Hold> heldBack(Outcome outcome, Orders orders) {
        Map<Result.Held, SortedSet<ObjectKey>> byReason = new LinkedHashMap<>();
        outcome.results().forEach((key, result) -> {
            if (result instanceof Result.Held held && held.code() instanceof ApplyCode code && code.approvable()) {
                byReason.computeIfAbsent(held, h -> new TreeSet<>()).add(key);
            }
        });
        List<Hold> holds = new ArrayList<>();
        byReason.forEach((held, keys) ->
                holds.add(new Hold(held.code(), held.text() + otherPlan(orders), keys, true, Optional.empty())));
        return holds;
    }

    private Optional<Hold> suspended(SortedSet<ObjectKey> objects, Orders orders, Instant now) {
        return Stream.of(orders.suspension(), policy.suspension())
                .flatMap(Optional::stream)
                .filter(suspension -> suspension.holds(now))
                .findFirst()
                .map(suspension -> hold(objects, HoldCode.SUSPENDED, suspension.text(), suspension.until()));
    }

    private Optional<Hold> unapproved(
            Revision head, SortedSet<ObjectKey> objects, Optional<Revision> applied, Orders orders) {
        if (applied.isPresent() && rewritten(head, applied.get())) {
            return Optional.of(new Hold(
                    HoldCode.HISTORY_REWRITTEN,
                    "commit " + applied.get().shortCommit() + ", which was applied, is not in the history of "
                            + head.shortCommit() + otherPlan(orders),
                    objects,
                    true,
                    Optional.empty()));
        }
        return mode == Mode.PLAN ? Optional.of(unapproved(objects, orders)) : Optional.empty();
    }

    private static Hold unapproved(SortedSet<ObjectKey> objects, Orders orders) {
        return new Hold(
                HoldCode.NOT_APPROVED,
                "the plan waits for an approval" + otherPlan(orders),
                objects,
                true,
                Optional.empty());
    }

    private static String otherPlan(Orders orders) {
        return orders.approval()
                .map(approval -> "; the approval of " + approval.planId() + " is for another plan")
                .orElse("");
    }

    private boolean rewritten(Revision head, Revision applied) {
        return !head.commit().equals(applied.commit())
                && !applied.commit().equals(Revision.WORKTREE)
                && !history.contains(head, applied);
    }

    private static Hold hold(SortedSet<ObjectKey> objects, HoldCode code, String text, Optional<Instant> until) {
        return new Hold(code, text, objects, false, until);
    }

    private static SortedSet<ObjectKey> objects(Plan plan) {
        return plan.changes().stream().map(Change::object).collect(Collectors.toCollection(TreeSet::new));
    }
}
