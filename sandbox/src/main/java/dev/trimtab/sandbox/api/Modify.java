package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.kinds.Metadata;
import dev.trimtab.sandbox.api.kinds.Strategy;
import dev.trimtab.sandbox.merge.ServerSideApply;
import dev.trimtab.sandbox.merge.UpdateRequest;
import dev.trimtab.sandbox.store.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The one way in which a stored object changes: read it, compute the next state from exactly that, and store it if nobody was
 * faster; otherwise start again.
 */
public final class Modify {

    /** Who writes down the owners of the fields. */
    enum Ownership {
        /** Compare before and after. */
        TRACKED,
        /** The change has already done it, as server-side apply does. */
        SETTLED
    }

    private final Backend backend;

    Modify(Backend backend) {
        this.backend = backend;
    }

    /** PUT. */
    public ObjectNode update(
            Endpoint endpoint,
            String subresource,
            String namespace,
            String name,
            ObjectNode body,
            WriteOptions options) {
        Resource resource = endpoint.resource();
        Bodies.checkKind(endpoint, backend.catalog(), body);
        Bodies.checkNamespace(resource, namespace, body);
        Bodies.checkName(name, body);
        if (resource.is(Resource.Trait.CUSTOM)
                && body.path("metadata").path("resourceVersion").asText("").isEmpty()) {
            backend.require(resource, backend.key(resource, namespace, name));
            throw Failures.invalid(
                    resource.group(),
                    resource.plural(),
                    name,
                    List.of(Cause.invalidValue("metadata.resourceVersion", "0", "must be specified for an update")));
        }
        ObjectNode shaped = Shaping.shape(endpoint, body, Shaping.Origin.BODY, options);
        return modify(
                endpoint,
                subresource,
                backend.key(resource, namespace, name),
                live -> shaped.deepCopy(),
                Ownership.TRACKED,
                options);
    }

    /**
     * @param change from the stored object, as {@code endpoint} shows it, to a tree of its own; may run more than once
     */
    ObjectNode modify(
            Endpoint endpoint,
            String subresource,
            Key key,
            UnaryOperator<ObjectNode> change,
            Ownership ownership,
            WriteOptions options) {
        Resource resource = endpoint.resource();
        while (true) {
            ObjectNode live = backend.require(resource, key);
            ObjectNode candidate = change.apply(endpoint.show(live));
            checkLocks(resource, key, candidate, live);
            ObjectNode next =
                    backend.toStorage(resource, advance(endpoint, subresource, candidate, live, ownership, options));
            if (Unchanged.is(next, live)) {
                return endpoint.show(live);
            }
            if (options.dryRun()) {
                return endpoint.show(next);
            }
            if (Deletions.complete(next)) {
                if (backend.of(resource).remove(key, live, next)) {
                    backend.removed(resource, next);
                    return endpoint.show(next);
                }
            } else if (backend.of(resource).replace(key, live, next)) {
                backend.written(resource, next);
                return endpoint.show(next);
            }
        }
    }

    private ObjectNode advance(
            Endpoint endpoint,
            String subresource,
            ObjectNode candidate,
            ObjectNode live,
            Ownership ownership,
            WriteOptions options) {
        Resource resource = endpoint.resource();
        Strategy strategy = backend.strategy(resource);
        ObjectNode next = candidate;
        keepSystemFields(next, live);
        Subresources.keepRest(endpoint, subresource, next, live);
        strategy.defaults(next);
        if (subresource.isEmpty()) {
            strategy.beforeUpdate(next, live);
        }
        Generations.next(endpoint, subresource, next, live);

        List<Cause> causes = new ArrayList<>();
        Metadata.validate(resource, next, causes);
        Metadata.validateUpdate(next, live, causes);
        if (subresource.equals("status")) {
            strategy.validateStatusUpdate(next, live, causes);
        } else {
            strategy.validate(next, causes);
            if (subresource.isEmpty()) {
                strategy.validateUpdate(next, live, causes);
            }
        }
        if (!causes.isEmpty()) {
            throw Failures.invalid(resource, Json.name(live), causes);
        }
        if (ownership == Ownership.SETTLED) {
            return next;
        }
        return ServerSideApply.update(
                endpoint.type(),
                Optional.of(endpoint.show(live)),
                next,
                new UpdateRequest(endpoint.apiVersion(), options.fieldManager(), subresource, backend.now()));
    }

    private static void checkLocks(Resource resource, Key key, ObjectNode candidate, ObjectNode live) {
        JsonNode sent = candidate.path("metadata");
        JsonNode stored = live.path("metadata");
        String uid = sent.path("uid").asText("");
        if (!uid.isEmpty() && !uid.equals(stored.path("uid").asText())) {
            throw Failures.conflict(
                    resource,
                    key.name(),
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: "
                            + stored.path("uid").asText());
        }
        String version = sent.path("resourceVersion").asText("");
        if (!version.isEmpty()
                && !version.equals("0")
                && !version.equals(stored.path("resourceVersion").asText())) {
            throw Failures.modified(resource, key.name());
        }
    }

    /** What only the server says. */
    private static void keepSystemFields(ObjectNode next, ObjectNode live) {
        ObjectNode to = Json.metadata(next);
        ObjectNode from = Json.metadata(live);
        for (String name : List.of(
                "name",
                "namespace",
                "uid",
                "resourceVersion",
                "creationTimestamp",
                "deletionTimestamp",
                "deletionGracePeriodSeconds")) {
            Json.carry(from, to, name);
        }
        to.remove("selfLink");
        if (to.path("finalizers") instanceof ArrayNode finalizers && finalizers.isEmpty()) {
            to.remove("finalizers");
        }
    }
}
