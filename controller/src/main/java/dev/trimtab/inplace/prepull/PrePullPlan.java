package dev.trimtab.inplace.prepull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.inplace.prepull.PrePullState.Failed;
import dev.trimtab.inplace.prepull.PrePullState.Pulling;
import dev.trimtab.inplace.prepull.PullPod.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What to do for an order, from the pull pods that are there: a pure function. When the last node is done, one of them is marked and the
 * others go. The marked one remembers that it was done for as long as the rollout lasts, so that neither the pods nor the pulls are made
 * again while the workload's own pods are brought to the template.
 *
 * @param create nodes that get a pull pod now
 * @param delete pull pods that are needed no more
 * @param mark the one to tell that all is done
 * @param underWay how many pull pods have not come to an end
 */
record PrePullPlan(
        PrePullState state, List<String> create, List<PullPod> delete, Optional<PullPod> mark, int underWay) {

    /** Registries and their quotas are shared by all nodes. */
    static final int WIDTH = 10;

    PrePullPlan {
        create = List.copyOf(create);
        delete = List.copyOf(delete);
    }

    /** @param pods all pull pods of the workload */
    static PrePullPlan of(PrePullOrder order, List<PullPod> pods, Instant now) {
        List<PullPod> delete = new ArrayList<>();
        Map<String, PullPod> byNode = new TreeMap<>();
        Optional<PullPod> done = Optional.empty();
        for (PullPod pod : pods) {
            boolean wanted = pod.revision().equals(order.revision());
            if (wanted && pod.tellsDone() && !pod.deleting() && done.isEmpty()) {
                done = Optional.of(pod);
            } else if (wanted && order.nodes().contains(pod.node())) {
                byNode.put(pod.node(), pod);
            } else if (!pod.deleting()) {
                delete.add(pod);
            }
        }
        if (done.isPresent() || order.nodes().isEmpty() || order.images().isEmpty()) {
            byNode.values().stream().filter(pod -> !pod.deleting()).forEach(delete::add);
            return new PrePullPlan(new PrePullState.Ready(), List.of(), delete, Optional.empty(), 0);
        }
        return pulling(order, byNode, delete, now);
    }

    private static PrePullPlan pulling(
            PrePullOrder order, Map<String, PullPod> byNode, List<PullPod> delete, Instant now) {
        List<PullPod> over = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        Optional<PullPod> failed = Optional.empty();
        Optional<Duration> again = Optional.empty();
        int underWay = 0;
        for (String node : order.nodes()) {
            PullPod pod = byNode.get(node);
            if (pod == null) {
                missing.add(node);
                continue;
            }
            Stage stage = pod.stage(now);
            if (!pod.deleting() && (stage == Stage.PULLED || stage == Stage.PASSED_OVER)) {
                over.add(pod);
                continue;
            }
            // A failed one counts too: what the first few nodes cannot get the others are not sent for.
            underWay++;
            if (stage == Stage.SPENT && !pod.deleting()) {
                delete.add(pod);
            } else if (stage == Stage.FAILED && failed.isEmpty()) {
                failed = Optional.of(pod);
            }
            again = earlier(again, pod.again(now));
        }
        Optional<PullPod> mark = over.size() < order.nodes().size()
                ? Optional.empty()
                : over.stream()
                        .filter(pod -> pod.stage(now) == Stage.PULLED)
                        .findFirst()
                        .or(() -> over.stream().findFirst());
        Optional<Duration> next = again;
        PrePullState state = failed.<PrePullState>map(pod -> failure(pod, next))
                .orElseGet(() -> new Pulling(over.size(), order.nodes().size(), next));
        return new PrePullPlan(
                state,
                missing.subList(0, Math.max(0, Math.min(missing.size(), WIDTH - underWay))),
                delete,
                mark,
                underWay);
    }

    private static Failed failure(PullPod pod, Optional<Duration> again) {
        JsonNode status = pod.failure().orElseThrow();
        return new Failed(pod.node(), pod.image(status), PullPod.told(status), again);
    }

    private static Optional<Duration> earlier(Optional<Duration> one, Optional<Duration> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get().compareTo(other.get()) < 0 ? one : other;
    }
}
