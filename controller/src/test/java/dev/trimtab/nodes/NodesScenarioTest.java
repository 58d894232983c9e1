package dev.trimtab.nodes;

import static dev.trimtab.nodes.Fixture.SYNC;
import static dev.trimtab.nodes.Fixture.US;
import static dev.trimtab.nodes.Fixture.declared;
import static dev.trimtab.nodes.Fixture.declaredWith;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.kube.CountingProxy;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.nodes.NodeChange.Kind;
import dev.trimtab.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of a real API, with requests counted on the wire. */
@Timeout(120)
class NodesScenarioTest {

    private static final DrainTerms DRAIN = DrainTerms.byPerson(Duration.ofSeconds(1));
    private static final String NODE1 = "name: k8s-node1, address: 192.168.0.11";

    @TempDir
    private Path folder;

    private Sandbox sandbox;
    private CountingProxy wire;
    private ClusterClient cluster;
    private ClusterClient somebody;

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.builder()
                .nodes(List.of("k8s-master", "k8s-node1", "k8s-node2"))
                .build()
                .start();
        Path direct = Files.writeString(folder.resolve("direct"), sandbox.kubeconfig());
        wire = new CountingProxy(direct);
        cluster = Clusters.connect(ClusterSettings.of(Files.writeString(folder.resolve("counted"), wire.kubeconfig())));
        somebody = Clusters.connect(ClusterSettings.of(direct));
    }

    @AfterEach
    void stop() {
        assertThat(wire.requests())
                .as("no node is ever deleted, and no kubelet reached through the API server")
                .noneMatch(request ->
                        request.method().equals("DELETE") || request.path().contains("/proxy"));
        cluster.close();
        somebody.close();
        wire.close();
        sandbox.close();
    }

    @Test
    void labelsFollowGitAndThoseOfOthersStay() {
        humanLabels("{\"zone\": \"x\", \"team\": \"q\", \"shared\": \"s\"}");

        bring(declared(NODE1 + ", labels: {pool: a, zone: b, shared: s}"));
        assertThat(labels()).contains("pool=a", "zone=b", "team=q", "shared=s", "node-role.kubernetes.io/worker=");
        assertThat(ManagedFields.ownedBy(live().path("metadata"), US)).isPresent();
        assertNothingToDo(declared(NODE1 + ", labels: {pool: a, zone: b, shared: s}"));

        NodePlan dropped = bring(declared(NODE1 + ", labels: {pool: a}"));
        assertThat(labels()).contains("pool=a", "team=q", "shared=s").noneMatch(label -> label.startsWith("zone="));
        assertThat(dropped.changes().get(0).notes())
                .anyMatch(note -> note.contains("metadata.labels[shared] left Git and stays"));
        assertNothingToDo(declared(NODE1 + ", labels: {pool: a}"));
    }

    @Test
    void taintsThatComeMeanwhileAreNotLost() {
        DeclaredNodes declared = declared(NODE1 + ", taints: [{key: pool, value: gpu, effect: NoSchedule}]");
        NodePlan plan = nodes().plan(declared, DRAIN);
        AtomicInteger patches = new AtomicInteger();
        wire.mishaps(request -> {
            // The second write to the node is that of its taints; somebody is faster.
            if (request.method().equals("PATCH") && patches.incrementAndGet() == 2) {
                humanPatches(
                        "{\"spec\": {\"taints\": [{\"key\": \"node.kubernetes.io/not-ready\", \"effect\": \"NoExecute\"}]}}");
            }
            return Optional.empty();
        });

        assertThat(nodes().write(plan, DRAIN).succeeded()).isTrue();

        assertThat(wire.requests()).as("refused once").anyMatch(request -> request.code() == 409);
        assertThat(taints()).contains("node.kubernetes.io/not-ready:NoExecute", "pool:NoSchedule");
        assertNothingToDo(declared);
        bring(declared(NODE1));
        assertThat(taints()).containsExactly("node.kubernetes.io/not-ready:NoExecute");
    }

    @Test
    void labelsAndTaintsThatANodeRegisteredWithFollowGitOnceItHoldsThem() {
        somebody.patch(
                type("v1", "Node"),
                Optional.empty(),
                "k8s-node1",
                "",
                PatchType.MERGE,
                Fixture.json("{\"metadata\": {\"labels\": {\"pool\": \"a\", \"rack\": \"r1\"}}, \"spec\": {\"taints\":"
                        + " [{\"key\": \"pool\", \"value\": \"gpu\", \"effect\": \"NoSchedule\"},"
                        + " {\"key\": \"theirs\", \"effect\": \"NoSchedule\"}]}}"),
                "kubelet");
        DeclaredNodes held =
                declared(NODE1 + ", labels: {pool: a}, taints: [{key: pool, value: gpu, effect: NoSchedule}]");
        NodePlan adopted = bring(held);
        assertThat(adopted.changes())
                .flatExtracting(NodeChange::notes)
                .anySatisfy(note -> assertThat(note)
                        .contains("metadata.labels[pool]", "set by kubelet", "goes when it leaves Git"));
        assertNothingToDo(held);

        bring(declared(NODE1));

        assertThat(labels()).contains("rack=r1").noneMatch(label -> label.startsWith("pool="));
        assertThat(taints()).containsExactly("theirs:NoSchedule");
        assertNothingToDo(declared(NODE1));
    }

    @Test
    void aNewNodesTaintGoesWithItsTaintsAfterLabelsAndCordon() {
        DeclaredNodes declared = declared(NODE1
                + ", labels: {pool: a}, schedulable: false, taints: [{key: pool, value: gpu, effect: NoSchedule}]");
        humanPatches(
                "{\"spec\": {\"taints\": [{\"key\": \"trimtab.dev/uninitialized\", \"effect\": \"NoSchedule\"}]}}");
        NodePlan plan = nodes().plan(declared, DRAIN);
        assertThat(plan.changes())
                .extracting(NodeChange::kind)
                .containsExactly(Kind.METADATA, Kind.CORDON, Kind.TAINTS);

        // Labels are refused: then pods must not come.
        wire.mishaps(request ->
                request.query().contains("force=true") ? Optional.of(CountingProxy.Mishap.CONFLICT) : Optional.empty());
        assertThat(nodes().write(plan, DRAIN).succeeded()).isFalse();
        assertThat(taints()).contains("trimtab.dev/uninitialized:NoSchedule");

        wire.mishaps(request -> Optional.empty());
        bring(declared);
        assertThat(taints()).contains("pool:NoSchedule").doesNotContain("trimtab.dev/uninitialized:NoSchedule");
        assertThat(labels()).contains("pool=a");
        assertNothingToDo(declared);
    }

    @Test
    void aNodeThatWentMeanwhileDoesNotComeBack() {
        NodePlan plan = nodes().plan(declared(NODE1 + ", labels: {pool: a}"), DRAIN);
        somebody.delete(type("v1", "Node"), Optional.empty(), "k8s-node1", "", Propagation.BACKGROUND);

        NodeOutcome outcome = nodes().write(plan, DRAIN);

        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.results().get(0).failure()).contains("the node is gone since the plan was made");
        assertThat(somebody.get(type("v1", "Node"), Optional.empty(), "k8s-node1"))
                .isEmpty();
    }

    @Test
    void cordonsFollowGitOnceAndHandsByPolicy() {
        DeclaredNodes cordoned = declared(NODE1 + ", schedulable: false");
        bring(cordoned);
        assertThat(live().at("/spec/unschedulable").asBoolean()).isTrue();
        assertNothingToDo(cordoned);
        bring(declared(NODE1));
        assertThat(live().at("/spec/unschedulable").asBoolean()).isFalse();

        humanPatches("{\"spec\": {\"unschedulable\": true}}");
        NodePlan observed = assertNothingToDo(declared(NODE1));
        assertThat(observed.observations()).extracting(Observation::code).contains(NodeCode.CORDONED_BY_HAND);

        bring(declaredWith("policy: {cordon: enforce}", NODE1));
        assertThat(live().at("/spec/unschedulable").asBoolean()).isFalse();
    }

    @Test
    void identityIsRememberedAndAnotherMachineIsNotWritten() {
        bring(declared(NODE1 + ", labels: {pool: a}"));
        ObjectNode status = live().path("status").deepCopy();
        status.withObjectProperty("nodeInfo").put("machineID", "another");
        ObjectNode patch = Fixture.JSON.createObjectNode();
        patch.set("status", status);
        somebody.patch(type("v1", "Node"), Optional.empty(), "k8s-node1", "status", PatchType.MERGE, patch, "kubelet");

        NodePlan plan = assertNothingToDo(declared(NODE1 + ", labels: {pool: b}"));
        assertThat(plan.observations()).extracting(Observation::code).contains(NodeCode.NODE_IDENTITY_CHANGED);

        humanPatches("{\"metadata\": {\"annotations\": {\"trimtab.dev/machine\": null}}}");
        bring(declared(NODE1 + ", labels: {pool: b}"));
        assertThat(labels()).contains("pool=b");
    }

    @Test
    void tokensAreJudgedWithoutTheirSecretsBeingTold() {
        ObjectNode secret = Fixture.json("""
                {"apiVersion": "v1", "kind": "Secret", "type": "bootstrap.kubernetes.io/token",
                 "metadata": {"namespace": "kube-system", "name": "bootstrap-token-abcdef"},
                 "stringData": {"token-id": "abcdef", "token-secret": "0123456789abcdef"}}
                """);
        somebody.create(type("v1", "Secret"), secret, "kubeadm");

        NodePlan plan = nodes().plan(declared(NODE1), DRAIN);

        assertThat(plan.observations())
                .extracting(Observation::code)
                .contains(NodeCode.TOKEN_WELL_KNOWN, NodeCode.TOKEN_WITHOUT_END);
        assertThat(plan.observations().toString()).doesNotContain("0123456789abcdef");
        assertThat(wire.requests())
                .filteredOn(request -> request.path().endsWith("/secrets"))
                .as("no other Secret is read")
                .isNotEmpty()
                .allMatch(request -> request.query().contains("type%3Dbootstrap.kubernetes.io%2Ftoken"));
    }

    @Test
    void whatAPlanCostsDoesNotGrowWithTheNumberOfNodes() {
        nodes().plan(declared(NODE1), DRAIN);
        wire.forget();

        nodes().plan(declared(NODE1), DRAIN);

        assertThat(wire.requests()).hasSizeLessThanOrEqualTo(10).noneMatch(CountingProxy.Request::writes);
    }

    private NodePlan bring(DeclaredNodes declared) {
        NodePlan plan = nodes().plan(declared, DRAIN);
        assertThat(nodes().write(plan, DRAIN).succeeded()).isTrue();
        return plan;
    }

    private NodePlan assertNothingToDo(DeclaredNodes declared) {
        wire.forget();
        NodePlan plan = nodes().plan(declared, DRAIN);
        nodes().write(plan, DRAIN);
        assertThat(plan.changes()).isEmpty();
        assertThat(wire.requests()).noneMatch(CountingProxy.Request::writes);
        return plan;
    }

    private Nodes nodes() {
        return new Nodes(cluster, SYNC, Clock.systemUTC());
    }

    private void humanLabels(String labels) {
        somebody.patch(
                type("v1", "Node"),
                Optional.empty(),
                "k8s-node1",
                "",
                PatchType.MERGE,
                Fixture.json("{\"metadata\": {\"labels\": " + labels + "}}"),
                "kubectl-label");
    }

    private void humanPatches(String patch) {
        somebody.patch(
                type("v1", "Node"), Optional.empty(), "k8s-node1", "", PatchType.MERGE, Fixture.json(patch), "kubectl");
    }

    private ObjectNode live() {
        return somebody.get(type("v1", "Node"), Optional.empty(), "k8s-node1").orElseThrow();
    }

    private List<String> labels() {
        List<String> labels = new ArrayList<>();
        live().at("/metadata/labels")
                .properties()
                .forEach(label ->
                        labels.add(label.getKey() + "=" + label.getValue().asText()));
        return labels;
    }

    private List<String> taints() {
        List<String> taints = new ArrayList<>();
        for (JsonNode taint : live().at("/spec/taints")) {
            taints.add(taint.path("key").asText() + ":" + taint.path("effect").asText());
        }
        return taints;
    }

    private ResourceType type(String apiVersion, String kind) {
        return somebody.resource(apiVersion, kind).orElseThrow();
    }
}
