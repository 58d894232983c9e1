package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient.Event;
import dev.trimtab.kube.ClusterClient.EventType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * The last known state of a set of objects, and what a list or a watch changes in it. One thread writes, many read.
 *
 * <p>Events say what happened to the cache, not what the server called it: after a gap an object that the cache does not know is
 * ADDED even where the watch says MODIFIED, and one that a new list lacks is DELETED.
 */
final class ObjectCache {

    private record Name(String namespace, String name) {

        static Name of(JsonNode object) {
            JsonNode metadata = object.path("metadata");
            return new Name(
                    metadata.path("namespace").asText(""), metadata.path("name").asText(""));
        }
    }

    private final Map<Name, ObjectNode> objects = new ConcurrentHashMap<>();
    private final UnaryOperator<ObjectNode> keep;

    /** @param keep how much of an object is remembered; its metadata's name, namespace and resourceVersion at least */
    ObjectCache(UnaryOperator<ObjectNode> keep) {
        this.keep = keep;
    }

    /** The server's whole set now. */
    List<Event> replace(Collection<ObjectNode> all) {
        List<Event> events = new ArrayList<>();
        Set<Name> present = new HashSet<>();
        for (ObjectNode object : all) {
            present.add(Name.of(object));
            put(object).ifPresent(events::add);
        }
        for (Name name : List.copyOf(objects.keySet())) {
            if (!present.contains(name)) {
                Optional.ofNullable(objects.remove(name))
                        .ifPresent(gone -> events.add(new Event(EventType.DELETED, gone)));
            }
        }
        return events;
    }

    /** The object is there in this state. Nothing happens when it is known so already. */
    Optional<Event> put(ObjectNode object) {
        ObjectNode before = objects.put(Name.of(object), keep.apply(object));
        if (before == null) {
            return Optional.of(new Event(EventType.ADDED, object));
        }
        return version(before).equals(version(object))
                ? Optional.empty()
                : Optional.of(new Event(EventType.MODIFIED, object));
    }

    /** The object left the set. */
    Optional<Event> remove(ObjectNode last) {
        return Optional.ofNullable(objects.remove(Name.of(last))).map(known -> new Event(EventType.DELETED, last));
    }

    Optional<ObjectNode> get(Optional<String> namespace, String name) {
        return Optional.ofNullable(objects.get(new Name(namespace.orElse(""), name)));
    }

    List<ObjectNode> list() {
        return List.copyOf(objects.values());
    }

    private static String version(ObjectNode object) {
        return object.path("metadata").path("resourceVersion").asText("");
    }
}
