package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.merge.FieldError;
import dev.trimtab.sandbox.merge.Typed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Decodes JSON as the server does: checks it against the kind's type and makes a copy of the shape that is stored. */
final class Shaping {

    /** What the JSON is, because the server words its refusal differently. */
    enum Origin {
        BODY,
        PATCHED
    }

    private Shaping() {}

    /**
     * A fresh copy as it is stored: without unknown fields, canonical for built-in kinds.
     *
     * @throws StatusException 400 for a body, 422 for the result of a patch
     */
    static ObjectNode shape(Endpoint endpoint, ObjectNode object, Origin origin, WriteOptions options) {
        List<String> wrong = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        boolean custom = endpoint.resource().is(Resource.Trait.CUSTOM);
        for (FieldError error : Typed.validate(endpoint.type(), object)) {
            // Of a custom resource only the metadata is decoded; its definition's schema is held against the rest
            // later.
            if (custom
                    && error.code() == FieldError.Code.WRONG_TYPE
                    && !error.path().startsWith("metadata")) {
                continue;
            }
            (error.code() == FieldError.Code.WRONG_TYPE ? wrong : unknown).add(error.message());
        }
        if (!wrong.isEmpty()) {
            throw refusal(endpoint, origin, object, String.join(", ", wrong));
        }
        if (!unknown.isEmpty()) {
            switch (options.validation()) {
                case STRICT ->
                    throw refusal(
                            endpoint,
                            origin,
                            object,
                            unknown.stream().collect(Collectors.joining(", ", "strict decoding error: ", "")));
                case WARN -> unknown.forEach(options.warnings());
                case IGNORE -> {}
            }
        }
        return endpoint.resource().is(Resource.Trait.CUSTOM)
                ? Typed.prune(endpoint.type(), object)
                : Typed.canonical(endpoint.type(), object);
    }

    private static StatusException refusal(Endpoint endpoint, Origin origin, ObjectNode object, String why) {
        Resource resource = endpoint.resource();
        if (origin == Origin.PATCHED) {
            return Failures.invalidPatch(Cause.invalid("patch", quotable(object), why));
        }
        return Failures.badRequest(resource.kind() + " in version \""
                + endpoint.version().name() + "\" cannot be handled as a " + resource.kind() + ": " + why);
    }

    /** As the real server prints it: the whole object, sorted, to be put between quotes. */
    private static String quotable(ObjectNode object) {
        return sorted(object).toString().replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = Json.object();
            object.properties().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(field -> copy.set(field.getKey(), sorted(field.getValue())));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
            array.forEach(element -> copy.add(sorted(element)));
            return copy;
        }
        return node;
    }
}
