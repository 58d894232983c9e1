package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.sandbox.schema.Field;
import dev.trimtab.sandbox.schema.Field.Presence;
import dev.trimtab.sandbox.schema.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a server makes of the JSON it is sent when it decodes it into a type and encodes it again. */
public final class Typed {

    private static final List<String> FIRST = List.of("kind", "apiVersion", "metadata");

    private Typed() {}

    /** Unknown fields and values of the wrong type, in document order. */
    public static List<FieldError> validate(Type.Struct type, ObjectNode object) {
        return Decoding.check(type, object);
    }

    /** A copy without the fields that the type does not declare. */
    public static ObjectNode prune(Type.Struct type, ObjectNode object) {
        return (ObjectNode) known(type, object);
    }

    private static JsonNode known(Type type, JsonNode value) {
        if (type instanceof Type.Any) {
            return value.deepCopy();
        }
        if (value.isObject()) {
            ObjectNode copy = ((ObjectNode) value).objectNode();
            value.properties().forEach(member -> {
                if (!isUnknown(type, member.getKey())) {
                    copy.set(member.getKey(), known(Shape.member(type, member.getKey()), member.getValue()));
                }
            });
            return copy;
        }
        if (value.isArray()) {
            ArrayNode copy = ((ArrayNode) value).arrayNode(value.size());
            Type element = type instanceof Type.ListOf list ? list.element() : Type.ANY;
            value.forEach(item -> copy.add(known(element, item)));
            return copy;
        }
        return value;
    }

    private static boolean isUnknown(Type type, String name) {
        return type instanceof Type.Struct struct
                && !struct.preserveUnknown()
                && !struct.fields().containsKey(name);
    }

    /**
     * A copy as a server stores it. Of built-in kinds, unknown fields, nulls and empty optional values are gone,
     * quantities are canonical, and structs that are always there are there. Custom resources lose unknown fields and
     * stay as they came otherwise, but for their metadata.
     */
    public static ObjectNode canonical(Type.Struct type, ObjectNode object) {
        ObjectNode copy = object.objectNode();
        for (String name : FIRST) {
            // Reserves the place; what turns out to be absent is removed again.
            if (object.has(name)) {
                copy.set(name, object.get(name));
            }
        }
        copyFields(type, object, copy);
        return copy;
    }

    private static void copyFields(Type.Struct type, JsonNode object, ObjectNode copy) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = member.getKey();
            Field field = type.fields().get(name);
            if (field != null) {
                canonicalField(field, member.getValue())
                        .ifPresentOrElse(v -> copy.set(name, v), () -> copy.remove(name));
            } else if (type.preserveUnknown()) {
                copy.set(name, member.getValue().deepCopy());
            }
        }
        for (Field field : type.fields().values()) {
            if (field.presence() == Presence.ALWAYS && !copy.has(field.name())) {
                always(field).ifPresent(value -> copy.set(field.name(), value));
            }
        }
    }

    private static Optional<JsonNode> canonicalField(Field field, JsonNode value) {
        if (field.presence() == Presence.VERBATIM) {
            return Optional.of(canonicalValue(field.type(), value));
        }
        if (value.isNull()) {
            return field.presence() == Presence.ALWAYS ? always(field) : Optional.empty();
        }
        if (field.presence() == Presence.OMIT_EMPTY && isZero(value)) {
            return Optional.empty();
        }
        return Optional.of(canonicalValue(field.type(), value));
    }

    /** What is written of a field that nobody set. Nulls are left out: they say no more than absence. */
    private static Optional<JsonNode> always(Field field) {
        JsonNode zero = EmptyObject.zero(field.type());
        if (field.type() instanceof Type.Struct struct) {
            return Optional.of(canonicalValue(struct, zero));
        }
        return zero.isNull() ? Optional.empty() : Optional.of(zero);
    }

    private static boolean isZero(JsonNode value) {
        if (value.isContainerNode()) {
            return value.isEmpty();
        }
        if (value.isTextual()) {
            return value.textValue().isEmpty();
        }
        return value.isNumber() ? value.doubleValue() == 0 : value.isBoolean() && !value.booleanValue();
    }

    private static JsonNode canonicalValue(Type type, JsonNode value) {
        if (type instanceof Type.Struct struct && value.isObject()) {
            ObjectNode copy = ((ObjectNode) value).objectNode();
            copyFields(struct, value, copy);
            return copy;
        }
        if (type instanceof Type.MapOf map && value.isObject()) {
            ObjectNode copy = ((ObjectNode) value).objectNode();
            value.properties().forEach(e -> copy.set(e.getKey(), canonicalValue(map.value(), e.getValue())));
            return copy;
        }
        if (type instanceof Type.ListOf list && value.isArray()) {
            ArrayNode copy = ((ArrayNode) value).arrayNode(value.size());
            value.forEach(item -> copy.add(canonicalValue(list.element(), item)));
            return copy;
        }
        if (type instanceof Type.Scalar scalar && scalar.kind() == Type.Kind.QUANTITY && value.isValueNode()) {
            return Quantity.canonical(value.asText())
                    .<JsonNode>map(text -> TextNode.valueOf(text))
                    .orElse(value);
        }
        return value.deepCopy();
    }
}
