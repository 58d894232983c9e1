package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.kinds.Metadata;
import dev.trimtab.sandbox.api.kinds.Strategy;
import dev.trimtab.sandbox.merge.ServerSideApply;
import dev.trimtab.sandbox.merge.UpdateRequest;
import dev.trimtab.sandbox.store.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** POST, and the first half of an apply to a name that is free. */
public final class Create {

    private final Backend backend;

    Create(Backend backend) {
        this.backend = backend;
    }

    /**
     * @param namespace of the request's path; empty for cluster-scoped resources
     * @throws StatusException as a client would get it
     */
    public ObjectNode create(Endpoint endpoint, String namespace, ObjectNode body, WriteOptions options) {
        Bodies.checkKind(endpoint, backend.catalog(), body);
        Bodies.checkNamespace(endpoint.resource(), namespace, body);
        if (!body.path("metadata").path("resourceVersion").asText("").isEmpty()) {
            throw Failures.unclassified("resourceVersion should not be set on objects to be created");
        }
        ObjectNode object = Shaping.shape(endpoint, body, Shaping.Origin.BODY, options);
        generateName(object);
        prepare(endpoint, namespace, object);
        ObjectNode owned = ServerSideApply.update(
                endpoint.type(),
                Optional.empty(),
                object,
                new UpdateRequest(endpoint.apiVersion(), options.fieldManager(), "", backend.now()));
        return insert(endpoint, owned, options)
                .orElseThrow(() -> Failures.alreadyExists(endpoint.resource(), Json.name(owned)));
    }

    /**
     * Stores what a server-side apply makes of nothing. Empty when another writer took the name meanwhile.
     *
     * @param object with its managedFields
     */
    Optional<ObjectNode> createApplied(Endpoint endpoint, String namespace, ObjectNode object, WriteOptions options) {
        ObjectNode shaped = Shaping.shape(endpoint, object, Shaping.Origin.PATCHED, options);
        JsonNode owners = shaped.path("metadata").path("managedFields");
        prepare(endpoint, namespace, shaped);
        Json.metadata(shaped).set("managedFields", owners);
        return insert(endpoint, shaped, options);
    }

    private void prepare(Endpoint endpoint, String namespace, ObjectNode object) {
        Resource resource = endpoint.resource();
        ObjectNode metadata = Json.metadata(object);
        if (resource.namespaced()) {
            metadata.put("namespace", namespace);
        } else {
            metadata.remove("namespace");
        }
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", Json.time(backend.now()));
        metadata.remove(List.of("resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"));
        Generations.first(endpoint, object);
        Strategy strategy = backend.strategy(resource);
        if (endpoint.has("status") && !strategy.bringsStatus()) {
            object.remove("status");
        }
        strategy.defaults(object);
        strategy.beforeCreate(object, backend.now());
    }

    private Optional<ObjectNode> insert(Endpoint endpoint, ObjectNode object, WriteOptions options) {
        Resource resource = endpoint.resource();
        Key key = backend.key(resource, Json.namespace(object), Json.name(object));
        admitToNamespace(resource, key);
        List<Cause> causes = new ArrayList<>();
        Metadata.validate(resource, object, causes);
        backend.strategy(resource).validate(object, causes);
        admitServiceAccount(resource, key, object);
        if (!causes.isEmpty()) {
            throw Failures.invalid(resource, key.name(), causes);
        }
        ObjectNode stored = backend.toStorage(resource, object);
        boolean written = options.dryRun()
                ? backend.of(resource).get(key).isEmpty()
                : backend.of(resource).insert(key, stored);
        if (!written) {
            return Optional.empty();
        }
        if (!options.dryRun()) {
            backend.written(resource, stored);
        }
        return Optional.of(endpoint.show(stored));
    }

    private void admitToNamespace(Resource resource, Key key) {
        if (!resource.namespaced()) {
            return;
        }
        Resource namespaces = backend.endpoint("namespaces").resource();
        ObjectNode namespace = backend.require(namespaces, new Key("", key.namespace()));
        if (namespace.path("metadata").has("deletionTimestamp")) {
            throw Failures.forbidden(
                    resource,
                    key.name(),
                    "unable to create new content in namespace " + key.namespace() + " because it is being terminated",
                    List.of(new Cause(
                            "NamespaceTerminating",
                            "metadata.namespace",
                            "namespace " + key.namespace() + " is being terminated")));
        }
    }

    /**
     * A pod whose service account is missing is refused. The default one is taken to be there: a controller makes it in every
     * namespace, which may take a moment or, in a sandbox without controllers, for ever.
     */
    private void admitServiceAccount(Resource resource, Key key, ObjectNode object) {
        String account = object.path("spec").path("serviceAccountName").asText();
        if (!resource.name().equals("pods") || account.isEmpty() || account.equals("default")) {
            return;
        }
        Resource accounts = backend.endpoint("serviceaccounts").resource();
        if (backend.of(accounts).get(new Key(key.namespace(), account)).isEmpty()) {
            throw Failures.forbidden(
                    resource,
                    key.name(),
                    "error looking up service account " + key.namespace() + "/" + account + ": serviceaccount \""
                            + account + "\" not found",
                    List.of());
        }
    }

    private static void generateName(ObjectNode object) {
        ObjectNode metadata = Json.metadata(object);
        String prefix = metadata.path("generateName").asText("");
        if (metadata.path("name").asText("").isEmpty() && !prefix.isEmpty()) {
            metadata.put("name", NameSuffix.appendTo(prefix));
        }
    }
}
