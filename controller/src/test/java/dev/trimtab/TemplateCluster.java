package dev.trimtab;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.render.Written;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The definition that people fork, and its machines after they have joined. */
public final class TemplateCluster {

    public static final Path FOLDER = Path.of("..", "repo-template");
    public static final List<String> NODES = List.of("k8s-master", "k8s-node1", "k8s-node2");

    private TemplateCluster() {}

    /** All of its files by their path. */
    public static SortedMap<String, String> files() {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(FOLDER)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                files.put(FOLDER.relativize(file).toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** Gives {@link #NODES}, which are there, what kubeadm and the kubelets of the inventory's machines would have given them. */
    public static void joined(ClusterClient cluster) {
        ResourceType nodes = type(cluster, "Node");
        for (int i = 0; i < NODES.size(); i++) {
            String name = NODES.get(i);
            await("the first word of " + name)
                    .until(() -> !cluster.get(nodes, Optional.empty(), name)
                            .orElseThrow()
                            .at("/status/conditions")
                            .isEmpty());
            ObjectNode status = Written.object("""
                    status:
                      addresses: [{type: InternalIP, address: 192.168.16.20%d}, {type: Hostname, address: %s}]
                      nodeInfo: {kubeletVersion: v1.36.4, containerRuntimeVersion: containerd://2.3.4}
                    """.formatted(i, NODES.get(i)));
            cluster.patch(nodes, Optional.empty(), NODES.get(i), "status", PatchType.MERGE, status, "kubelet");
        }
        ObjectNode master = Written.object("""
                metadata: {labels: {node-role.kubernetes.io/control-plane: ""}}
                spec: {taints: [{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}]}
                """);
        cluster.patch(nodes, Optional.empty(), NODES.get(0), "", PatchType.MERGE, master, "kubeadm");
    }

    /** What the template names and does not hold: a person brings it. */
    public static void secretsOfTheAgent(ClusterClient cluster) {
        cluster.create(
                type(cluster, "Namespace"),
                Written.object("{apiVersion: v1, kind: Namespace, metadata: {name: kuboard}}"),
                "kubectl");
        cluster.create(type(cluster, "Secret"), Written.object("""
                        apiVersion: v1
                        kind: Secret
                        metadata: {name: kuboard-agent, namespace: kuboard}
                        stringData: {agentKey: of-a-test, anonymousToken: of-a-test-too}
                        """), "kubectl");
    }

    private static ResourceType type(ClusterClient cluster, String kind) {
        return cluster.resource("v1", kind).orElseThrow();
    }
}
