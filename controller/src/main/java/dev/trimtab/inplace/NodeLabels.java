package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ResourceType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The labels of the nodes that pods run on, for the choice of pods to remove. Asked for when they are needed and then remembered: a
 * watch of all nodes would cost more than all the rest, and the zone of a node does not change.
 */
final class NodeLabels {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLabels.class);

    private final ClusterClient cluster;
    private final Map<String, JsonNode> known = new ConcurrentHashMap<>();

    NodeLabels(ClusterClient cluster) {
        this.cluster = cluster;
    }

    Map<String, JsonNode> labels(List<PodView> pods) {
        Map<String, JsonNode> labels = new HashMap<>();
        for (PodView pod : pods) {
            if (!pod.node().isEmpty() && !labels.containsKey(pod.node())) {
                of(pod.node()).ifPresent(found -> labels.put(pod.node(), found));
            }
        }
        return labels;
    }

    private Optional<JsonNode> of(String node) {
        JsonNode remembered = known.get(node);
        if (remembered != null) {
            return Optional.of(remembered);
        }
        try {
            Optional<ResourceType> nodes = cluster.resource("v1", "Node");
            Optional<JsonNode> labels = nodes.flatMap(type -> cluster.get(type, Optional.empty(), node))
                    .map(found -> found.path("metadata").path("labels"));
            labels.ifPresent(found -> known.put(node, found));
            return labels;
        } catch (ApiException refused) {
            // It only makes the choice of pods worse, and that is no reason to make none.
            LOG.debug("labels of node {}: {}", node, refused.getMessage());
            return Optional.empty();
        }
    }
}
