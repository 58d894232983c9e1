package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Which objects an informer keeps, and how much of each.
 *
 * @param listAccept media types of a list, the best first
 * @param watchAccept media types of a watch
 * @param shape makes of what the server sent what is told
 * @param keep makes of what is told what is remembered
 */
record WatchedSet(
        ResourceType type,
        Optional<String> namespace,
        String labelSelector,
        String listAccept,
        String watchAccept,
        Function<JsonNode, ObjectNode> shape,
        UnaryOperator<ObjectNode> keep) {

    static WatchedSet full(ResourceType type, Optional<String> namespace, String labelSelector) {
        return new WatchedSet(
                type,
                namespace,
                labelSelector,
                Request.JSON,
                Request.JSON,
                item -> Trees.named(type, item),
                UnaryOperator.identity());
    }

    static WatchedSet metadata(ResourceType type, Optional<String> namespace, String labelSelector) {
        return new WatchedSet(
                type,
                namespace,
                labelSelector,
                metadataOf("PartialObjectMetadataList", type),
                metadataOf("PartialObjectMetadata", type),
                item -> Trees.metadataOnly(type, item),
                Trees::stub);
    }

    Pages pages() {
        return new Pages(type, namespace, labelSelector);
    }

    Request watch(String resourceVersion, long timeoutSeconds) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("watch", "true");
        query.put("allowWatchBookmarks", "true");
        query.put("labelSelector", labelSelector);
        query.put("resourceVersion", resourceVersion);
        query.put("timeoutSeconds", Long.toString(timeoutSeconds));
        return Request.get(ResourcePath.collection(type, namespace) + ResourcePath.query(query), watchAccept);
    }

    @Override
    public String toString() {
        return type.plural()
                + (type.group().isEmpty() ? "" : "." + type.group())
                + namespace.map(ns -> " in " + ns).orElse("")
                + (labelSelector.isEmpty() ? "" : " with " + labelSelector);
    }

    /**
     * Kubernetes API concepts, "Metadata-only fetches". Aggregated servers may know only plain JSON, of which then the metadata is
     * kept; not so for Secrets, whose data had better not come at all.
     */
    private static String metadataOf(String kind, ResourceType type) {
        String partial = "application/json;as=" + kind + ";g=meta.k8s.io;v=v1";
        return type.group().isEmpty() ? partial : partial + "," + Request.JSON;
    }
}
