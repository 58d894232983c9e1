package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.schema.Field;
import dev.trimtab.sandbox.schema.Type;

/** What a value of a type is taken for. A typed value has the shape of its type, an untyped one that of its JSON. */
enum Shape {
    MAP,
    LIST,
    SCALAR;

    static Shape of(Type type, JsonNode value) {
        if (type instanceof Type.Struct || type instanceof Type.MapOf) {
            return MAP;
        }
        if (type instanceof Type.ListOf) {
            return LIST;
        }
        if (type instanceof Type.Scalar) {
            return SCALAR;
        }
        if (value.isArray()) {
            return LIST;
        }
        return value.isObject() || value.isNull() ? MAP : SCALAR;
    }

    /** Whether a map or list of this type is owned as a whole. */
    static boolean isAtomic(Type type, Shape shape) {
        if (type instanceof Type.Struct struct) {
            return struct.atomic();
        }
        if (type instanceof Type.MapOf map) {
            return map.atomic();
        }
        if (type instanceof Type.ListOf list) {
            return list.kind() == Type.ListKind.ATOMIC;
        }
        return shape == LIST;
    }

    /** The type of an object's member. Members that are not declared are untyped. */
    static Type member(Type type, String name) {
        if (type instanceof Type.Struct struct) {
            Field field = struct.fields().get(name);
            return field == null ? Type.ANY : field.type();
        }
        return type instanceof Type.MapOf map ? map.value() : Type.ANY;
    }

    /** Whether the type is a struct with this field, as opposed to a map in which the name is data. */
    static boolean declares(Type type, String name) {
        return type instanceof Type.Struct struct && struct.fields().containsKey(name);
    }

    /** The type of what an element leads to. */
    static Type below(Type type, PathElement element) {
        if (element instanceof PathElement.Field field) {
            return member(type, field.name());
        }
        return type instanceof Type.ListOf list ? list.element() : Type.ANY;
    }
}
