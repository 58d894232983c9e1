package dev.trimtab.sandbox.merge;

import static dev.trimtab.sandbox.merge.Json.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.schema.Type;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One object and its history, as an API server without defaults, admission and HTTP would write it. */
final class LiveObject {

    private final Type.Struct type;
    private final String apiVersion;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Optional<ObjectNode> live = Optional.empty();
    private int resourceVersion;

    LiveObject(Type.Struct type, String apiVersion) {
        this.type = type;
        this.apiVersion = apiVersion;
    }

    static LiveObject of(String apiVersion, String kind) {
        return new LiveObject(Json.type(apiVersion, kind), apiVersion);
    }

    LiveObject apply(String manager, String object) {
        return apply(manager, object, false);
    }

    LiveObject force(String manager, String object) {
        return apply(manager, object, true);
    }

    private LiveObject apply(String manager, String object, boolean force) {
        ApplyRequest request = new ApplyRequest(apiVersion, manager, "", force, now);
        return store(ServerSideApply.apply(type, live, json(object), request));
    }

    /** PUT, or POST if there is nothing yet. */
    LiveObject put(String manager, String object) {
        return update(manager, "", Typed.canonical(type, json(object)));
    }

    LiveObject patch(String manager, String strategicMergePatch) {
        return patch(manager, "", strategicMergePatch);
    }

    LiveObject patch(String manager, String subresource, String strategicMergePatch) {
        ObjectNode patched = StrategicMergePatch.apply(type, get(), json(strategicMergePatch));
        return update(manager, subresource, Typed.canonical(type, patched));
    }

    LiveObject jsonPatch(String manager, String patch) {
        return update(manager, "", Typed.canonical(type, JsonPatch.apply(get(), Json.value(patch))));
    }

    private LiveObject update(String manager, String subresource, ObjectNode next) {
        return store(
                ServerSideApply.update(type, live, next, new UpdateRequest(apiVersion, manager, subresource, now)));
    }

    private LiveObject store(ObjectNode next) {
        if (live.isPresent() && timeless(live.get()).equals(timeless(next))) {
            return this;
        }
        resourceVersion++;
        live = Optional.of(next);
        return this;
    }

    private static ObjectNode timeless(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        copy.at("/metadata/managedFields").forEach(entry -> ((ObjectNode) entry).remove("time"));
        return copy;
    }

    LiveObject later(int seconds) {
        now = now.plusSeconds(seconds);
        return this;
    }

    ObjectNode get() {
        return live.orElseThrow();
    }

    JsonNode at(String pointer) {
        return get().at(pointer);
    }

    int resourceVersion() {
        return resourceVersion;
    }

    /** {@code manager/operation[/subresource]} of all entries, in the order they are written. */
    List<String> owners() {
        return entries()
                .map(entry -> entry.path("manager").asText()
                        + "/" + entry.path("operation").asText()
                        + (entry.has("subresource")
                                ? "/" + entry.path("subresource").asText()
                                : ""))
                .toList();
    }

    JsonNode entry(String owner) {
        return get().path("metadata").path("managedFields").get(owners().indexOf(owner));
    }

    /** The paths of an entry, as text. */
    List<String> owned(String owner) {
        return FieldSet.fromFieldsV1(entry(owner).path("fieldsV1"))
                .toString()
                .lines()
                .toList();
    }

    private Stream<JsonNode> entries() {
        return StreamSupport.stream(get().path("metadata").path("managedFields").spliterator(), false);
    }
}
