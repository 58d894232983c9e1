package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.codes.Count;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ApiException.Cause;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ErrorClass;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Empties nodes by the Eviction API, so that PodDisruptionBudgets are respected. Pods of DaemonSets and static pods are left. A pod that
 * nothing would make anew is left too: only a person knows whether it may be lost.
 */
final class Drainer {

    /** As often as a budget is asked again. */
    static final Duration BETWEEN = Duration.ofSeconds(5);

    private static final int NAMED = 5;

    private final ClusterClient cluster;
    private final FactsReader facts;
    private final Clock clock;
    private final Pause pause;

    /** Waits; interrupted means: give up. */
    @FunctionalInterface
    interface Pause {
        void sleep(Duration duration) throws InterruptedException;
    }

    Drainer(ClusterClient cluster, Clock clock, Pause pause) {
        this.cluster = cluster;
        this.facts = new FactsReader(cluster);
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * What is on a node after its pods were asked to go.
     *
     * @param refused why a pod was not evicted now, by pod
     */
    record Round(NodeLoad load, SortedMap<String, String> refused) {

        boolean isDrained() {
            return load.isDrained();
        }

        /** What holds the drain up, for people. */
        String words() {
            List<String> parts = new ArrayList<>();
            if (!refused.isEmpty()) {
                parts.add(refused.entrySet().stream()
                        .limit(NAMED)
                        .map(entry -> "pod " + entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining("; ")));
                if (refused.size() > NAMED) {
                    parts.add("and " + Count.of(refused.size() - NAMED, "more pod"));
                }
            }
            if (!load.leaving().isEmpty()
                    || !load.orphans().isEmpty()
                    || !load.volumes().isEmpty()) {
                parts.add(new NodeLoad(
                                List.of(), load.leaving(), load.orphans(), List.of(), load.volumes(), new TreeMap<>())
                        .words());
            }
            return String.join("; ", parts);
        }
    }

    /** Asks every pod that has to go to do so, once. */
    Round round(String node) {
        NodeLoad load = facts.load(node);
        SortedMap<String, String> refused = new TreeMap<>();
        for (ObjectNode pod : load.evicted()) {
            evict(pod).ifPresent(why -> refused.put(NodeLoad.name(pod), why));
        }
        return new Round(load, refused);
    }

    /** Empties a node, or stops at {@code end} with what is left; nothing is forced. */
    NodeResult drain(NodeChange change, Instant end) {
        while (true) {
            Round round;
            try {
                round = round(change.node());
            } catch (ApiException e) {
                return NodeResult.failed(change, String.valueOf(e.getMessage()), true);
            }
            if (round.isDrained()) {
                return NodeResult.done(change);
            }
            if (!clock.instant().isBefore(end) || !rest()) {
                return NodeResult.failed(
                        change,
                        "the drain did not end in time; the node stays cordoned, and nothing was deleted. "
                                + round.words(),
                        true);
            }
        }
    }

    private boolean rest() {
        try {
            pause.sleep(BETWEEN);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Optional<String> evict(ObjectNode pod) {
        JsonNode metadata = pod.path("metadata");
        try {
            cluster.evict(
                    metadata.path("namespace").asText(""),
                    metadata.path("name").asText(""),
                    metadata.path("uid").asText(""));
            return Optional.empty();
        } catch (ApiException e) {
            if (e.errorClass() == ErrorClass.UNREACHABLE) {
                throw e;
            }
            return Optional.of(e.causes().stream()
                    .map(Cause::message)
                    .filter(text -> !text.isEmpty())
                    .findFirst()
                    .orElse(String.valueOf(e.getMessage())));
        }
    }
}
