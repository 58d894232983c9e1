package dev.trimtab.render;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which objects of the set must be there before another: its Namespace, the CustomResourceDefinition of its kind, and what it
 * names in the annotation {@value #ANNOTATION}: {@code Kind/name} or {@code Kind/namespace/name}, separated by commas; without
 * a namespace, an object of its own namespace or a cluster-scoped one.
 */
final class Dependencies {

    static final String ANNOTATION = "trimtab.dev/depends-on";

    private final Map<ObjectKey, Set<ObjectKey>> edges = new HashMap<>();
    private final Map<ObjectKey, List<String>> unknown = new HashMap<>();

    Dependencies(Map<ObjectKey, ObjectNode> objects) {
        Map<Scopes.GroupKind, ObjectKey> definitions = definitions(objects);
        for (Map.Entry<ObjectKey, ObjectNode> object : objects.entrySet()) {
            ObjectKey key = object.getKey();
            Set<ObjectKey> on = new HashSet<>();
            key.namespace()
                    .map(namespace -> new ObjectKey("", "Namespace", Optional.empty(), namespace))
                    .filter(objects::containsKey)
                    .ifPresent(on::add);
            Optional.ofNullable(definitions.get(new Scopes.GroupKind(key.group(), key.kind())))
                    .ifPresent(on::add);
            annotated(key, object.getValue(), objects.keySet(), on);
            edges.put(key, Set.copyOf(on));
        }
    }

    Set<ObjectKey> of(ObjectKey key) {
        return edges.getOrDefault(key, Set.of());
    }

    /** Entries of the object's annotation that no object of the set answers to. */
    List<String> unknown(ObjectKey key) {
        return unknown.getOrDefault(key, List.of());
    }

    /** One circle of dependencies, in order; empty when there is none. */
    List<ObjectKey> cycle() {
        Set<ObjectKey> done = new HashSet<>();
        for (ObjectKey start : edges.keySet().stream().sorted().toList()) {
            List<ObjectKey> path = new ArrayList<>();
            List<ObjectKey> cycle = follow(start, path, done);
            if (!cycle.isEmpty()) {
                return cycle;
            }
        }
        return List.of();
    }

    private List<ObjectKey> follow(ObjectKey key, List<ObjectKey> path, Set<ObjectKey> done) {
        if (path.contains(key)) {
            return List.copyOf(path.subList(path.indexOf(key), path.size()));
        }
        if (done.contains(key)) {
            return List.of();
        }
        path.add(key);
        for (ObjectKey next : of(key)) {
            List<ObjectKey> cycle = follow(next, path, done);
            if (!cycle.isEmpty()) {
                return cycle;
            }
        }
        path.remove(path.size() - 1);
        done.add(key);
        return List.of();
    }

    private void annotated(ObjectKey key, ObjectNode json, Collection<ObjectKey> all, Set<ObjectKey> into) {
        String annotation =
                json.path("metadata").path("annotations").path(ANNOTATION).asText("");
        for (String entry : annotation.split(",", -1)) {
            if (!entry.isBlank()) {
                List<ObjectKey> found = all.stream()
                        .filter(other -> names(entry.strip(), key, other))
                        .toList();
                into.addAll(found);
                if (found.isEmpty()) {
                    unknown.computeIfAbsent(key, k -> new ArrayList<>()).add(entry.strip());
                }
            }
        }
    }

    private static boolean names(String entry, ObjectKey from, ObjectKey other) {
        String[] parts = entry.split("/", -1);
        if (parts.length < 2 || parts.length > 3 || !other.kind().equals(parts[0])) {
            return false;
        }
        if (!other.name().equals(parts[parts.length - 1])) {
            return false;
        }
        return parts.length == 3
                ? other.namespace().equals(Optional.of(parts[1]))
                : other.namespace().isEmpty() || other.namespace().equals(from.namespace());
    }

    private static Map<Scopes.GroupKind, ObjectKey> definitions(Map<ObjectKey, ObjectNode> objects) {
        Map<Scopes.GroupKind, ObjectKey> definitions = new HashMap<>();
        objects.forEach((key, json) -> {
            if (key.group().equals("apiextensions.k8s.io") && key.kind().equals("CustomResourceDefinition")) {
                definitions.put(
                        new Scopes.GroupKind(
                                json.path("spec").path("group").asText(),
                                json.path("spec").path("names").path("kind").asText()),
                        key);
            }
        });
        return definitions;
    }
}
