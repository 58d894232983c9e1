package dev.trimtab.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.Ownership;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From what was written to what is sent. */
final class Manifests {

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    /** Fields that only the server writes. Applying them is refused by it, or makes us own what is not ours. */
    private static final List<String> SERVER_METADATA = List.of(
            "managedFields",
            "uid",
            "resourceVersion",
            "creationTimestamp",
            "deletionTimestamp",
            "generation",
            "selfLink");

    private Manifests() {}

    /** A copy with the namespace, our label, and without what the server alone writes. */
    static ObjectNode prepare(ObjectNode written, Optional<String> namespace, String syncName) {
        ObjectNode json = written.deepCopy();
        json.remove("status");
        ObjectNode metadata = json.withObjectProperty("metadata");
        metadata.remove(SERVER_METADATA);
        if (metadata.path("annotations") instanceof ObjectNode annotations && annotations.has(LAST_APPLIED)) {
            // Left by "kubectl get -o yaml"; it repeats the whole object, Secret data included.
            annotations.remove(LAST_APPLIED);
        }
        if (metadata.path("annotations").isObject()
                && metadata.path("annotations").isEmpty()) {
            // An empty map says nothing, but would be a field to own, which we would lose whenever an annotation comes
            // and goes.
            metadata.remove("annotations");
        }
        if (namespace.isPresent()) {
            metadata.put("namespace", namespace.get());
        } else {
            metadata.remove("namespace");
        }
        metadata.withObjectProperty("labels").put(Ownership.SYNC_LABEL, syncName);
        if (isSecret(json)) {
            encodeStringData(json);
        }
        return json;
    }

    static boolean isSecret(ObjectNode json) {
        return json.path("kind").asText().equals("Secret")
                && json.path("apiVersion").asText().equals("v1");
    }

    /** Whether stringData, where there is one, is a map of text. */
    static boolean hasReadableStringData(ObjectNode secret) {
        JsonNode text = secret.path("stringData");
        if (text.isMissingNode() || text.isNull()) {
            return true;
        }
        boolean dataIsMap = !secret.hasNonNull("data") || secret.path("data").isObject();
        boolean allText = text.isObject()
                && text.properties().stream().allMatch(e -> e.getValue().isTextual());
        return dataIsMap && allText;
    }

    /**
     * Moves stringData into data, as the server does on a write. It keeps no stringData, so under server-side apply a key
     * taken out of stringData would otherwise stay in the cluster.
     */
    private static void encodeStringData(ObjectNode secret) {
        JsonNode text = secret.remove("stringData");
        if (text == null || text.isNull() || text.isEmpty()) {
            return;
        }
        if (!secret.path("data").isObject()) {
            secret.remove("data");
        }
        ObjectNode data = secret.withObjectProperty("data");
        for (Map.Entry<String, JsonNode> entry : text.properties()) {
            byte[] bytes = entry.getValue().asText().getBytes(StandardCharsets.UTF_8);
            data.put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
        }
    }
}
