package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** Tells a write that changes nothing, which must not get a new resource version. */
final class Unchanged {

    private static final Set<String> NOT_COMPARED = Set.of("resourceVersion", "managedFields");

    private Unchanged() {}

    /** Equal but for the times in the managedFields, which alone do not make a new version. */
    static boolean is(ObjectNode next, ObjectNode live) {
        if (next.size() != live.size()) {
            return false;
        }
        boolean rest = live.properties().stream()
                .filter(field -> !field.getKey().equals("metadata"))
                .allMatch(field -> Json.same(field.getValue(), next.path(field.getKey())));
        return rest && sameMetadata(next.path("metadata"), live.path("metadata"));
    }

    private static boolean sameMetadata(JsonNode next, JsonNode live) {
        return fieldsIn(next, live) && fieldsIn(live, next) && sameOwners(next, live);
    }

    private static boolean fieldsIn(JsonNode left, JsonNode right) {
        return left.properties().stream()
                .filter(field -> !NOT_COMPARED.contains(field.getKey()))
                .allMatch(field -> Json.same(field.getValue(), right.path(field.getKey())));
    }

    private static boolean sameOwners(JsonNode next, JsonNode live) {
        JsonNode left = next.path("managedFields");
        JsonNode right = live.path("managedFields");
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            JsonNode one = left.get(i);
            JsonNode other = right.get(i);
            for (String field : Set.of("manager", "operation", "apiVersion", "subresource", "fieldsV1")) {
                if (!one.path(field).equals(other.path(field))) {
                    return false;
                }
            }
        }
        return true;
    }
}
