package dev.trimtab.sandbox.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;

/** What topics about controllers ask of an object. */
final class Objects {

    private Objects() {}

    static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    static String uid(JsonNode object) {
        return object.at("/metadata/uid").asText();
    }

    static String label(JsonNode object, String name) {
        return object.path("metadata").path("labels").path(name).asText();
    }

    static String annotation(JsonNode object, String name) {
        return object.path("metadata").path("annotations").path(name).asText();
    }

    static boolean deleting(JsonNode object) {
        return object.path("metadata").hasNonNull("deletionTimestamp");
    }

    /** The status tells of the spec as it is now; it says nothing about what came of it. */
    static boolean observed(JsonNode object) {
        return object.at("/status/observedGeneration").asLong()
                == object.at("/metadata/generation").asLong();
    }

    static JsonNode condition(JsonNode object, String type) {
        for (JsonNode condition : object.at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    static boolean conditionIs(JsonNode object, String type, String status) {
        return condition(object, type).path("status").asText().equals(status);
    }

    static String reason(JsonNode object, String conditionType) {
        return condition(object, conditionType).path("reason").asText();
    }

    static boolean finished(JsonNode pod) {
        String phase = pod.at("/status/phase").asText();
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    static boolean ready(JsonNode pod) {
        return conditionIs(pod, "Ready", "True");
    }

    /** Of a pod's first container, which topics call {@code app}. */
    static String image(JsonNode pod) {
        return pod.at("/spec/containers/0/image").asText();
    }

    /** The status of a container or init container; missing if there is none yet. */
    static JsonNode container(JsonNode pod, String name) {
        for (String list : List.of("initContainerStatuses", "containerStatuses")) {
            for (JsonNode status : pod.path("status").path(list)) {
                if (status.path("name").asText().equals(name)) {
                    return status;
                }
            }
        }
        return MissingNode.getInstance();
    }

    static JsonNode app(JsonNode pod) {
        return container(pod, "app");
    }

    static int restarts(JsonNode pod) {
        return app(pod).path("restartCount").asInt();
    }

    static String waiting(JsonNode pod) {
        return app(pod).at("/state/waiting/reason").asText();
    }

    /** The uid of the owner that controls the object; empty if none does. */
    static String controller(JsonNode object) {
        for (JsonNode owner : object.at("/metadata/ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                return owner.path("uid").asText();
            }
        }
        return "";
    }
}
