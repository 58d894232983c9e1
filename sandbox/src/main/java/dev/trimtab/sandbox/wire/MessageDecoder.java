package dev.trimtab.sandbox.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.schema.Field;
import dev.trimtab.sandbox.schema.Type;
import java.util.HashMap;
import java.util.Map;

/**
 * Turns one message, with all that is in it, into JSON. Go clients write every field that is no pointer, whether or not
 * it was set; a field that JSON leaves out when it is empty is left out here, too. Numbers without a meaning are
 * skipped, as protobuf wants it.
 */
final class MessageDecoder {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<Type.Struct, MessageLayout> layouts = new HashMap<>();

    void decode(WireReader message, Type.Struct type, ObjectNode into) {
        decode(message, layouts.computeIfAbsent(type, MessageLayout::of), into);
    }

    private void decode(WireReader message, MessageLayout layout, ObjectNode into) {
        while (message.next()) {
            MessageLayout.Slot slot = layout.slot(message.number()).orElse(null);
            if (slot instanceof MessageLayout.Value value) {
                decode(message, value.field(), into);
            } else if (slot instanceof MessageLayout.Inlined inlined) {
                decode(message.message(), inlined.message(), into);
            } else {
                message.skip();
            }
        }
    }

    private void decode(WireReader in, Field field, ObjectNode into) {
        if (field.type() instanceof Type.Struct struct) {
            // a message may come in parts
            decode(in.message(), struct, into.withObjectProperty(field.name()));
        } else if (field.type() instanceof Type.ListOf list) {
            items(in, list.element(), into.withArrayProperty(field.name()));
        } else if (field.type() instanceof Type.MapOf map) {
            entry(in.message(), map.value(), into.withObjectProperty(field.name()));
        } else {
            JsonNode value = value(in, field.type());
            boolean omitted = field.presence() == Field.Presence.OMIT_EMPTY && isZero(value);
            if (!value.isNull() && !omitted) {
                into.set(field.name(), value);
            }
        }
    }

    /** One item, or a packed run of numbers. */
    private void items(WireReader in, Type element, ArrayNode into) {
        if (in.isDelimited() && element instanceof Type.Scalar scalar && scalar.kind() == Type.Kind.INTEGER) {
            WireReader run = in.message();
            while (run.hasMore()) {
                into.add(Scalars.integer(run.packed()));
            }
        } else {
            into.add(value(in, element));
        }
    }

    private void entry(WireReader entry, Type type, ObjectNode into) {
        String key = "";
        JsonNode value = empty(type);
        while (entry.next()) {
            switch (entry.number()) {
                case 1 -> key = entry.text();
                case 2 -> value = value(entry, type);
                default -> entry.skip();
            }
        }
        into.set(key, value);
    }

    private JsonNode value(WireReader in, Type type) {
        if (type instanceof Type.Struct struct) {
            ObjectNode object = JSON.objectNode();
            decode(in.message(), struct, object);
            return object;
        }
        if (type instanceof Type.ListOf list) {
            return wrapped(in.message(), list);
        }
        if (type instanceof Type.Scalar scalar) {
            return Scalars.read(in, scalar.kind());
        }
        return Scalars.json(in.message());
    }

    /** A list that is a map's value is a message with the items as field 1, since protobuf has no maps to lists. */
    private ArrayNode wrapped(WireReader message, Type.ListOf list) {
        ArrayNode items = JSON.arrayNode();
        while (message.next()) {
            if (message.number() == 1) {
                items(message, list.element(), items);
            } else {
                message.skip();
            }
        }
        return items;
    }

    /** What a map's entry without a value holds. */
    private static JsonNode empty(Type type) {
        if (type instanceof Type.Struct) {
            return JSON.objectNode();
        }
        if (type instanceof Type.ListOf) {
            return JSON.arrayNode();
        }
        return type instanceof Type.Scalar scalar ? Scalars.empty(scalar.kind()) : JSON.nullNode();
    }

    private static boolean isZero(JsonNode value) {
        if (value.isTextual()) {
            return value.textValue().isEmpty();
        }
        return value.isNumber() ? value.doubleValue() == 0 : value.isBoolean() && !value.booleanValue();
    }
}
