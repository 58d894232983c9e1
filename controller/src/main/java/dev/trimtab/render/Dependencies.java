package dev.trimtab.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which objects of the set must be there before another: its Namespace, the CustomResourceDefinition of its kind, what its
 * specification names, and what it names in the annotation {@value #ANNOTATION}: {@code [group/]Kind/[namespace/]name}, separated
 * by commas; without a namespace, an object of its own namespace or a cluster-scoped one. What the annotation names must also be
 * healthy. The annotation {@value #WAVE} puts an object after all of lower waves.
 */
final class Dependencies {

    static final String ANNOTATION = "trimtab.dev/depends-on";
    static final String WAVE = "trimtab.dev/wave";

    private final Map<ObjectKey, Set<ObjectKey>> edges = new HashMap<>();
    private final Map<ObjectKey, Set<ObjectKey>> awaited = new HashMap<>();
    private final Map<ObjectKey, List<String>> unknown = new HashMap<>();
    private final Map<ObjectKey, Integer> waves = new HashMap<>();
    private final Map<ObjectKey, String> notWaves = new HashMap<>();
    private final Map<String, List<ObjectKey>> byName = new HashMap<>();

    Dependencies(Map<ObjectKey, ObjectNode> objects) {
        this(objects, Map.of());
    }

    /** @param required what else has to be there and healthy before an object */
    Dependencies(Map<ObjectKey, ObjectNode> objects, Map<ObjectKey, Set<ObjectKey>> required) {
        Map<Scopes.GroupKind, ObjectKey> definitions = definitions(objects);
        References references = new References(objects);
        objects.forEach((key, json) -> {
            byName.computeIfAbsent(key.name(), name -> new ArrayList<>()).add(key);
            wave(key, json);
        });
        objects.forEach((key, json) -> {
            Set<ObjectKey> on = new HashSet<>();
            key.namespace()
                    .map(namespace -> new ObjectKey("", "Namespace", Optional.empty(), namespace))
                    .filter(objects::containsKey)
                    .ifPresent(on::add);
            Optional.ofNullable(definitions.get(new Scopes.GroupKind(key.group(), key.kind())))
                    .ifPresent(on::add);
            references.of(key, json).stream()
                    .filter(named -> objects.containsKey(named) && !named.equals(key))
                    .forEach(on::add);
            Set<ObjectKey> annotated = annotated(key, json);
            required.getOrDefault(key, Set.of()).stream()
                    .filter(other -> objects.containsKey(other) && !other.equals(key))
                    .forEach(annotated::add);
            on.addAll(annotated);
            edges.put(key, Set.copyOf(on));
            awaited.put(key, Set.copyOf(annotated));
        });
    }

    Set<ObjectKey> of(ObjectKey key) {
        return edges.getOrDefault(key, Set.of());
    }

    /** Those of {@link #of} that must be healthy, not only there. */
    Set<ObjectKey> awaited(ObjectKey key) {
        return awaited.getOrDefault(key, Set.of());
    }

    int wave(ObjectKey key) {
        return waves.getOrDefault(key, 0);
    }

    /** What stands in the object's wave annotation and is no integer. */
    Optional<String> notWave(ObjectKey key) {
        return Optional.ofNullable(notWaves.get(key));
    }

    /** What the object depends on although it comes in a later wave. */
    List<ObjectKey> later(ObjectKey key) {
        return of(key).stream().filter(on -> wave(on) > wave(key)).sorted().toList();
    }

    /** Entries of the object's annotation that no object of the set answers to. */
    List<String> unknown(ObjectKey key) {
        return unknown.getOrDefault(key, List.of());
    }

    /** One circle of dependencies, in order, beginning with an object that has the annotation; empty when there is none. */
    List<ObjectKey> cycle() {
        Set<ObjectKey> done = new HashSet<>();
        for (ObjectKey start : edges.keySet().stream().sorted().toList()) {
            List<ObjectKey> cycle = follow(start, done);
            if (!cycle.isEmpty()) {
                return beginningWithAnnotated(cycle);
            }
        }
        return List.of();
    }

    private record Visit(ObjectKey key, Deque<ObjectKey> left) {}

    /** Depth first, with a stack of its own: chains may be as long as the set is large. */
    private List<ObjectKey> follow(ObjectKey start, Set<ObjectKey> done) {
        Deque<Visit> path = new ArrayDeque<>();
        Set<ObjectKey> onPath = new HashSet<>();
        if (!done.contains(start)) {
            path.addLast(visit(start));
            onPath.add(start);
        }
        while (!path.isEmpty()) {
            Visit here = path.getLast();
            ObjectKey next = here.left().poll();
            if (next == null) {
                path.removeLast();
                onPath.remove(here.key());
                done.add(here.key());
            } else if (onPath.contains(next)) {
                List<ObjectKey> keys = path.stream().map(Visit::key).toList();
                return keys.subList(keys.indexOf(next), keys.size());
            } else if (!done.contains(next)) {
                path.addLast(visit(next));
                onPath.add(next);
            }
        }
        return List.of();
    }

    private Visit visit(ObjectKey key) {
        return new Visit(key, new ArrayDeque<>(of(key).stream().sorted().toList()));
    }

    private List<ObjectKey> beginningWithAnnotated(List<ObjectKey> cycle) {
        for (int i = 0; i < cycle.size(); i++) {
            if (!awaited(cycle.get(i)).isEmpty()) {
                List<ObjectKey> turned = new ArrayList<>(cycle.subList(i, cycle.size()));
                turned.addAll(cycle.subList(0, i));
                return turned;
            }
        }
        return cycle;
    }

    private void wave(ObjectKey key, ObjectNode json) {
        JsonNode written = json.path("metadata").path("annotations").path(WAVE);
        if (written.isMissingNode()) {
            return;
        }
        try {
            waves.put(key, Integer.valueOf(written.asText().strip()));
        } catch (NumberFormatException e) {
            notWaves.put(key, written.asText());
        }
    }

    private Set<ObjectKey> annotated(ObjectKey key, ObjectNode json) {
        Set<ObjectKey> on = new HashSet<>();
        String annotation =
                json.path("metadata").path("annotations").path(ANNOTATION).asText("");
        for (String entry : annotation.split(",", -1)) {
            if (!entry.isBlank()) {
                List<ObjectKey> found = named(entry.strip(), key);
                on.addAll(found);
                if (found.isEmpty()) {
                    unknown.computeIfAbsent(key, k -> new ArrayList<>()).add(entry.strip());
                }
            }
        }
        return on;
    }

    /** A kind begins with a capital, a group does not: so three parts are read in one way only. */
    private List<ObjectKey> named(String entry, ObjectKey from) {
        List<String> parts = List.of(entry.split("/", -1));
        boolean grouped =
                !parts.get(0).isEmpty() && !Character.isUpperCase(parts.get(0).charAt(0));
        List<String> rest = grouped ? parts.subList(1, parts.size()) : parts;
        if (rest.size() < 2 || rest.size() > 3) {
            return List.of();
        }
        return byName.getOrDefault(rest.get(rest.size() - 1), List.of()).stream()
                .filter(other -> other.kind().equals(rest.get(0)))
                .filter(other -> !grouped || other.group().equals(parts.get(0)))
                .filter(other -> rest.size() == 3
                        ? other.namespace().equals(Optional.of(rest.get(1)))
                        : other.namespace().isEmpty() || other.namespace().equals(from.namespace()))
                .toList();
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
