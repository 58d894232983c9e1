package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Fields of one object that Git may hold and that are left to others: they are sent when the object is made, and never again. A field
 * that its applier owns and does not send any more is removed by the server (Kubernetes documentation, "Server-Side Apply"), so
 * ownership is given up first; the value stays.
 *
 * <p>Part of a list that has no keys for the server cannot be left out, as one manager owns all of it: there the value that is in the
 * cluster is sent.
 */
public record IgnoredFields(List<FieldPointer> paths) {

    public static final IgnoredFields NONE = new IgnoredFields(List.of());

    public IgnoredFields {
        paths = List.copyOf(paths);
    }

    public boolean isEmpty() {
        return paths.isEmpty();
    }

    public IgnoredFields and(FieldPointer path) {
        return paths.contains(path)
                ? this
                : new IgnoredFields(
                        Stream.concat(paths.stream(), Stream.of(path)).toList());
    }

    /** Whether only the live object tells what can be sent. */
    public boolean needsLive() {
        return paths.stream().anyMatch(FieldPointer::throughList);
    }

    /** A copy of the object without these fields; the object itself where there are none. */
    public ObjectNode without(ObjectNode object) {
        if (isEmpty()) {
            return object;
        }
        ObjectNode rest = object.deepCopy();
        paths.forEach(path -> path.remove(rest));
        return rest;
    }

    /** A copy of the object in which these fields are as in {@code live}; the object itself where there are none. */
    public ObjectNode asIn(ObjectNode live, ObjectNode object) {
        if (isEmpty()) {
            return object;
        }
        ObjectNode copy = object.deepCopy();
        paths.forEach(path -> path.copy(copy, live));
        return copy;
    }

    /** What is applied over {@code live} once nothing of these fields is ours: without them, but for parts of wholes. */
    public ObjectNode toApply(ObjectNode live, ObjectNode object, String manager) {
        ObjectNode ours = owned(live.path("metadata"), manager);
        IgnoredFields parts = new IgnoredFields(
                paths.stream().filter(path -> path.isPartOfWhole(ours)).toList());
        return new IgnoredFields(paths.stream()
                        .filter(path -> !parts.paths.contains(path))
                        .toList())
                .without(parts.asIn(live, object));
    }

    /** Those of the fields that the manager owns and has to give up. */
    public List<FieldPointer> ownedBy(JsonNode metadata, String manager) {
        ObjectNode ours = owned(metadata, manager);
        return paths.stream().filter(path -> path.isOwned(ours)).toList();
    }

    /**
     * The JSON patch that makes the manager give them up; no value changes. It is locked by the version of {@code live}: after another
     * write the server answers 409.
     *
     * @return empty when the manager owns none of them
     */
    public Optional<ArrayNode> release(ObjectNode live, String manager) {
        JsonNode metadata = live.path("metadata");
        if (ownedBy(metadata, manager).isEmpty()) {
            return Optional.empty();
        }
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        for (JsonNode entry : metadata.path("managedFields")) {
            JsonNode next = entry.deepCopy();
            if (ManagedFields.entry(entry)
                            .filter(read -> ManagedFields.isApplied(read, manager))
                            .isPresent()
                    && next.path("fieldsV1") instanceof ObjectNode fields) {
                paths.forEach(path -> path.disown(fields));
            }
            entries.add(next);
        }
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        patch.addObject()
                .put("op", "replace")
                .put("path", "/metadata/managedFields")
                .set("value", entries);
        patch.addObject()
                .put("op", "replace")
                .put("path", "/metadata/resourceVersion")
                .set("value", metadata.path("resourceVersion"));
        return Optional.of(patch);
    }

    private static ObjectNode owned(JsonNode metadata, String manager) {
        return ManagedFields.ownedBy(metadata, manager)
                .map(ManagedFields.Entry::fields)
                .orElseGet(JsonNodeFactory.instance::objectNode);
    }
}
