package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.kinds.Selectors;
import java.util.List;

/**
 * The arithmetic of a PodDisruptionBudget, worked out from the pods at the moment of an eviction: no controller keeps its status.
 */
record DisruptionBudget(JsonNode selector, JsonNode minAvailable, JsonNode maxUnavailable) {

    static DisruptionBudget of(ObjectNode budget) {
        JsonNode spec = budget.path("spec");
        return new DisruptionBudget(spec.path("selector"), spec.path("minAvailable"), spec.path("maxUnavailable"));
    }

    /**
     * The pods it covers.
     *
     * @param healthy how many are ready and stay
     * @param wanted how many have to be
     */
    record Count(int healthy, int wanted) {}

    Count count(List<ObjectNode> pods) {
        int total = 0;
        int healthy = 0;
        for (ObjectNode other : pods) {
            if (covers(other)) {
                total++;
                boolean leaving = other.path("metadata").has("deletionTimestamp");
                healthy += PodVerbs.ready(other) && !leaving ? 1 : 0;
            }
        }
        int wanted =
                maxUnavailable.isMissingNode() ? amount(minAvailable, total) : total - amount(maxUnavailable, total);
        return new Count(healthy, wanted);
    }

    boolean covers(ObjectNode pod) {
        return Selectors.matches(selector, pod.path("metadata").path("labels"));
    }

    /** A number, or a share of the pods, rounded up. */
    private static int amount(JsonNode value, int total) {
        String text = value.asText("0");
        return text.endsWith("%")
                ? (int) Math.ceil(total * Integer.parseInt(text.substring(0, text.length() - 1)) / 100.0)
                : Integer.parseInt(text);
    }
}
