package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.schema.Type;
import java.util.Map;

/** Takes paths out of an object. Nothing inside an atomic value can be taken out. */
final class Removal {

    private Removal() {}

    static ObjectNode remove(Type.Struct type, ObjectNode object, FieldSet paths) {
        return paths.isEmpty() ? object : removeMembers(type, object, paths);
    }

    /** A container that is left with nothing becomes null, as nobody said that it shall be there and empty. */
    private static JsonNode removeBelow(Type type, JsonNode value, FieldSet paths) {
        Shape shape = Shape.of(type, value);
        if (shape == Shape.SCALAR) {
            return value;
        }
        JsonNode rest = JsonNodeFactory.instance.nullNode();
        if (!Shape.isAtomic(type, shape)) {
            if (shape == Shape.MAP && value.isObject()) {
                rest = removeMembers(type, value, paths);
            } else if (shape == Shape.LIST && value.isArray()) {
                rest = removeItems((Type.ListOf) type, value, paths);
            }
        }
        return rest.isEmpty() ? JsonNodeFactory.instance.nullNode() : rest;
    }

    private static ObjectNode removeMembers(Type type, JsonNode object, FieldSet paths) {
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            PathElement element = new PathElement.Field(member.getKey());
            if (!paths.has(element)) {
                rest.set(member.getKey(), keep(Shape.below(type, element), member.getValue(), paths.below(element)));
            }
        }
        return rest;
    }

    private static ArrayNode removeItems(Type.ListOf type, JsonNode list, FieldSet paths) {
        ArrayNode rest = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : list) {
            PathElement element = ListItems.element(type, item);
            if (!paths.has(element)) {
                rest.add(keep(type.element(), item, paths.below(element)));
            }
        }
        return rest;
    }

    private static JsonNode keep(Type type, JsonNode value, FieldSet paths) {
        return paths.isEmpty() ? value : removeBelow(type, value, paths);
    }
}
