package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.merge.ApplyConflict;
import dev.trimtab.sandbox.merge.ApplyRequest;
import dev.trimtab.sandbox.merge.JsonPatch;
import dev.trimtab.sandbox.merge.MergePatch;
import dev.trimtab.sandbox.merge.PatchFailed;
import dev.trimtab.sandbox.merge.ServerSideApply;
import dev.trimtab.sandbox.merge.StrategicMergePatch;
import dev.trimtab.sandbox.merge.TypedFailure;
import dev.trimtab.sandbox.store.Key;
import java.util.List;
import java.util.Optional;

/** PATCH in its four kinds. */
public final class Patch {

    /** How the body is to be read; by its content type. */
    public enum Kind {
        JSON,
        MERGE,
        STRATEGIC,
        APPLY
    }

    private final Backend backend;
    private final Create create;
    private final Modify modify;

    Patch(Backend backend, Create create, Modify modify) {
        this.backend = backend;
        this.create = create;
        this.modify = modify;
    }

    /** All kinds but apply. */
    public ObjectNode patch(
            Endpoint endpoint,
            String subresource,
            String namespace,
            String name,
            Kind kind,
            JsonNode body,
            WriteOptions options) {
        Resource resource = endpoint.resource();
        return modify.modify(
                endpoint,
                subresource,
                backend.key(resource, namespace, name),
                live -> {
                    ObjectNode patched = patched(endpoint, kind, live, body);
                    Bodies.checkName(name, patched);
                    checkUid(resource, live, patched);
                    return Shaping.shape(endpoint, patched, Shaping.Origin.PATCHED, options);
                },
                Modify.Ownership.TRACKED,
                options);
    }

    /** The patched copy of {@code live}. */
    static ObjectNode patched(Endpoint endpoint, Kind kind, ObjectNode live, JsonNode body) {
        try {
            return switch (kind) {
                case JSON -> JsonPatch.apply(live, body);
                case MERGE -> MergePatch.apply(live, body);
                case STRATEGIC, APPLY -> StrategicMergePatch.apply(endpoint.type(), live, object(body));
            };
        } catch (PatchFailed e) {
            throw failure(e);
        }
    }

    static StatusException failure(PatchFailed failed) {
        return switch (failed.reason()) {
            case BAD_REQUEST ->
                Failures.badRequest(failed.getMessage() == null ? "the patch is malformed" : failed.getMessage());
            case INVALID -> Failures.unprocessable();
            case MEANINGLESS ->
                Failures.unclassified(failed.getMessage() == null ? "the patch is malformed" : failed.getMessage());
        };
    }

    private static ObjectNode object(JsonNode body) {
        if (body instanceof ObjectNode object) {
            return object;
        }
        throw Failures.badRequest("a strategic merge patch is an object");
    }

    /** Whether the object was there before. */
    public record Applied(boolean created, ObjectNode object) {}

    /** Server-side apply: makes the object or changes it. */
    public Applied apply(
            Endpoint endpoint,
            String subresource,
            String namespace,
            String name,
            ObjectNode applied,
            WriteOptions options) {
        Resource resource = endpoint.resource();
        Bodies.checkApplied(endpoint, applied);
        Bodies.checkNamespace(resource, namespace, applied);
        Bodies.checkName(name, applied);
        if (!applied.path("metadata").path("managedFields").isEmpty()) {
            throw Failures.badRequest("metadata.managedFields must be nil");
        }
        Json.metadata(applied).remove("managedFields");
        dropOtherHalf(endpoint, subresource, applied);
        Key key = backend.key(resource, namespace, name);
        ApplyRequest request = new ApplyRequest(
                endpoint.apiVersion(), options.fieldManager(), subresource, options.force(), backend.now());
        while (true) {
            if (backend.of(resource).get(key).isPresent()) {
                return new Applied(false, applyTo(endpoint, key, applied, request, options));
            }
            if (!subresource.isEmpty()) {
                throw Failures.notFound(resource, name);
            }
            if (!applied.path("metadata").path("uid").asText("").isEmpty()) {
                throw Failures.conflict(
                        resource,
                        name,
                        "uid mismatch: the provided object specified uid "
                                + applied.path("metadata").path("uid").asText() + ", and no existing object was found");
            }
            ObjectNode first = merged(endpoint, Optional.empty(), applied, request);
            Optional<ObjectNode> created = create.createApplied(endpoint, namespace, first, options);
            if (created.isPresent()) {
                return new Applied(true, created.get());
            }
        }
    }

    private ObjectNode applyTo(
            Endpoint endpoint, Key key, ObjectNode applied, ApplyRequest request, WriteOptions options) {
        return modify.modify(
                endpoint,
                request.subresource(),
                key,
                live -> {
                    checkUid(endpoint.resource(), live, applied);
                    ObjectNode merged = merged(endpoint, Optional.of(live), applied, request);
                    JsonNode owners = merged.path("metadata").path("managedFields");
                    ObjectNode next = Shaping.shape(endpoint, merged, Shaping.Origin.PATCHED, options);
                    Json.metadata(next).set("managedFields", owners);
                    JsonNode lock = applied.path("metadata").path("resourceVersion");
                    if (!lock.asText("").isEmpty()) {
                        Json.metadata(next).set("resourceVersion", lock);
                    }
                    return next;
                },
                Modify.Ownership.SETTLED,
                options);
    }

    /** The uid is fixed for ever; it is checked with what an update may change and with all metadata, hence twice. */
    private static void checkUid(Resource resource, ObjectNode live, ObjectNode next) {
        String uid = next.path("metadata").path("uid").asText("");
        if (!uid.isEmpty() && !uid.equals(live.path("metadata").path("uid").asText())) {
            Cause immutable = Cause.invalid("metadata.uid", uid, "field is immutable");
            throw Failures.invalid(resource, Json.name(live), List.of(immutable, immutable));
        }
    }

    private static ObjectNode merged(
            Endpoint endpoint, Optional<ObjectNode> live, ObjectNode applied, ApplyRequest request) {
        try {
            return ServerSideApply.apply(endpoint.type(), live, applied, request);
        } catch (ApplyConflict e) {
            List<Cause> causes = e.conflicts().stream()
                    .map(conflict -> new Cause("FieldManagerConflict", conflict.path(), conflict.message()))
                    .toList();
            throw Failures.applyConflict(e.getMessage() == null ? "Apply failed" : e.getMessage(), causes);
        } catch (TypedFailure e) {
            throw Failures.unclassified(
                    e.getMessage() == null ? "failed to create typed patch object" : e.getMessage());
        }
    }

    private static void dropOtherHalf(Endpoint endpoint, String subresource, ObjectNode applied) {
        if (subresource.equals("status")) {
            List<String> kept = List.of("apiVersion", "kind", "metadata", "status");
            applied.retain(kept);
        } else if (subresource.isEmpty() && endpoint.has("status")) {
            applied.remove("status");
        }
    }
}
