package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.sandbox.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A cluster that somebody built with kubeadm, and then with {@code kubectl apply -f} of flannel's release file and of what a Kuboard
 * server gave out: three nodes, one of the control plane, one for GPUs, one cordoned.
 */
final class HandBuiltCluster implements AutoCloseable {

    static final String READER = "reads-a-little";

    /** Values of the Kuboard agent's environment. */
    static final List<String> SECRETS = List.of("S3cr3tAgentKeyForTests32bytes000", "S3cr3tAnonymousToken.ForTests");

    /** The name under which kubectl writes whole manifests from a person's machine. */
    private static final String KUBECTL = "kubectl-client-side-apply";

    private static final JsonMapper JSON = new JsonMapper();

    final Sandbox sandbox;
    final ClusterClient client;
    final Path kubeconfig;

    HandBuiltCluster(Path folder) throws IOException {
        sandbox = Sandbox.builder()
                .nodes(List.of("k8s-master", "k8s-node1", "k8s-node2"))
                .user(READER, "reader")
                .build()
                .start();
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), sandbox.kubeconfig());
        client = Clusters.connect(ClusterSettings.of(kubeconfig));
    }

    /** @param resources names of files beside this class */
    HandBuiltCluster with(String... resources) {
        for (String resource : resources) {
            for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text(resource))) {
                create(JSON.valueToTree(document));
            }
        }
        return this;
    }

    HandBuiltCluster withNodesAsKubeadmJoinsThem() {
        patch("v1", "Node", "", "k8s-master", """
                {"metadata": {"labels": {"node-role.kubernetes.io/control-plane": "",
                   "node.kubernetes.io/exclude-from-external-load-balancers": ""}},
                 "spec": {"taints": [{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}]}}
                """);
        patch("v1", "Node", "", "k8s-node1", """
                {"metadata": {
                   "labels": {"pool": "gpu", "topology.kubernetes.io/zone": "a", "beta.kubernetes.io/os": "linux"},
                   "annotations": {"flannel.alpha.coreos.com/backend-type": "vxlan",
                     "flannel.alpha.coreos.com/public-ip": "192.168.0.11",
                     "kubeadm.alpha.kubernetes.io/cri-socket": "unix:///run/containerd/containerd.sock"}},
                 "spec": {"taints": [{"key": "pool", "value": "gpu", "effect": "NoSchedule"},
                   {"key": "node.kubernetes.io/not-ready", "effect": "NoExecute"}]}}
                """);
        patch("v1", "Node", "", "k8s-node2", "{\"spec\": {\"unschedulable\": true}}");
        return this;
    }

    void create(ObjectNode object) {
        client.create(
                type(object.path("apiVersion").asText(), object.path("kind").asText()), object, KUBECTL);
    }

    void patch(String apiVersion, String kind, String namespace, String name, String patch) {
        client.patch(type(apiVersion, kind), in(namespace), name, "", PatchType.MERGE, json(patch), "kubectl-edit");
    }

    JsonNode get(String apiVersion, String kind, String namespace, String name) {
        return client.get(type(apiVersion, kind), in(namespace), name)
                .map(JsonNode.class::cast)
                .orElseGet(MissingNode::getInstance);
    }

    private static Optional<String> in(String namespace) {
        return Optional.of(namespace).filter(one -> !one.isEmpty());
    }

    private ResourceType type(String apiVersion, String kind) {
        return client.resource(apiVersion, kind).orElseThrow();
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(String resource) {
        try (InputStream stream = HandBuiltCluster.class.getResourceAsStream("import/" + resource)) {
            return new String(Objects.requireNonNull(stream, resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        sandbox.close();
    }
}
