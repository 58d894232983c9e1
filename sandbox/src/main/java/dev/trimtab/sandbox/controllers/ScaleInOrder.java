package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which pods a ReplicaSet gives up first: unassigned, pending, not ready, cheap ({@code pod-deletion-cost}), crowded on their
 * node, ready for a short time, often restarted, young. Ages are compared by their order of magnitude, as a ReplicaSet does so
 * that scale-in does not always hit the newest.
 */
final class ScaleInOrder {

    private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
    private static final List<String> PHASES = List.of("Pending", "Unknown", "Running");

    private ScaleInOrder() {}

    /** @param related all active pods of the same rollout, which make a node crowded */
    static Comparator<ObjectNode> of(List<ObjectNode> related, Instant now) {
        Map<String, Long> perNode = related.stream()
                .map(ScaleInOrder::node)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return Comparator.<ObjectNode, Boolean>comparing(pod -> !node(pod).isEmpty())
                .thenComparing(
                        pod -> PHASES.indexOf(pod.path("status").path("phase").asText()))
                .thenComparing(PodState::ready)
                .thenComparing(ScaleInOrder::deletionCost)
                .thenComparing(pod -> perNode.getOrDefault(node(pod), 0L), Comparator.reverseOrder())
                .thenComparing(pod -> PodState.ready(pod) ? magnitude(PodState.readySince(pod), now) : 0)
                .thenComparing(ScaleInOrder::restarts, Comparator.reverseOrder())
                .thenComparing(pod -> magnitude(ObjectMeta.created(pod), now))
                .thenComparing(ObjectMeta::uid);
    }

    private static String node(JsonNode pod) {
        return pod.path("spec").path("nodeName").asText();
    }

    private static int deletionCost(JsonNode pod) {
        try {
            return Integer.parseInt(ObjectMeta.annotation(pod, DELETION_COST));
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    private static int restarts(JsonNode pod) {
        int most = 0;
        for (JsonNode status : pod.path("status").path("containerStatuses")) {
            most = Math.max(most, status.path("restartCount").asInt());
        }
        return most;
    }

    private static int magnitude(Instant since, Instant now) {
        long nanos = Math.max(1, Duration.between(since, now).toNanos());
        return Long.SIZE - Long.numberOfLeadingZeros(nanos);
    }
}
