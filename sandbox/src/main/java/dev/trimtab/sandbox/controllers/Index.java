package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** The objects of an {@link Informer} by values computed from them, in the order of their keys. */
final class Index {

    private final Function<ObjectNode, Stream<String>> values;
    private final Map<String, Map<Key, ObjectNode>> objects = new HashMap<>();

    Index(Function<ObjectNode, Stream<String>> values) {
        this.values = values;
    }

    List<ObjectNode> get(String value) {
        return List.copyOf(objects.getOrDefault(value, Map.of()).values());
    }

    int count(String value) {
        return objects.getOrDefault(value, Map.of()).size();
    }

    void add(ObjectNode object) {
        values.apply(object)
                .forEach(value ->
                        objects.computeIfAbsent(value, v -> new TreeMap<>()).put(Key.of(object), object));
    }

    void remove(ObjectNode object) {
        values.apply(object)
                .forEach(value -> objects.computeIfPresent(value, (v, found) -> {
                    found.remove(Key.of(object));
                    return found.isEmpty() ? null : found;
                }));
    }
}
