package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A cluster over fabric8's HTTP layer and nothing above it: its typed models drop empty lists and maps and rewrite quantities, so
 * objects never become such models.
 */
final class Fabric8Cluster implements ClusterClient {

    /** A look at a certificate is worth no long wait. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final String APPLY = "application/apply-patch+yaml";
    private static final ResourceType NAMESPACES =
            new ResourceType("", "v1", "Namespace", "namespaces", false, Set.of());
    private static final ResourceType PODS = new ResourceType("", "v1", "Pod", "pods", true, Set.of("eviction"));

    private final String name;
    private final Transport transport;
    private final Discovery discovery;
    private final Watches watches;

    Fabric8Cluster(String name, Transport transport, Clock clock) {
        this.name = name;
        this.transport = transport;
        this.discovery = new Discovery(this::discoveryDocument, clock);
        this.watches = new Watches(name, transport);
    }

    @Override
    public void onContact(ContactListener listener) {
        transport.contact().tell(listener);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> uid() {
        return get(NAMESPACES, Optional.empty(), "kube-system")
                .map(namespace -> namespace.path("metadata").path("uid").asText(""))
                .filter(text -> !text.isEmpty());
    }

    @Override
    public String version() {
        return tree("read the server's version", Optional.empty(), Request.get("/version"))
                .path("gitVersion")
                .asText("");
    }

    @Override
    public Optional<Instant> servingCertificateEnd() {
        return ServingCertificate.end(URI.create(transport.server()), LOOK);
    }

    @Override
    public Optional<ResourceType> resource(String apiVersion, String kind) {
        return discovery.resource(apiVersion, kind);
    }

    @Override
    public Optional<ResourceType> preferredResource(String group, String kind) {
        return discovery.preferred(group, kind);
    }

    @Override
    public Optional<ObjectNode> get(ResourceType type, Optional<String> namespace, String name) {
        String path = ResourcePath.object(type, namespace, name, "");
        try {
            return Optional.of(tree(attempt("get", type, namespace, name), Optional.of(type), Request.get(path)));
        } catch (ApiException e) {
            if (e.errorClass() == ErrorClass.NOT_FOUND || e.errorClass() == ErrorClass.NAMESPACE_MISSING) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public List<ObjectNode> list(ResourceType type, Optional<String> namespace, String labelSelector) {
        return list(type, namespace, labelSelector, "");
    }

    @Override
    public List<ObjectNode> list(
            ResourceType type, Optional<String> namespace, String labelSelector, String fieldSelector) {
        String what = "list " + type.plural() + namespace.map(ns -> " in " + ns).orElse("");
        Pages pages = new Pages(type, namespace, labelSelector, fieldSelector);
        while (!pages.complete()) {
            try {
                pages.add(tree(what, Optional.of(type), pages.next(Request.JSON)));
            } catch (ApiException e) {
                // The snapshot that the pages were cut from is too old by now.
                if (e.errorClass() != ErrorClass.GONE || !pages.restart()) {
                    throw e;
                }
            }
        }
        return pages.items(item -> Trees.named(type, item));
    }

    @Override
    public ObjectNode create(ResourceType type, ObjectNode object, String fieldManager) {
        Optional<String> namespace = namespace(object);
        String path = ResourcePath.home(type, namespace, nameOf(object))
                + ResourcePath.query(Map.of("fieldManager", fieldManager));
        return tree(attempt("create", type, namespace, nameOf(object)), Optional.of(type), Request.post(path, object));
    }

    @Override
    public Applied apply(ResourceType type, ObjectNode object, ApplyOptions options) {
        Optional<String> namespace = namespace(object);
        String path = ResourcePath.object(type, namespace, nameOf(object), "")
                + ResourcePath.query(Map.of(
                        "fieldManager",
                        options.fieldManager(),
                        "force",
                        options.force() ? "true" : "false",
                        "dryRun",
                        options.dryRun() ? "All" : "",
                        "fieldValidation",
                        "Strict"));
        String what = attempt(options.dryRun() ? "dry-run" : "apply", type, namespace, nameOf(object));
        Reply reply = accepted(what, Optional.of(type), Request.patch(path, APPLY, object, true));
        return new Applied(parsed(what, reply), reply.warnings());
    }

    @Override
    public ObjectNode patch(
            ResourceType type,
            Optional<String> namespace,
            String name,
            String subresource,
            PatchType patchType,
            JsonNode body,
            String fieldManager) {
        String mediaType = switch (patchType) {
            case JSON -> "application/json-patch+json";
            case MERGE -> "application/merge-patch+json";
            case STRATEGIC -> "application/strategic-merge-patch+json";
        };
        String path = ResourcePath.object(type, namespace, name, subresource)
                + ResourcePath.query(Map.of("fieldManager", fieldManager));
        // A JSON patch that appends to a list appends twice when it is sent twice; the others say what should be.
        return tree(
                attempt("patch", type, namespace, name),
                Optional.of(type),
                Request.patch(path, mediaType, body, patchType != PatchType.JSON));
    }

    @Override
    public Optional<ObjectNode> delete(
            ResourceType type, Optional<String> namespace, String name, String uid, Propagation propagation) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        options.put("apiVersion", "v1").put("kind", "DeleteOptions");
        options.put(
                "propagationPolicy",
                switch (propagation) {
                    case BACKGROUND -> "Background";
                    case FOREGROUND -> "Foreground";
                    case ORPHAN -> "Orphan";
                });
        if (!uid.isEmpty()) {
            options.putObject("preconditions").put("uid", uid);
        }
        String what = attempt("delete", type, namespace, name);
        Reply reply = transport.call(what, Request.delete(ResourcePath.object(type, namespace, name, ""), options));
        if (!reply.ok() && reply.code() != 404 && !ApiErrors.isOtherOrGoing(reply)) {
            throw refused(what, Optional.of(type), reply);
        }
        if (!reply.ok()) {
            return Optional.empty();
        }
        // Some servers answer with a Status, some with the object as it last was, also when it is gone.
        ObjectNode answer = parsed(what, reply);
        return answer.path("metadata").hasNonNull("deletionTimestamp") ? Optional.of(answer) : Optional.empty();
    }

    @Override
    public void evict(String namespace, String name, String uid) {
        ObjectNode eviction = JsonNodeFactory.instance.objectNode();
        eviction.put("apiVersion", "policy/v1").put("kind", "Eviction");
        eviction.putObject("metadata").put("name", name).put("namespace", namespace);
        eviction.putObject("deleteOptions").putObject("preconditions").put("uid", uid);
        String what = attempt("evict", PODS, Optional.of(namespace), name);
        String path = ResourcePath.object(PODS, Optional.of(namespace), name, "eviction");
        Reply reply = transport.call(what, Request.post(path, eviction));
        if (!reply.ok() && reply.code() != 404 && !ApiErrors.isOtherOrGoing(reply)) {
            throw refused(what, Optional.of(PODS), reply);
        }
    }

    @Override
    public Informer informer(
            ResourceType type, Optional<String> namespace, String labelSelector, Consumer<Event> onEvent) {
        return watches.open(WatchedSet.full(type, namespace, labelSelector), onEvent);
    }

    @Override
    public Informer metadataInformer(
            ResourceType type, Optional<String> namespace, String labelSelector, Consumer<Event> onEvent) {
        return watches.open(WatchedSet.metadata(type, namespace, labelSelector), onEvent);
    }

    @Override
    public int informers() {
        return watches.count();
    }

    @Override
    public void close() {
        watches.close();
        transport.close();
    }

    private Optional<ObjectNode> discoveryDocument(String path) {
        String what = "discover " + path;
        Reply reply = transport.call(what, Request.get(path));
        if (reply.code() == 404) {
            return Optional.empty();
        }
        if (!reply.ok()) {
            throw ApiErrors.of(what, Optional.empty(), reply);
        }
        return Optional.of(parsed(what, reply));
    }

    private ObjectNode tree(String what, Optional<ResourceType> type, Request request) {
        return parsed(what, accepted(what, type, request));
    }

    private Reply accepted(String what, Optional<ResourceType> type, Request request) {
        Reply reply = transport.call(what, request);
        if (!reply.ok()) {
            throw refused(what, type, reply);
        }
        return reply;
    }

    private ApiException refused(String what, Optional<ResourceType> type, Reply reply) {
        ApiException refusal = ApiErrors.of(what, type, reply);
        if (refusal.errorClass() == ErrorClass.KIND_MISSING) {
            type.ifPresent(missing -> discovery.forget(missing.apiVersion()));
        }
        return refusal;
    }

    private static ObjectNode parsed(String what, Reply reply) {
        try {
            return Trees.object(reply.text());
        } catch (IOException e) {
            // Without the cause: Jackson quotes the text that it could not read.
            throw new ApiException(
                    reply.code(),
                    ErrorClass.RETRY,
                    what + ": the server's answer is not a JSON object",
                    List.of(),
                    reply.retryAfterSeconds());
        }
    }

    private static String attempt(String verb, ResourceType type, Optional<String> namespace, String name) {
        return verb + " " + new ObjectKey(type.group(), type.kind(), namespace, name);
    }

    private static Optional<String> namespace(ObjectNode object) {
        return ObjectKey.of(object).namespace();
    }

    private static String nameOf(ObjectNode object) {
        return object.path("metadata").path("name").asText("");
    }
}
