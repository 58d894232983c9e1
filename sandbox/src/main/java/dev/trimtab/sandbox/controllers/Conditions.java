package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** {@code status.conditions}: at most one of a type, and a transition time that moves only when the status does. */
final class Conditions {

    private Conditions() {}

    static JsonNode find(JsonNode object, String type) {
        for (JsonNode condition : object.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }

    static boolean isTrue(JsonNode object, String type) {
        return find(object, type).path("status").asText().equals("True");
    }

    static ObjectNode condition(String type, boolean status, String reason, String message) {
        return condition(type, status ? "True" : "False", reason, message);
    }

    /** A condition without its times; an empty reason or message is left out. */
    static ObjectNode condition(String type, String status, String reason, String message) {
        ObjectNode condition =
                JsonNodeFactory.instance.objectNode().put("type", type).put("status", status);
        if (!reason.isEmpty()) {
            condition.put("reason", reason);
        }
        if (!message.isEmpty()) {
            condition.put("message", message);
        }
        return condition;
    }

    /** Puts a condition into {@code status} in place of the one of its type; conditions of other types stay. */
    static void set(ObjectNode status, ObjectNode condition, Instant now) {
        ArrayNode conditions = status.withArray("conditions");
        String type = condition.path("type").asText();
        for (int i = 0; i < conditions.size(); i++) {
            JsonNode present = conditions.get(i);
            if (present.path("type").asText().equals(type)) {
                boolean moved = !present.path("status").equals(condition.path("status"));
                condition.set(
                        "lastTransitionTime",
                        moved || !present.hasNonNull("lastTransitionTime")
                                ? JsonNodeFactory.instance.textNode(ObjectMeta.time(now))
                                : present.get("lastTransitionTime"));
                conditions.set(i, condition);
                return;
            }
        }
        conditions.add(condition.put("lastTransitionTime", ObjectMeta.time(now)));
    }
}
