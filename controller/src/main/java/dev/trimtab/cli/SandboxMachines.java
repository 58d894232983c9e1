package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Inventory.Node;
import dev.trimtab.definition.Inventory.Role;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ResourceType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Gives the nodes of a sandbox what kubeadm and the kubelets of an inventory's machines would have given them. */
final class SandboxMachines {

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int TRIES = 500;
    private static final String CONTROL_PLANE = "node-role.kubernetes.io/control-plane";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ClusterClient client;
    private final ResourceType nodes;

    SandboxMachines(ClusterClient client) {
        this.client = client;
        this.nodes = client.resource("v1", "Node").orElseThrow();
    }

    /** @param definition its nodes that are present are registered already, under their names */
    void join(Definition definition, List<Node> present) {
        for (Node node : present) {
            ObjectNode status = registered(node.name()).path("status").deepCopy();
            ArrayNode addresses = status.putArray("addresses");
            addresses.addObject().put("type", "InternalIP").put("address", node.address());
            addresses.addObject().put("type", "Hostname").put("address", node.name());
            definition.cluster().ifPresent(cluster -> software(status.withObjectProperty("nodeInfo"), cluster, node));
            // Pods of a sandbox reach each other without flannel; its pods are stand-ins, and would never say so.
            status.withArrayProperty("conditions")
                    .addObject()
                    .put("type", "NetworkUnavailable")
                    .put("status", "False")
                    .put("reason", "FlannelIsUp")
                    .put("message", "the sandbox has a network of its own");
            patch(node, "status", JSON.objectNode().set("status", status), "kubelet");
            if (node.isControlPlane()) {
                patch(node, "", controlPlane(node), "kubeadm");
            }
        }
    }

    /** As soon as its kubelet has spoken for the first time, which would write over what is written here. */
    private ObjectNode registered(String name) {
        for (int i = 0; i < TRIES; i++) {
            Optional<ObjectNode> node = client.get(nodes, Optional.empty(), name)
                    .filter(live -> !live.at("/status/conditions").isEmpty());
            if (node.isPresent()) {
                return node.get();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw new IllegalStateException("node " + name + " of the sandbox does not come up");
    }

    private static void software(ObjectNode info, Cluster cluster, Node node) {
        info.put("kubeletVersion", node.kubeletVersion().orElse(cluster.kubernetesVersion()));
        cluster.containerd()
                .version()
                .ifPresent(version -> info.put("containerRuntimeVersion", "containerd://" + version));
    }

    private static ObjectNode controlPlane(Node node) {
        ObjectNode patch = JSON.objectNode();
        patch.putObject("metadata").putObject("labels").put(CONTROL_PLANE, "");
        if (!node.roles().contains(Role.WORKER)) {
            patch.putObject("spec")
                    .putArray("taints")
                    .addObject()
                    .put("key", CONTROL_PLANE)
                    .put("effect", "NoSchedule");
        }
        return patch;
    }

    private void patch(Node node, String subresource, JsonNode patch, String manager) {
        client.patch(nodes, Optional.empty(), node.name(), subresource, PatchType.MERGE, (ObjectNode) patch, manager);
    }
}
