package dev.trimtab.join;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.bootstrap.NodeReport;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ResourceType;
import java.util.Optional;

/** Keeps with each Node what {@code verify.sh} last found on its machine. */
public final class NodeReports {

    /** Of no sync: whoever looked at the machine wrote it. */
    private static final String MANAGER = "verify.trimtab.dev";

    private final ClusterClient cluster;

    public NodeReports(ClusterClient cluster) {
        this.cluster = cluster;
    }

    /**
     * @return whether there is such a node
     * @throws dev.trimtab.kube.ApiException when the cluster does not answer or refuses
     */
    public boolean keep(String node, NodeReport report) {
        ResourceType nodes = cluster.resource("v1", "Node").orElseThrow();
        Optional<ObjectNode> found = cluster.get(nodes, Optional.empty(), node);
        found.ifPresent(live -> {
            ObjectNode applied = JsonNodeFactory.instance
                    .objectNode()
                    .put("apiVersion", "v1")
                    .put("kind", "Node");
            // The uid: a node that went meanwhile must not come back as an empty object.
            applied.putObject("metadata")
                    .put("name", node)
                    .put("uid", live.at("/metadata/uid").asText())
                    .putObject("annotations")
                    .put(NodeReport.ANNOTATION, report.text());
            cluster.apply(nodes, applied, new ApplyOptions(MANAGER, true, false));
        });
        return found.isPresent();
    }
}
