package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** What every object's {@code metadata} says, and owner references as the API conventions define them. */
final class ObjectMeta {

    private ObjectMeta() {}

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    static String uid(JsonNode object) {
        return object.path("metadata").path("uid").asText();
    }

    /** Comparable, because it is this sandbox's own. */
    static long resourceVersion(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asLong();
    }

    static long generation(JsonNode object) {
        return object.path("metadata").path("generation").asLong();
    }

    static boolean deleting(JsonNode object) {
        return object.path("metadata").hasNonNull("deletionTimestamp");
    }

    static Map<String, String> labels(JsonNode object) {
        return strings(object.path("metadata").path("labels"));
    }

    static String annotation(JsonNode object, String name) {
        return object.path("metadata").path("annotations").path(name).asText();
    }

    static Map<String, String> strings(JsonNode map) {
        Map<String, String> strings = new LinkedHashMap<>();
        map.properties()
                .forEach(entry -> strings.put(entry.getKey(), entry.getValue().asText()));
        return strings;
    }

    /** The API's times have whole seconds. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static Instant time(JsonNode text, Instant otherwise) {
        return text.isTextual() ? Instant.parse(text.asText()) : otherwise;
    }

    static Instant created(JsonNode object) {
        return time(object.path("metadata").path("creationTimestamp"), Instant.EPOCH);
    }

    static boolean hasFinalizer(JsonNode object, String finalizer) {
        return StreamSupport.stream(object.path("metadata").path("finalizers").spliterator(), false)
                .anyMatch(present -> present.asText().equals(finalizer));
    }

    /** A copy of the object that lacks the finalizer. */
    static ObjectNode withoutFinalizer(ObjectNode object, String finalizer) {
        ObjectNode copy = object.deepCopy();
        ArrayNode finalizers = copy.withObject("metadata").putArray("finalizers");
        for (JsonNode present : object.path("metadata").path("finalizers")) {
            if (!present.asText().equals(finalizer)) {
                finalizers.add(present);
            }
        }
        return copy;
    }

    static JsonNode owners(JsonNode object) {
        return object.path("metadata").path("ownerReferences");
    }

    static String ownerUid(JsonNode ownerReference) {
        return ownerReference.path("uid").asText();
    }

    /** The uid of the one owner that controls this object. */
    static Optional<String> controllerUid(JsonNode object) {
        for (JsonNode owner : owners(object)) {
            if (owner.path("controller").asBoolean()) {
                return Optional.of(ownerUid(owner));
            }
        }
        return Optional.empty();
    }

    static boolean controlledBy(JsonNode object, JsonNode owner) {
        return controllerUid(object).filter(uid(owner)::equals).isPresent();
    }

    /** A reference that makes {@code owner} the controller of whatever carries it. */
    static ObjectNode controllerReference(JsonNode owner, String apiVersion, String kind) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", apiVersion)
                .put("kind", kind)
                .put("name", name(owner))
                .put("uid", uid(owner))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }
}
