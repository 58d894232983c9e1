package dev.trimtab.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns structural schemas into types, by the {@code x-kubernetes-*} extensions of the Kubernetes documentation on
 * custom resource definitions. What it finds no type for is untyped.
 */
final class CrdTypes {

    private static final Type STRING = new Type.Scalar(Type.Kind.STRING);

    private final Type.Struct objectMeta;

    CrdTypes(Type.Struct objectMeta) {
        this.objectMeta = objectMeta;
    }

    Type.Struct root(JsonNode schema) {
        return resource(
                schema, schema.path("x-kubernetes-preserve-unknown-fields").asBoolean());
    }

    /** An object that is a Kubernetes object itself. */
    private Type.Struct resource(JsonNode schema, boolean preserveUnknown) {
        Map<String, Field> fields = properties(schema);
        fields.put("apiVersion", Field.verbatim("apiVersion", STRING, Optional.empty(), true));
        fields.put("kind", Field.verbatim("kind", STRING, Optional.empty(), true));
        fields.put("metadata", Field.verbatim("metadata", objectMeta, Optional.empty(), false));
        return new Type.Struct("", Collections.unmodifiableMap(fields), preserveUnknown, isAtomic(schema));
    }

    private Map<String, Field> properties(JsonNode schema) {
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        Map<String, Field> fields = new LinkedHashMap<>();
        schema.path("properties").properties().forEach(property -> {
            Optional<JsonNode> defaultValue =
                    Optional.ofNullable(property.getValue().get("default"));
            String name = property.getKey();
            fields.put(name, Field.verbatim(name, type(property.getValue()), defaultValue, required.contains(name)));
        });
        return fields;
    }

    private Type type(JsonNode schema) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return new Type.Scalar(Type.Kind.INT_OR_STRING);
        }
        boolean preserveUnknown =
                schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
        if (schema.path("x-kubernetes-embedded-resource").asBoolean()) {
            return resource(schema, preserveUnknown);
        }
        return switch (schema.path("type").asText()) {
            case "object" -> object(schema, preserveUnknown);
            case "array" -> list(schema);
            case "string" -> STRING;
            case "integer" -> new Type.Scalar(Type.Kind.INTEGER);
            case "number" -> new Type.Scalar(Type.Kind.NUMBER);
            case "boolean" -> new Type.Scalar(Type.Kind.BOOLEAN);
            default -> Type.ANY;
        };
    }

    private Type object(JsonNode schema, boolean preserveUnknown) {
        JsonNode additional = schema.path("additionalProperties");
        if (additional.isObject()) {
            return new Type.MapOf(type(additional), isAtomic(schema));
        }
        if (additional.asBoolean() || (preserveUnknown && !schema.has("properties"))) {
            return isAtomic(schema) ? new Type.MapOf(Type.ANY, true) : Type.ANY;
        }
        return new Type.Struct("", Collections.unmodifiableMap(properties(schema)), preserveUnknown, isAtomic(schema));
    }

    private Type list(JsonNode schema) {
        List<String> keys = new ArrayList<>();
        schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
        Type.ListKind kind = switch (schema.path("x-kubernetes-list-type").asText()) {
            case "map" -> Type.ListKind.MAP;
            case "set" -> Type.ListKind.SET;
            default -> Type.ListKind.ATOMIC;
        };
        Type element = schema.path("items").isObject() ? type(schema.path("items")) : Type.ANY;
        return new Type.ListOf(element, kind, List.copyOf(keys));
    }

    private static boolean isAtomic(JsonNode schema) {
        return schema.path("x-kubernetes-map-type").asText().equals("atomic");
    }
}
