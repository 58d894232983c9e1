package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One list of a resource, read in pages so that neither side holds a large one as a whole. Not safe for many threads. */
final class Pages {

    private static final int SIZE = 500;
    private static final int RESTARTS = 3;

    private final ResourceType type;
    private final Optional<String> namespace;
    private final String labelSelector;
    private final String fieldSelector;
    private final List<JsonNode> items = new ArrayList<>();
    private String continueToken = "";
    private String resourceVersion = "";
    private boolean complete;
    private int restarts;

    Pages(ResourceType type, Optional<String> namespace, String labelSelector) {
        this(type, namespace, labelSelector, "");
    }

    Pages(ResourceType type, Optional<String> namespace, String labelSelector, String fieldSelector) {
        this.type = type;
        this.namespace = namespace;
        this.labelSelector = labelSelector;
        this.fieldSelector = fieldSelector;
    }

    Request next(String accept) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("labelSelector", labelSelector);
        query.put("fieldSelector", fieldSelector);
        query.put("limit", Integer.toString(SIZE));
        query.put("continue", continueToken);
        return Request.get(ResourcePath.collection(type, namespace) + ResourcePath.query(query), accept);
    }

    void add(ObjectNode page) {
        page.path("items").forEach(items::add);
        continueToken = page.path("metadata").path("continue").asText("");
        resourceVersion = page.path("metadata").path("resourceVersion").asText("");
        complete = continueToken.isEmpty();
    }

    /** Begins anew after the server lost the snapshot; false when that happened too often or there was no page yet. */
    boolean restart() {
        if (continueToken.isEmpty() || restarts++ >= RESTARTS) {
            return false;
        }
        items.clear();
        continueToken = "";
        return true;
    }

    boolean complete() {
        return complete;
    }

    List<ObjectNode> items(Function<JsonNode, ObjectNode> shape) {
        return items.stream().map(shape).toList();
    }

    /** Where a watch goes on from. */
    String resourceVersion() {
        return resourceVersion;
    }
}
