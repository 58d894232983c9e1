package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import java.util.List;

/** What may change in the spec of a pod that exists: images, a shorter deadline, more tolerations. */
final class PodUpdate {

    private static final String REST_IS_FIXED = """
            pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,\
            `spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),\
            `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)
            """;

    private PodUpdate() {}

    static void validate(ObjectNode next, ObjectNode live, List<Cause> causes) {
        boolean sameContainers = true;
        for (String list : List.of("containers", "initContainers")) {
            if (next.path(list).size() != live.path(list).size()) {
                causes.add(Cause.forbidden("spec." + list, "pod updates may not add or remove containers"));
                sameContainers = false;
            }
        }
        if (!sameContainers) {
            return;
        }
        deadline(next.path("activeDeadlineSeconds"), live.path("activeDeadlineSeconds"), causes);
        ObjectNode rest = next.deepCopy();
        for (String list : List.of("containers", "initContainers")) {
            List<ObjectNode> changed = Json.objects(rest.path(list));
            List<ObjectNode> stored = Json.objects(live.path(list));
            for (int i = 0; i < changed.size(); i++) {
                Json.carry(stored.get(i), changed.get(i), "image");
            }
        }
        Json.carry(live, rest, "activeDeadlineSeconds");
        if (onlyAdds(next.path("tolerations"), live.path("tolerations"))) {
            Json.carry(live, rest, "tolerations");
        }
        if (live.path("terminationGracePeriodSeconds").asLong() < 0
                && next.path("terminationGracePeriodSeconds").asLong() == 1) {
            Json.carry(live, rest, "terminationGracePeriodSeconds");
        }
        if (onlyAdds(live.path("schedulingGates"), next.path("schedulingGates"))) {
            Json.carry(live, rest, "schedulingGates");
        }
        // a pod gets its node through its binding, or where it was made without a scheduler
        if (!live.hasNonNull("nodeName") && !next.hasNonNull("nodeName")) {
            rest.remove("nodeName");
        }
        if (!Json.same(rest, live)) {
            causes.add(Cause.forbidden("spec", REST_IS_FIXED + differing(rest, live)));
        }
    }

    private static void deadline(JsonNode next, JsonNode live, List<Cause> causes) {
        if (live.isNumber() && !next.isNumber()) {
            causes.add(Cause.invalidValue(
                    "spec.activeDeadlineSeconds", "null", "must not update from a positive integer to nil value"));
        } else if (live.isNumber() && next.asLong() > live.asLong()) {
            causes.add(Cause.invalidValue(
                    "spec.activeDeadlineSeconds", next.asText(), "must be less than or equal to previous value"));
        }
    }

    /** Whether every element of {@code before} is in {@code after}, too. */
    private static boolean onlyAdds(JsonNode after, JsonNode before) {
        for (JsonNode element : before) {
            boolean kept = false;
            for (JsonNode other : after) {
                kept |= Json.same(element, other);
            }
            if (!kept) {
                return false;
            }
        }
        return true;
    }

    /** The names of what changed; the real server prints a Go diff here. */
    private static String differing(ObjectNode next, ObjectNode live) {
        ArrayNode names = Json.MAPPER.createArrayNode();
        next.properties().forEach(field -> {
            if (!Json.same(field.getValue(), live.path(field.getKey()))) {
                names.add(field.getKey());
            }
        });
        live.properties().forEach(field -> {
            if (!next.has(field.getKey())) {
                names.add(field.getKey());
            }
        });
        return "changed: " + names + "\n";
    }
}
