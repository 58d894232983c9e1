package dev.trimtab.bootstrap.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * One mapping of a foreign document that remembers which of its fields were taken, so that the others can be told instead of being
 * lost. A field counts as taken only when it was of the type that was asked for.
 */
final class Source {

    private final ObjectNode json;
    private final String pointer;
    private final UnaryOperator<String> places;
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Source> inner = new HashMap<>();
    private final Map<String, List<Source>> items = new HashMap<>();

    private Source(ObjectNode json, String pointer, UnaryOperator<String> places) {
        this.json = json;
        this.pointer = pointer;
        this.places = places;
    }

    /** @param places from a JSON pointer in the document to the place that people are told */
    static Source of(ObjectNode document, UnaryOperator<String> places) {
        Source source = new Source(document, "", places);
        source.taken.addAll(Set.of("apiVersion", "kind"));
        return source;
    }

    String place() {
        return places.apply(pointer);
    }

    String place(String name) {
        return places.apply(pointer + "/" + Types.escape(name));
    }

    /** {@code networking.podSubnet} as people write it. */
    String path(String name) {
        String above = pointer.isEmpty() ? "" : Types.path(pointer) + ".";
        return above + name;
    }

    boolean has(String name) {
        return json.has(name);
    }

    /** A field as it is, taken. */
    JsonNode take(String name) {
        taken.add(name);
        return json.path(name);
    }

    /** A non-empty text; numbers and booleans count as what was written. */
    Optional<String> text(String name) {
        JsonNode value = json.path(name);
        if (!value.isValueNode() || value.isNull()) {
            return Optional.empty();
        }
        taken.add(name);
        return value.asText().isEmpty() ? Optional.empty() : Optional.of(value.asText());
    }

    OptionalInt number(String name) {
        JsonNode value = json.path(name);
        if (!value.isInt()) {
            return OptionalInt.empty();
        }
        taken.add(name);
        return OptionalInt.of(value.intValue());
    }

    boolean flag(String name, boolean otherwise) {
        JsonNode value = json.path(name);
        if (value.isBoolean()) {
            taken.add(name);
        }
        return value.asBoolean(otherwise);
    }

    /** Takes a field when it says what holds anyway. */
    void takeDefault(String name, String... usual) {
        if (json.path(name).isValueNode()
                && List.of(usual).contains(json.path(name).asText())) {
            taken.add(name);
        }
    }

    List<String> texts(String name) {
        JsonNode value = json.path(name);
        List<String> texts = new ArrayList<>();
        for (JsonNode item : value) {
            if (!item.isTextual()) {
                return List.of();
            }
            texts.add(item.textValue());
        }
        if (value.isArray()) {
            taken.add(name);
        }
        return List.copyOf(texts);
    }

    /** Empty, but never absent: what is asked of it then is not there. */
    Source mapping(String name) {
        if (json.path(name) instanceof ObjectNode object) {
            taken.add(name);
            return inner.computeIfAbsent(name, key -> new Source(object, pointer + "/" + Types.escape(name), places));
        }
        return new Source(JsonNodeFactory.instance.objectNode(), pointer + "/" + Types.escape(name), places);
    }

    List<Source> mappings(String name) {
        JsonNode value = json.path(name);
        List<Source> found = new ArrayList<>();
        for (JsonNode item : value) {
            if (!(item instanceof ObjectNode object)) {
                return List.of();
            }
            found.add(new Source(object, pointer + "/" + Types.escape(name) + "/" + found.size(), places));
        }
        if (value.isArray()) {
            taken.add(name);
            items.put(name, found);
        }
        return found;
    }

    /** One argument of a program. */
    record Argument(String value, String place) {}

    /**
     * Arguments in either form: a mapping up to v1beta3, a list of names and values from v1beta4 on.
     *
     * @param twice hears of arguments that the list names again; the last one counts, as for most flags
     */
    SortedMap<String, Argument> arguments(String name, BiConsumer<String, String> twice) {
        SortedMap<String, Argument> arguments = new TreeMap<>();
        if (json.path(name).isObject()) {
            Source map = mapping(name);
            map.names()
                    .forEach(key -> map.text(key)
                            .or(() -> Optional.of(""))
                            .ifPresent(value -> arguments.put(key, new Argument(value, map.place(key)))));
            return arguments;
        }
        for (Source item : mappings(name)) {
            String key = item.text("name").orElse("");
            String value = item.text("value").orElse("");
            if (!key.isEmpty() && arguments.put(key, new Argument(value, item.place())) != null) {
                twice.accept(key, item.place());
            }
        }
        return arguments;
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Tells of every field that nobody took and that says something: its path without indices, and its place. */
    void rest(BiConsumer<String, String> told) {
        json.properties().forEach(field -> {
            String name = field.getKey();
            if (inner.containsKey(name)) {
                inner.get(name).rest(told);
            } else if (items.containsKey(name)) {
                items.get(name).forEach(item -> item.rest(told));
            } else if (!taken.contains(name) && saysSomething(field.getValue())) {
                told.accept(path(name), place(name));
            }
        });
    }

    private static boolean saysSomething(JsonNode value) {
        if (value.isContainerNode()) {
            for (JsonNode inner : value) {
                if (saysSomething(inner)) {
                    return true;
                }
            }
            return false;
        }
        return !value.isNull() && !(value.isTextual() && value.textValue().isEmpty());
    }
}
