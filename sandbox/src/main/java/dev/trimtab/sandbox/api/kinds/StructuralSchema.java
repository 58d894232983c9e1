package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.api.Cause;
import java.util.List;

/** What a definition's schema itself must be: every field says its type. See "Extend the Kubernetes API", structural schemas. */
final class StructuralSchema {

    private static final List<String> TYPES = List.of("array", "boolean", "integer", "number", "object", "string");

    private final List<Cause> causes;

    StructuralSchema(List<Cause> causes) {
        this.causes = causes;
    }

    void validate(String path, JsonNode schema) {
        String type = schema.path("type").asText("");
        boolean untyped = schema.path("x-kubernetes-int-or-string").asBoolean()
                || schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
        if (type.isEmpty() && !untyped) {
            causes.add(Cause.required(path + ".type", "must not be empty for specified object fields"));
        } else if (!type.isEmpty() && !TYPES.contains(type)) {
            causes.add(Cause.notSupported(path + ".type", type, TYPES));
        }
        schema.path("properties")
                .properties()
                .forEach(property -> validate(path + ".properties[" + property.getKey() + "]", property.getValue()));
        if (schema.path("items").isObject()) {
            validate(path + ".items", schema.path("items"));
        }
        if (schema.path("additionalProperties").isObject()) {
            validate(path + ".additionalProperties", schema.path("additionalProperties"));
        }
    }
}
