package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/** Counts changes of the desired state in {@code metadata.generation}, for the kinds that have it. */
final class Generations {

    private static final Set<String> UNCOUNTED = Set.of("status", "binding");

    private Generations() {}

    static void first(Endpoint endpoint, ObjectNode object) {
        if (endpoint.resource().is(Resource.Trait.GENERATION)) {
            Json.metadata(object).put("generation", 1);
        } else {
            Json.metadata(object).remove("generation");
        }
    }

    /** Carries the generation over from {@code live}, one more where the desired state differs. Reports of status and the choice of a node do not count. */
    static void next(Endpoint endpoint, String subresource, ObjectNode next, ObjectNode live) {
        if (!endpoint.resource().is(Resource.Trait.GENERATION)) {
            Json.metadata(next).remove("generation");
            return;
        }
        long generation = live.path("metadata").path("generation").asLong(1);
        boolean counts = !UNCOUNTED.contains(subresource) && differs(endpoint, next, live);
        Json.metadata(next).put("generation", counts ? generation + 1 : generation);
    }

    /** The start of a deletion counts, too. */
    static void bump(ObjectNode object) {
        ObjectNode metadata = Json.metadata(object);
        if (metadata.has("generation")) {
            metadata.put("generation", metadata.path("generation").asLong() + 1);
        }
    }

    private static boolean differs(Endpoint endpoint, ObjectNode next, ObjectNode live) {
        if (endpoint.resource().is(Resource.Trait.ANNOTATIONS_COUNT)
                && !Json.same(annotations(next), annotations(live))) {
            return true;
        }
        boolean statusApart = endpoint.has("status");
        return counted(next, live, statusApart) || counted(live, next, statusApart);
    }

    private static JsonNode annotations(ObjectNode object) {
        JsonNode annotations = object.path("metadata").path("annotations");
        return annotations.isEmpty() ? Json.object() : annotations;
    }

    /** Whether a field of {@code left} that counts is not the same in {@code right}. */
    private static boolean counted(ObjectNode left, ObjectNode right, boolean statusApart) {
        for (Map.Entry<String, JsonNode> field : left.properties()) {
            boolean counts = switch (field.getKey()) {
                case "apiVersion", "kind", "metadata" -> false;
                case "status" -> !statusApart;
                default -> true;
            };
            if (counts && !Json.same(field.getValue(), right.path(field.getKey()))) {
                return true;
            }
        }
        return false;
    }
}
