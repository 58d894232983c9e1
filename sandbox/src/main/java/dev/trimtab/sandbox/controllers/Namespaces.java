package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import dev.trimtab.sandbox.api.LocalApi.Served;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gives each namespace its default service account and the certificates that its pods trust, and empties one that is being
 * deleted before it lets go of it. While something is left, the namespace's status says what.
 */
final class Namespaces implements Controller {

    private static final String MANAGER = "kube-controller-manager";
    private static final String FINALIZER = "kubernetes";
    private static final String ROOT_CERTIFICATES = "kube-root-ca.crt";

    private final Loop loop;
    private final LocalApi api;
    private final OwnerGraph graph;
    private final Informer namespaces;
    private final Informer serviceAccounts;
    private final Informer configMaps;

    Namespaces(Loop loop, LocalApi api, Informers informers, OwnerGraph graph) {
        this.loop = loop;
        this.api = api;
        this.graph = graph;
        this.namespaces = informers.of("namespaces");
        this.serviceAccounts = informers.of("serviceaccounts");
        this.configMaps = informers.of("configmaps");
    }

    void start() {
        namespaces.onChange((before, after) -> {
            if (after != null) {
                loop.enqueue(this, Key.of(after));
            }
        });
        graph.follow((resource, informer) -> {
            if (resource.namespaced()) {
                informer.onChange(this::contentChanged);
            }
        });
    }

    private void contentChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (before != null && after == null) {
            Key namespace = new Key("", Key.of(before).namespace());
            boolean furnished = Set.of("ServiceAccount", "ConfigMap")
                    .contains(before.path("kind").asText());
            namespaces
                    .get(namespace)
                    .filter(owner -> furnished || ObjectMeta.deleting(owner))
                    .ifPresent(owner -> loop.enqueue(this, namespace));
        }
    }

    @Override
    public void reconcile(Key key) {
        namespaces.get(key).ifPresent(namespace -> {
            if (ObjectMeta.deleting(namespace)) {
                empty(namespace);
            } else {
                furnish(key.name());
            }
        });
    }

    private void furnish(String namespace) {
        if (serviceAccounts.get(new Key(namespace, "default")).isEmpty()) {
            serviceAccounts.create(object("ServiceAccount", namespace, "default"), MANAGER);
        }
        if (configMaps.get(new Key(namespace, ROOT_CERTIFICATES)).isEmpty()) {
            ObjectNode certificates = object("ConfigMap", namespace, ROOT_CERTIFICATES);
            // This API is served without TLS: there is nobody to trust.
            certificates.putObject("data").put("ca.crt", "");
            configMaps.create(certificates, MANAGER);
        }
    }

    private static ObjectNode object(String kind, String namespace, String name) {
        ObjectNode object =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", kind);
        object.putObject("metadata").put("namespace", namespace).put("name", name);
        return object;
    }

    /** Asks the server, not a cache: what is overlooked here would outlive its namespace. */
    private void empty(ObjectNode namespace) {
        String name = ObjectMeta.name(namespace);
        Map<String, Integer> remaining = new TreeMap<>();
        Map<String, Integer> finalizers = new TreeMap<>();
        for (Served resource : api.resources()) {
            if (resource.namespaced()) {
                api.list(resource.name(), name).stream()
                        .filter(object -> !ObjectMeta.deleting(object))
                        .forEach(object -> delete(resource, object));
                List<ObjectNode> left = api.list(resource.name(), name);
                if (!left.isEmpty()) {
                    remaining.put(resource.name(), left.size());
                }
                left.forEach(object -> object.path("metadata")
                        .path("finalizers")
                        .forEach(finalizer -> finalizers.merge(finalizer.asText(), 1, Integer::sum)));
            }
        }
        if (remaining.isEmpty()) {
            finish(namespace);
        } else {
            say(namespace, remaining, finalizers);
        }
    }

    private void delete(Served resource, ObjectNode object) {
        Key key = Key.of(object);
        api.delete(resource.name(), key.namespace(), key.name(), ObjectMeta.uid(object), -1, Propagation.BACKGROUND);
    }

    private void finish(ObjectNode namespace) {
        ObjectNode changed = namespace.deepCopy();
        ArrayNode others = changed.withObject("spec").putArray("finalizers");
        for (JsonNode finalizer : namespace.path("spec").path("finalizers")) {
            if (!finalizer.asText().equals(FINALIZER)) {
                others.add(finalizer);
            }
        }
        namespaces.put(Key.of(namespace), "finalize", changed, MANAGER);
    }

    private void say(ObjectNode namespace, Map<String, Integer> remaining, Map<String, Integer> finalizers) {
        ObjectNode changed = namespace.deepCopy();
        ObjectNode status = changed.withObject("status");
        for (ObjectNode condition : List.of(
                fine(
                        "NamespaceDeletionDiscoveryFailure",
                        "ResourcesDiscovered",
                        "All resources successfully discovered"),
                fine(
                        "NamespaceDeletionGroupVersionParsingFailure",
                        "ParsedGroupVersions",
                        "All legacy kube types successfully parsed"),
                fine(
                        "NamespaceDeletionContentFailure",
                        "ContentDeleted",
                        "All content successfully deleted, may be waiting on finalization"),
                Conditions.condition(
                        "NamespaceContentRemaining",
                        true,
                        "SomeResourcesRemain",
                        "Some resources are remaining: " + counted(remaining, ". has ")),
                finalizers.isEmpty()
                        ? fine(
                                "NamespaceFinalizersRemaining",
                                "ContentHasNoFinalizers",
                                "All content-preserving finalizers finished")
                        : Conditions.condition(
                                "NamespaceFinalizersRemaining",
                                true,
                                "SomeFinalizersRemain",
                                "Some content in the namespace has finalizers remaining: "
                                        + counted(finalizers, " in ")))) {
            Conditions.set(status, condition, loop.now());
        }
        if (!Trees.same(changed, namespace)) {
            namespaces.updateStatus(changed, MANAGER);
        }
    }

    private static ObjectNode fine(String type, String reason, String message) {
        return Conditions.condition(type, false, reason, message);
    }

    private static String counted(Map<String, Integer> instances, String verb) {
        return instances.entrySet().stream()
                .map(entry -> entry.getKey() + verb + entry.getValue() + " resource instances")
                .collect(Collectors.joining(", "));
    }
}
