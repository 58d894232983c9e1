package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.kube.Ownership;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What of Nodes a plan depends on: their heartbeats and lists of images, which kubelets write all the time, are not in it. */
public final class NodeFingerprints {

    private NodeFingerprints() {}

    /** By name; equal where a plan would come out the same. */
    public static Map<String, Object> of(List<ObjectNode> nodes, String sync) {
        Map<String, Object> fingerprints = new HashMap<>();
        nodes.forEach(node -> fingerprints.put(
                node.path("metadata").path("name").asText(""), of(node, Ownership.fieldManager(sync))));
        return fingerprints;
    }

    private static List<Object> of(ObjectNode node, String manager) {
        JsonNode metadata = node.path("metadata");
        JsonNode status = node.path("status");
        Optional<JsonNode> ours = ManagedFields.ownedBy(metadata, manager).map(ManagedFields.Entry::fields);
        List<Object> conditions = new ArrayList<>();
        for (JsonNode condition : status.path("conditions")) {
            conditions.add(List.of(
                    condition.path("type"),
                    condition.path("status"),
                    condition.path("reason"),
                    condition.path("lastTransitionTime")));
        }
        return List.of(
                metadata.path("uid"),
                metadata.path("labels"),
                metadata.path("annotations"),
                ours,
                node.path("spec"),
                status.path("addresses"),
                status.path("nodeInfo"),
                conditions);
    }
}
