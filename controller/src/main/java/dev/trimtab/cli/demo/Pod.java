package dev.trimtab.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ResourceType;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a person sees of a pod.
 *
 * @param restarts of all containers together
 * @param image of the first container, as the pod's status says once it runs
 * @param labels without those that tell revisions apart
 * @param settled running and ready, or neither started nor stopped at the moment
 */
record Pod(
        String name, String uid, String ip, int restarts, String image, Map<String, String> labels, boolean settled) {

    /** Labels that a controller changes with each revision. */
    private static boolean tellsRevision(String label) {
        return label.equals("controller-revision-hash")
                || label.equals("pod-template-hash")
                || label.startsWith("lifecycle.apps.kruise.io/");
    }

    /** All pods of a namespace by name. */
    static SortedMap<String, Pod> in(ClusterClient cluster, String namespace) {
        ResourceType pods = cluster.resource("v1", "Pod").orElseThrow();
        SortedMap<String, Pod> found = new TreeMap<>();
        for (JsonNode pod : cluster.list(pods, Optional.of(namespace), "")) {
            Pod seen = of(pod);
            found.put(seen.name(), seen);
        }
        return found;
    }

    private static Pod of(JsonNode pod) {
        JsonNode metadata = pod.path("metadata");
        int restarts = 0;
        for (JsonNode container : pod.path("status").path("containerStatuses")) {
            restarts += container.path("restartCount").asInt();
        }
        Map<String, String> labels = new TreeMap<>();
        metadata.path("labels").properties().forEach(label -> {
            if (!tellsRevision(label.getKey())) {
                labels.put(label.getKey(), label.getValue().asText());
            }
        });
        return new Pod(
                metadata.path("name").asText(),
                metadata.path("uid").asText(),
                pod.path("status").path("podIP").asText(),
                restarts,
                pod.path("spec").path("containers").path(0).path("image").asText(),
                labels,
                !metadata.has("deletionTimestamp") && ready(pod));
    }

    private static boolean ready(JsonNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }
}
