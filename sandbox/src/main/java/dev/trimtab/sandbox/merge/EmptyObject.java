package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.schema.Field;
import dev.trimtab.sandbox.schema.Type;

/**
 * The object a server starts from when it creates one. Structs that are always there are in it, so that whoever
 * creates a Deployment owns fields of {@code .spec} but not {@code .spec} itself; a custom resource starts from
 * nothing.
 */
final class EmptyObject {

    private EmptyObject() {}

    static ObjectNode of(Type.Struct type) {
        ObjectNode empty = JsonNodeFactory.instance.objectNode();
        for (Field field : type.fields().values()) {
            switch (field.presence()) {
                case ALWAYS -> empty.set(field.name(), zero(field.type()));
                case NULLABLE -> empty.putNull(field.name());
                case VERBATIM, POINTER, OMIT_EMPTY -> {}
            }
        }
        return empty;
    }

    /** What a value is when nobody gave one. */
    static JsonNode zero(Type type) {
        if (type instanceof Type.Struct struct) {
            return of(struct);
        }
        if (type instanceof Type.Scalar scalar) {
            return switch (scalar.kind()) {
                case STRING -> JsonNodeFactory.instance.textNode("");
                case INTEGER, NUMBER, INT_OR_STRING -> JsonNodeFactory.instance.numberNode(0);
                case BOOLEAN -> JsonNodeFactory.instance.booleanNode(false);
                case QUANTITY -> JsonNodeFactory.instance.textNode("0");
                case TIME, BYTES -> JsonNodeFactory.instance.nullNode();
            };
        }
        return JsonNodeFactory.instance.nullNode();
    }
}
