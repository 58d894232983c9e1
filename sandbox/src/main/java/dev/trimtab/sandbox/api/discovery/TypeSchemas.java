package dev.trimtab.sandbox.api.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.schema.Field;
import dev.trimtab.sandbox.schema.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the types of built-in kinds as OpenAPI schemas. Structs get a name each, since some hold themselves. */
final class TypeSchemas {

    private final ObjectNode schemas;
    private final String prefix;
    private final Map<Type.Struct, String> names = new HashMap<>();

    /**
     * @param schemas where named schemas go
     * @param prefix of their names
     */
    TypeSchemas(ObjectNode schemas, String prefix) {
        this.schemas = schemas;
        this.prefix = prefix;
    }

    /** The schema of a kind; the caller names it. */
    ObjectNode root(Type.Struct type) {
        return struct(type);
    }

    private ObjectNode struct(Type.Struct type) {
        ObjectNode schema = Json.object().put("type", "object");
        if (type.atomic()) {
            schema.put("x-kubernetes-map-type", "atomic");
        }
        ObjectNode properties = Json.object();
        List<String> required = type.fields().values().stream()
                .filter(Field::required)
                .map(Field::name)
                .toList();
        type.fields().values().forEach(field -> properties.set(field.name(), property(field)));
        if (!properties.isEmpty()) {
            schema.set("properties", properties);
        }
        if (!required.isEmpty()) {
            ArrayNode names = schema.putArray("required");
            required.forEach(names::add);
        }
        return schema;
    }

    private ObjectNode property(Field field) {
        ObjectNode schema = type(field.type());
        field.defaultValue().ifPresent(value -> schema.set("default", value));
        if (!field.patch().isEmpty()) {
            schema.put(
                    "x-kubernetes-patch-strategy",
                    field.patch().stream().map(TypeSchemas::strategy).collect(Collectors.joining(",")));
        }
        field.mergeKey().ifPresent(key -> schema.put("x-kubernetes-patch-merge-key", key));
        return schema;
    }

    private static String strategy(Field.PatchStrategy strategy) {
        return strategy == Field.PatchStrategy.RETAIN_KEYS
                ? "retainKeys"
                : strategy.name().toLowerCase(Locale.ROOT);
    }

    private ObjectNode type(Type type) {
        if (type instanceof Type.Scalar scalar) {
            return scalar(scalar.kind());
        }
        if (type instanceof Type.ListOf list) {
            return list(list);
        }
        if (type instanceof Type.MapOf map) {
            ObjectNode schema = Json.object().put("type", "object");
            schema.set("additionalProperties", type(map.value()));
            return schema;
        }
        if (type instanceof Type.Struct struct) {
            // OpenAPI 3.0 ignores what stands beside a $ref
            ObjectNode schema = Json.object();
            schema.putArray("allOf").addObject().put("$ref", "#/components/schemas/" + name(struct));
            return schema;
        }
        return Json.object().put("x-kubernetes-preserve-unknown-fields", true);
    }

    private ObjectNode list(Type.ListOf list) {
        ObjectNode schema = Json.object().put("type", "array");
        schema.set("items", type(list.element()));
        schema.put("x-kubernetes-list-type", list.kind().name().toLowerCase(Locale.ROOT));
        if (!list.keys().isEmpty()) {
            ArrayNode keys = schema.putArray("x-kubernetes-list-map-keys");
            list.keys().forEach(keys::add);
        }
        return schema;
    }

    private static ObjectNode scalar(Type.Kind kind) {
        ObjectNode schema = Json.object();
        return switch (kind) {
            case STRING, QUANTITY -> schema.put("type", "string");
            case INTEGER -> schema.put("type", "integer");
            case NUMBER -> schema.put("type", "number");
            case BOOLEAN -> schema.put("type", "boolean");
            case INT_OR_STRING -> schema.put("x-kubernetes-int-or-string", true);
            case TIME -> schema.put("type", "string").put("format", "date-time");
            case BYTES -> schema.put("type", "string").put("format", "byte");
        };
    }

    private String name(Type.Struct struct) {
        String known = names.get(struct);
        if (known != null) {
            return known;
        }
        String name = prefix + struct.name();
        for (int n = 2; schemas.has(name); n++) {
            name = prefix + struct.name() + n;
        }
        names.put(struct, name);
        schemas.putObject(name); // holds the name while the struct's own fields are written
        schemas.set(name, struct(struct));
        return name;
    }
}
