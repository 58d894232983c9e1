package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many pods of a set share a place, where the template's topologySpreadConstraints say what a place is; without any it is the
 * node. Every pod of a place that would go before it makes it less crowded for the next.
 */
final class Crowding {

    private static final String HOSTNAME = "kubernetes.io/hostname";

    private final Map<String, List<Integer>> ranks = new HashMap<>();

    /** @param firstToGo which pod of a place goes first */
    Crowding(CloneSetState state, Comparator<PodView> firstToGo) {
        List<String> keys = keys(state.cloneSet());
        List<PodView> pods = state.pods().stream().sorted(firstToGo.reversed()).toList();
        for (String key : keys) {
            Map<String, Integer> places = new HashMap<>();
            for (PodView pod : pods) {
                int rank = places.merge(place(state, pod, key), 1, Integer::sum);
                ranks.computeIfAbsent(pod.uid(), any -> new ArrayList<>()).add(rank);
            }
        }
    }

    /** The pod of the most crowded place first; the first constraint counts before the second. */
    Comparator<PodView> mostCrowdedFirst() {
        return (one, other) -> {
            List<Integer> left = ranks.getOrDefault(one.uid(), List.of());
            List<Integer> right = ranks.getOrDefault(other.uid(), List.of());
            for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
                int compared = Integer.compare(right.get(i), left.get(i));
                if (compared != 0) {
                    return compared;
                }
            }
            return 0;
        };
    }

    /** True where labels of nodes are needed. */
    static boolean asksForNodes(CloneSet cloneSet) {
        return keys(cloneSet).stream().anyMatch(key -> !key.equals(HOSTNAME));
    }

    private static List<String> keys(CloneSet cloneSet) {
        List<String> keys = Containers.stream(cloneSet.template().path("spec").path("topologySpreadConstraints"))
                .map(constraint -> constraint.path("topologyKey").asText(""))
                .filter(key -> !key.isEmpty())
                .distinct()
                .toList();
        return keys.isEmpty() ? List.of(HOSTNAME) : keys;
    }

    private static String place(CloneSetState state, PodView pod, String key) {
        JsonNode labels = state.nodeLabels().getOrDefault(pod.node(), MissingNode.getInstance());
        return labels.path(key).asText(key.equals(HOSTNAME) ? pod.node() : "");
    }
}
