package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.sandbox.Sandbox;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Nodes as a person keeps them from a terminal. */
@Timeout(180)
class NodesCommandTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String DEFINITION = """
            apiVersion: cluster.trimtab.dev/v1alpha1
            kind: Cluster
            metadata: {name: demo}
            spec:
              kubernetesVersion: v1.36.2
              controlPlaneEndpoint: {host: 192.168.0.200, port: 6443}
              network: {podSubnets: [10.244.0.0/16]}
            ---
            apiVersion: cluster.trimtab.dev/v1alpha1
            kind: Inventory
            metadata: {name: nodes}
            spec:
              nodes:
            """;
    private static final String MASTER = "name: k8s-master, address: 192.168.0.10, roles: [control-plane]";

    @TempDir
    private Path folder;

    private Sandbox sandbox;
    private ClusterClient cluster;
    private Path kubeconfig;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.builder()
                .nodes(List.of("k8s-master", "k8s-node1", "k8s-node2"))
                .build()
                .start();
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), sandbox.kubeconfig());
        cluster = Clusters.connect(ClusterSettings.of(kubeconfig));
        Files.createDirectory(folder.resolve("demo"));
        label("k8s-master", "node-role.kubernetes.io/control-plane");
    }

    @AfterEach
    void stop() {
        cluster.close();
        sandbox.close();
    }

    @Test
    void aPlanTellsWhatIsDoneToNodesAndAnApplyDoesIt() throws IOException {
        inventory(
                MASTER,
                "name: k8s-node1, address: 192.168.0.11, labels: {pool: a}",
                "name: k8s-node2, address: 192.168.0.12");

        assertThat(trimtab("plan", "--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString()).contains("Node k8s-node1", "metadata.labels[pool]   + a", "[NOD001]");
        assertThat(trimtab("plan", "--fail-on", "apply")).isEqualTo(ExitCode.FAIL_ON);
        assertThat(trimtab("plan", "-o", "json")).isZero();
        JsonNode json = JSON.readTree(out.toString());
        assertThat(json.path("result").asText()).isEqualTo("changes");
        assertThat(json.at("/nodes/changes/0/kind").asText()).isEqualTo("metadata");

        assertThat(trimtab("apply", "--no-input")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("applied  Node k8s-node1 metadata");
        assertThat(node("k8s-node1").at("/metadata/labels/pool").asText()).isEqualTo("a");
        assertThat(trimtab("plan", "--detailed-exitcode")).isZero();
        assertThat(out.toString()).contains("Nodes: no changes");
    }

    @Test
    void aDefinitionWithoutInventorySaysNothingOfNodes() throws IOException {
        Files.writeString(
                folder.resolve("demo/map.yaml"),
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: default}, data: {a: b}}\n");

        assertThat(trimtab("plan")).isZero();
        assertThat(out.toString()).doesNotContain("Nodes");
        assertThat(trimtab("nodes")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("the definition has no Inventory");
    }

    @Test
    void theTableNamesEveryNodeAndWhatIsWrongWithIt() throws IOException {
        inventory(MASTER, "name: k8s-node1, address: 192.168.0.11", "name: k8s-node7, address: 192.168.0.17");

        assertThat(trimtab("nodes")).isZero();
        assertThat(out.toString())
                .containsPattern("k8s-master +present +ready +v1.36.2")
                .containsPattern("k8s-node2 +- +ready")
                .containsPattern("k8s-node7 +present +- ")
                .contains("NodeUnknown [NOD011]", "NodeMissing [NOD010]", "trimtab bootstrap render --node k8s-node7");
        assertThat(trimtab("nodes", "--fail-on", "critical")).isZero();
        assertThat(trimtab("nodes", "--fail-on", "warning")).isEqualTo(ExitCode.FAIL_ON);
        assertThat(trimtab("nodes", "-o", "json")).isZero();
        JsonNode json = JSON.readTree(out.toString());
        assertThat(json.path("format").asText()).isEqualTo("trimtab.nodes/v1");
        assertThat(json.path("observations").findValuesAsText("reason")).contains("NodeUnknown", "NodeMissing");
    }

    @Test
    void aNodeIsDrainedWithinBudgetsAndRemovedByAPersonOnly() throws IOException {
        podsOnNode1();
        create("policy/v1", "PodDisruptionBudget", """
                {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "web", "namespace": "default"},
                 "spec": {"minAvailable": 2, "selector": {"matchLabels": {"app": "web"}}}}
                """);
        inventory(
                MASTER,
                "name: k8s-node1, address: 192.168.0.11, state: removed",
                "name: k8s-node2, address: 192.168.0.12");

        assertThat(trimtab("plan")).isZero();
        assertThat(out.toString())
                .contains("drain", "2 pods evicted", "PodDisruptionBudget web", "the node is not deleted");
        assertThat(trimtab("apply", "--no-input")).isEqualTo(ExitCode.REFUSED);
        assertThat(node("k8s-node1").at("/spec/unschedulable").asBoolean()).isFalse();

        assertThat(trimtab("apply", "--yes", "--timeout", "1s")).isEqualTo(ExitCode.ERROR);
        assertThat(out.toString())
                .contains("the node stays cordoned", "pod default/web-", "The disruption budget web needs 2");
        assertThat(node("k8s-node1").at("/spec/unschedulable").asBoolean()).isTrue();
        assertThat(podsOn("k8s-node1"))
                .hasSize(2)
                .noneMatch(pod -> pod.at("/metadata").has("deletionTimestamp"));
        assertThat(trimtab("node", "remove", "k8s-node1", "--confirm", "k8s-node1"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("on it: pods to evict: default/web-");

        delete("policy/v1", "PodDisruptionBudget", "web");
        assertThat(trimtab("apply", "--yes", "--timeout", "90s"))
                .as(out.toString() + err)
                .isZero();
        assertThat(podsOn("k8s-node1")).isEmpty();
        assertThat(trimtab("nodes")).isZero();
        assertThat(out.toString()).contains("ReadyToRemove", "trimtab node remove k8s-node1 --confirm k8s-node1");
        assertThat(trimtab("plan", "--detailed-exitcode"))
                .as("nothing is left to write")
                .isZero();

        assertThat(trimtab("node", "remove", "k8s-node1")).isEqualTo(ExitCode.REFUSED);
        assertThat(trimtab("node", "remove", "k8s-node1", "--confirm", "k8s-node2"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(found("k8s-node1")).isPresent();
        assertThat(trimtab("node", "remove", "k8s-node1", "--confirm", "k8s-node1"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("deleted  Node k8s-node1", "kubeadm reset");
        assertThat(found("k8s-node1")).isEmpty();
    }

    @Test
    void theLastControlPlaneNodeIsNeitherDrainedNorRemoved() throws IOException {
        // Git has another control-plane node; the cluster has not.
        inventory(
                MASTER + ", state: removed",
                "name: k8s-node1, address: 192.168.0.11",
                "name: k8s-node2, address: 192.168.0.12, roles: [control-plane]");

        assertThat(trimtab("apply", "--yes")).as(err.toString()).isZero();
        assertThat(err.toString()).contains("RemovalRefused [NOD060]", "it is the last control-plane node");
        assertThat(node("k8s-master").at("/spec/unschedulable").asBoolean()).isFalse();
        assertThat(trimtab("node", "remove", "k8s-master", "--confirm", "k8s-master"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("it is the last control-plane node");
        assertThat(found("k8s-master")).isPresent();
    }

    @Test
    void anEntryThatIsTakenAwayRemovesNoNode() throws IOException {
        inventory(MASTER, "name: k8s-node1, address: 192.168.0.11");

        assertThat(trimtab("apply", "--yes")).as(err.toString()).isZero();
        assertThat(err.toString()).contains("Node k8s-node2   NodeUnknown");
        assertThat(found("k8s-node2")).isPresent();
        assertThat(node("k8s-node2").at("/metadata/labels").has("node-role.kubernetes.io/worker"))
                .isFalse();
    }

    private void podsOnNode1() {
        cordon("k8s-master", true);
        cordon("k8s-node2", true);
        create("apps/v1", "Deployment", """
                {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "default"},
                 "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "template": {
                   "metadata": {"labels": {"app": "web"}},
                   "spec": {"containers": [{"name": "app", "image": "example.com/web:1"}]}}}}
                """);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> podsOn("k8s-node1").stream()
                                .filter(pod -> pod.at("/status/conditions")
                                                .toString()
                                                .contains("\"Ready\",\"status\":\"True\"")
                                        || ready(pod))
                                .count()
                        == 2);
        cordon("k8s-node2", false);
    }

    private static boolean ready(JsonNode pod) {
        for (JsonNode condition : pod.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private void inventory(String... nodes) throws IOException {
        StringBuilder text = new StringBuilder(DEFINITION);
        for (String node : nodes) {
            text.append("    - {").append(node).append("}\n");
        }
        Files.writeString(folder.resolve("demo/cluster.yaml"), text);
    }

    private int trimtab(String command, String... more) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--kubeconfig", kubeconfig.toString()));
        if (!command.equals("node")) {
            arguments.addAll(List.of("-f", folder.resolve("demo").toString()));
        }
        CommandLine line = Trimtab.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments.toArray(String[]::new));
    }

    private void label(String node, String key) {
        patch(node, "{\"metadata\": {\"labels\": {\"" + key + "\": \"\"}}}");
    }

    private void cordon(String node, boolean cordoned) {
        patch(node, "{\"spec\": {\"unschedulable\": " + (cordoned ? "true" : "null") + "}}");
    }

    private void patch(String node, String patch) {
        try {
            cluster.patch(
                    type("v1", "Node"), Optional.empty(), node, "", PatchType.MERGE, JSON.readTree(patch), "kubectl");
        } catch (IOException e) {
            throw new IllegalArgumentException(patch, e);
        }
    }

    private void create(String apiVersion, String kind, String json) {
        try {
            cluster.create(type(apiVersion, kind), (ObjectNode) JSON.readTree(json), "kubectl");
        } catch (IOException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    private void delete(String apiVersion, String kind, String name) {
        cluster.delete(type(apiVersion, kind), Optional.of("default"), name, "", Propagation.BACKGROUND);
    }

    private List<ObjectNode> podsOn(String node) {
        return cluster.list(type("v1", "Pod"), Optional.of("default"), "app=web", "spec.nodeName=" + node);
    }

    private Optional<ObjectNode> found(String node) {
        return cluster.get(type("v1", "Node"), Optional.empty(), node);
    }

    private ObjectNode node(String name) {
        return found(name).orElseThrow();
    }

    private ResourceType type(String apiVersion, String kind) {
        return cluster.resource(apiVersion, kind).orElseThrow();
    }
}
