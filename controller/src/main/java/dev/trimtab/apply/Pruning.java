package dev.trimtab.apply;

import dev.trimtab.kube.Fanout;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Deletes what left Git, in the reverse of the order in which kinds are applied. What goes later waits until what goes first is
 * gone: the controller that has to clean up after an object must not leave before it.
 */
final class Pruning {

    private final ObjectWriter writer;
    private final Fanout fanout;
    private final Retries retries;

    Pruning(ObjectWriter writer, Fanout fanout, Retries retries) {
        this.writer = writer;
        this.fanout = fanout;
        this.retries = retries;
    }

    /**
     * @param holds what waits for a person
     * @param results of the creates and patches; those of the deletes are added
     */
    void run(Plan plan, List<Change> deletes, Map<ObjectKey, Result.Held> holds, Map<ObjectKey, Result> results) {
        Optional<Result.Held> waiting = PlanGuards.waiting(plan, results.values());
        List<ObjectKey> inTheWay = new ArrayList<>(plan.problems().stream()
                .filter(problem -> problem.code() == PlanCode.LEAVING)
                .map(Plan.ObjectProblem::object)
                .toList());
        List<List<Change>> levels = ApplyOrder.deletes(deletes);
        for (int at = 0; at < levels.size(); at++) {
            List<Change> level = levels.get(at);
            List<ObjectKey> before = List.copyOf(inTheWay);
            List<Result> written = fanout.map(
                    level,
                    change -> Optional.<Result>ofNullable(holds.get(change.object()))
                            .or(() -> waiting)
                            .or(() -> first(change.object(), before).map(Result.Blocked::new))
                            .orElseGet(() -> writer.delete(change)));
            boolean more = at + 1 < levels.size();
            for (int i = 0; i < level.size(); i++) {
                Change change = level.get(i);
                Result result = more ? retries.untilGone(written.get(i), () -> writer.leaving(change)) : written.get(i);
                results.put(change.object(), result);
                if (!(result instanceof Result.Deleted)) {
                    inTheWay.add(change.object());
                }
            }
        }
    }

    /** What has to go before {@code key}: nobody remembers what an object depended on, so its neighbours do. */
    private static Optional<ObjectKey> first(ObjectKey key, List<ObjectKey> inTheWay) {
        return inTheWay.stream()
                .filter(other -> ApplyOrder.stageOf(other).compareTo(ApplyOrder.stageOf(key)) > 0)
                .filter(other -> key.namespace().isEmpty() || key.namespace().equals(other.namespace()))
                .sorted()
                .findFirst();
    }
}
