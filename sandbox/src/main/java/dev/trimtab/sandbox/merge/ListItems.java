package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.schema.Field;
import dev.trimtab.sandbox.schema.Type;
import java.util.ArrayList;
import java.util.List;

/** Tells the items of a set or list map apart. */
final class ListItems {

    private ListItems() {}

    /** The elements of a list's items, in order. */
    static List<PathElement> elements(Type.ListOf type, JsonNode list) {
        List<PathElement> elements = new ArrayList<>(list.size());
        for (JsonNode item : list) {
            elements.add(element(type, item));
        }
        return elements;
    }

    /**
     * The element that stands for an item.
     *
     * @throws TypedFailure the item cannot be told apart from others, in the server's words
     */
    static PathElement element(Type.ListOf type, JsonNode item) {
        return type.kind() == Type.ListKind.MAP ? key(type, item) : value(item);
    }

    private static PathElement value(JsonNode item) {
        if (item.isObject()) {
            throw new TypedFailure("associative list without keys has an element that's a map type");
        }
        if (item.isArray()) {
            throw new TypedFailure("not supported: associative list with lists as elements");
        }
        if (item.isNull()) {
            throw new TypedFailure("associative list without keys has an element that's an explicit null");
        }
        return new PathElement.Value(item);
    }

    private static PathElement key(Type.ListOf type, JsonNode item) {
        if (item.isNull()) {
            throw new TypedFailure("associative list with keys may not have a null element");
        }
        if (!item.isObject()) {
            throw new TypedFailure("associative list with keys may not have non-map elements");
        }
        List<PathElement.Key.Part> parts = new ArrayList<>(type.keys().size());
        for (String name : type.keys()) {
            JsonNode value = item.get(name);
            if (value != null) {
                parts.add(new PathElement.Key.Part(name, value));
            } else if (type.element() instanceof Type.Struct struct) {
                Field field = struct.fields().get(name);
                if (field != null) {
                    field.defaultValue().ifPresent(v -> parts.add(new PathElement.Key.Part(name, v)));
                }
            }
        }
        if (parts.isEmpty()) {
            throw new TypedFailure("associative list with keys has an element that omits all key fields "
                    + quoted(type.keys()) + " (and doesn't have default values for any key fields)");
        }
        return new PathElement.Key(parts);
    }

    private static String quoted(List<String> names) {
        StringBuilder text = new StringBuilder("[");
        for (String name : names) {
            text.append(text.length() == 1 ? "" : " ").append('"').append(name).append('"');
        }
        return text.append(']').toString();
    }
}
