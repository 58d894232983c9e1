package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The order in which pods are brought to a new revision: those that have nothing to lose, then as {@code priorityStrategy} says, then
 * spread as {@code scatterStrategy} says. Each of the three keeps what the one before it decided where it has no opinion.
 */
final class UpdateOrder {

    private static final Pattern NUMBER_AT_END = Pattern.compile("(\\d{1,18})$");

    private final CloneSetState state;
    private final JsonNode terms;

    UpdateOrder(CloneSetState state) {
        this.state = state;
        this.terms = state.cloneSet().updateTerms();
    }

    List<PodView> of(List<PodView> pods) {
        List<PodView> ordered =
                new ArrayList<>(PodOrder.toUpdate(pods, state.cloneSet().minReady(), state.now()));
        if (!terms.path("priorityStrategy").isEmpty()) {
            ordered.sort(priority());
        }
        for (JsonNode term : mostMatchedFirst(ordered)) {
            ordered = scatter(ordered, term);
        }
        // A pod that was told to make ready for its update must not lose its place to another one.
        List<PodView> begun = ordered.stream().filter(UpdateOrder::begun).toList();
        List<PodView> others = ordered.stream().filter(pod -> !begun(pod)).toList();
        return Stream.concat(begun.stream(), others.stream()).toList();
    }

    private static boolean begun(PodView pod) {
        return pod.gateClosed() || pod.lifecycle().equals(CloneSetKeys.PREPARING_UPDATE);
    }

    private Comparator<PodView> priority() {
        JsonNode priority = terms.path("priorityStrategy");
        if (!priority.path("weightPriority").isEmpty()) {
            return Comparator.comparing((PodView pod) -> -weight(priority.path("weightPriority"), pod));
        }
        JsonNode keys = priority.path("orderPriority");
        return Comparator.comparing((PodView pod) -> firstKey(keys, pod)).thenComparing(pod -> -number(keys, pod));
    }

    private static long weight(JsonNode weights, PodView pod) {
        return Containers.stream(weights)
                .filter(term -> LabelSelector.matches(term.path("matchSelector"), pod.labels()))
                .mapToLong(term -> term.path("weight").asLong())
                .sum();
    }

    /** -1 for a pod that has none of the keys: it goes before all that have one. */
    private static int firstKey(JsonNode keys, PodView pod) {
        for (int i = 0; i < keys.size(); i++) {
            if (pod.labels().has(keys.get(i).path("orderedKey").asText())) {
                return i;
            }
        }
        return -1;
    }

    private static long number(JsonNode keys, PodView pod) {
        int key = firstKey(keys, pod);
        if (key < 0) {
            return 0;
        }
        Matcher number =
                NUMBER_AT_END.matcher(pod.label(keys.get(key).path("orderedKey").asText()));
        return number.find() ? Long.parseLong(number.group(1)) : 0;
    }

    private List<JsonNode> mostMatchedFirst(List<PodView> pods) {
        return Containers.stream(terms.path("scatterStrategy"))
                .sorted(Comparator.comparing((JsonNode term) ->
                        -pods.stream().filter(pod -> matches(pod, term)).count()))
                .toList();
    }

    private static boolean matches(PodView pod, JsonNode term) {
        return pod.label(term.path("key").asText()).equals(term.path("value").asText());
    }

    /** One of the matching pods is kept for the end, the others go among the rest at even distances. */
    private static List<PodView> scatter(List<PodView> pods, JsonNode term) {
        List<PodView> matching = pods.stream().filter(pod -> matches(pod, term)).toList();
        List<PodView> rest = pods.stream().filter(pod -> !matches(pod, term)).toList();
        if (matching.size() <= 1 || rest.size() <= 1) {
            return pods;
        }
        int spread = matching.size() - 1;
        List<PodView> scattered = new ArrayList<>(pods.size());
        int placed = 0;
        for (int i = 0; i < rest.size(); i++) {
            while (placed < spread && Math.round((double) placed * rest.size() / spread) <= i) {
                scattered.add(matching.get(placed++));
            }
            scattered.add(rest.get(i));
        }
        scattered.addAll(matching.subList(placed, matching.size()));
        return scattered;
    }
}
