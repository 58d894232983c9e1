package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Definitions;
import dev.trimtab.definition.Limits;
import dev.trimtab.drift.Healing;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.nodes.DeclaredNodes;
import dev.trimtab.nodes.NodeCode;
import dev.trimtab.nodes.Observation;
import dev.trimtab.render.Written;
import dev.trimtab.source.DirectoryTree;
import dev.trimtab.source.RepoPath;
import dev.trimtab.sync.SyncStatus.Condition;
import dev.trimtab.sync.SyncStatus.Truth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes as a running controller keeps them, with each request counted on the wire. */
@Timeout(180)
class NodeScenarioTest {

    private static final String NODE_2 = "name: node-2, address: 192.168.0.11";

    @TempDir
    private Path folder;

    private ScenarioRig rig;

    @BeforeEach
    void start() {
        rig = new ScenarioRig(folder);
        assumeTrue(rig.sandbox().isPresent(), "not run: it needs nodes of its own, which only the sandbox has");
    }

    @AfterEach
    void stop() {
        assertThat(rig.proxy.requests())
                .as("no node is ever deleted")
                .noneMatch(request ->
                        request.method().equals("DELETE") && request.path().contains("/nodes/"));
        rig.close();
    }

    @Test
    void aHandEditOfANodeIsPutRightAndAtRestNothingIsAsked() {
        rig.with("cluster.yaml", definition("labels: {pool: a}", NODE_2)).settled("");
        assertThat(label("pool")).contains("a");
        rig.awaitPolls(3);
        assertThat(rig.requests()).as("at rest").isEmpty();

        patch("node-1", "{\"metadata\": {\"labels\": {\"pool\": \"b\"}}}");

        rig.patiently("the label").until(() -> label("pool").equals(Optional.of("a")));
        rig.awaitRest();
        assertThat(rig.writes()).as("one write, and none for its own event").hasSize(1);
        assertThat(rig.of(SyncEvent.NodesWritten.class)).hasSize(1);
    }

    @Test
    void aCommitReachesTheNodesAndWhatLeftGitGoes() {
        rig.with("cluster.yaml", definition("labels: {pool: a}, taints: [{key: pool, effect: NoSchedule}]", NODE_2))
                .settled("");
        rig.patiently("the taint")
                .until(() -> node("node-1").at("/spec/taints/0/key").asText().equals("pool"));

        String commit = rig.with("cluster.yaml", definition("", NODE_2)).commit();
        rig.awaitSettled(commit);

        rig.patiently("the label to go").until(() -> label("pool").isEmpty());
        rig.patiently("the taint to go")
                .until(() -> node("node-1").at("/spec/taints").isEmpty());
    }

    @Test
    void whatIsOnlyToldIsToldOnceAndWhenItChanges() {
        String commit = rig.with("cluster.yaml", definition("")).commit();
        rig.start("");
        rig.awaitSettled(commit);
        rig.awaitRest();
        Condition unknown = rig.status().nodes().orElseThrow();
        assertThat(unknown.truth()).isEqualTo(Truth.FALSE);
        assertThat(unknown.message()).isEqualTo("m1: NodeMissing; node-2: NodeUnknown");
        rig.forget();

        patch("node-1", "{\"spec\": {\"unschedulable\": true}}");

        assertThat(codes(rig.await1(SyncEvent.NodesObserved.class).found())).containsExactly(NodeCode.CORDONED_BY_HAND);
        rig.rest();
        ObjectNode status = node("node-1").path("status").deepCopy();
        ((ObjectNode) status.at("/conditions/0")).put("lastHeartbeatTime", "2026-01-01T00:00:00Z");
        ObjectNode beat = status.objectNode();
        beat.set("status", status);
        rig.client()
                .patch(rig.type("v1", "Node"), Optional.empty(), "node-1", "status", PatchType.MERGE, beat, "kubelet");
        rig.awaitRest();
        assertThat(rig.requests()).as("after a heartbeat").isEmpty();
        assertThat(rig.of(SyncEvent.NodesObserved.class)).isEmpty();

        patch("node-1", "{\"spec\": {\"unschedulable\": null}}");
        assertThat(codes(rig.await1(SyncEvent.NodesObserved.class).ended())).containsExactly(NodeCode.CORDONED_BY_HAND);
    }

    @Test
    void aSyncThatObservesWritesNothingToNodes() {
        rig.with("cluster.yaml", definition("labels: {pool: a}", NODE_2)).commit();
        rig.start("  mode: observe\n");

        SyncEvent.NodesHeld held = rig.await1(SyncEvent.NodesHeld.class);

        assertThat(held.plan().changes()).extracting(change -> change.node()).contains("node-1");
        rig.awaitRest();
        assertThat(rig.writes()).noneMatch(request -> request.path().contains("/nodes/"));
        assertThat(rig.of(SyncEvent.NodesHeld.class)).hasSize(1);
    }

    @Test
    void aSyncThatPlansWritesToNodesWhatAPersonApproved() {
        rig.with("cluster.yaml", definition("labels: {pool: a}", NODE_2)).commit();
        rig.start("  mode: plan\n");
        SyncEvent.NodesHeld held = rig.await1(SyncEvent.NodesHeld.class);
        assertThat(label("pool")).isEmpty();

        rig.control().approve(held.plan().id(), "ada", false);

        rig.patiently("the label").until(() -> label("pool").equals(Optional.of("a")));
    }

    @Test
    void aRewrittenHistoryChangesNoNodeUntilItIsApproved() {
        rig.with("cluster.yaml", definition("labels: {pool: a}", NODE_2)).settled("");
        rig.with("cluster.yaml", definition("labels: {pool: b}", NODE_2))
                .repository
                .rewrite("another past");

        SyncEvent.NodesHeld held = rig.await1(SyncEvent.NodesHeld.class);

        assertThat(held.hold().map(Hold::code)).contains(HoldCode.HISTORY_REWRITTEN);
        assertThat(label("pool")).contains("a");
        rig.control().approve(held.plan().id(), "ada", false);
        rig.patiently("the label").until(() -> label("pool").equals(Optional.of("b")));
    }

    @Test
    void whatSomebodySetsBackAgainAndAgainIsLeftAloneAndTold() throws IOException {
        Path definition = Files.createDirectory(folder.resolve("definition"));
        Files.writeString(definition.resolve("cluster.yaml"), definition("labels: {pool: a}", NODE_2));
        DeclaredNodes declared;
        try (DirectoryTree tree = new DirectoryTree(definition, Clock.systemUTC())) {
            declared = DeclaredNodes.of(new Definitions(Limits.DEFAULT).read(tree, RepoPath.ROOT))
                    .orElseThrow();
        }
        ClusterSync spec = rig.spec();
        List<SyncEvent> events = new ArrayList<>();
        AtomicBoolean told = new AtomicBoolean(true);
        // Two heals in a row are a fight already, and none has to wait.
        Healing healing = new Healing(new Healing.Limits(1.5, Duration.ofHours(1), Duration.ZERO));
        News news = new News(spec, (sender, event) -> events.add(event), Clock.systemUTC());
        try (NodeKeeper keeper = new NodeKeeper(
                spec,
                rig.client(),
                new Gate(spec, (head, applied) -> true),
                healing,
                Clock.systemUTC(),
                new Random(1),
                news,
                () -> told.set(true))) {
            NodeKeeper.Standing standing = new NodeKeeper.Standing(Written.revision(1), Optional.empty(), Orders.NONE);
            for (int heal = 0; heal < 2; heal++) {
                rig.patiently("heal " + heal).until(() -> {
                    look(keeper, declared, standing, told);
                    return label("pool").equals(Optional.of("a"));
                });
                patch("node-1", "{\"metadata\": {\"labels\": {\"pool\": \"b\"}}}");
            }

            rig.patiently("the fight").until(() -> {
                look(keeper, declared, standing, told);
                return events.stream()
                        .filter(SyncEvent.NodesObserved.class::isInstance)
                        .anyMatch(event ->
                                codes(((SyncEvent.NodesObserved) event).found()).contains(NodeCode.FOUGHT_OVER));
            });
            assertThat(label("pool")).as("left alone").contains("b");

            keeper.request();
            rig.patiently("a person's word").until(() -> {
                look(keeper, declared, standing, told);
                return label("pool").equals(Optional.of("a"));
            });
        }
    }

    private static void look(
            NodeKeeper keeper, DeclaredNodes declared, NodeKeeper.Standing standing, AtomicBoolean told) {
        if (told.getAndSet(false)) {
            keeper.changed();
        }
        assertThat(keeper.step(Optional.of(declared), standing, Instant.now())).isEmpty();
    }

    @Test
    void aNodeThatIsToGoIsDrainedAndStays() {
        rig.with("cluster.yaml", definition("", NODE_2))
                .with(
                        "web.yaml",
                        ScenarioTest.deployment("web", "example.com/web:1", "").replace("replicas: 0", "replicas: 4"))
                .settled("");
        rig.patiently("pods on node-1").until(() -> pods("node-1") > 0 && pods("node-1") + pods("node-2") == 4);

        String commit =
                rig.with("cluster.yaml", definition("state: removed", NODE_2)).commit();
        rig.awaitSettled(commit);

        rig.patiently("node-1 is drained")
                .until(() -> rig.of(SyncEvent.NodesObserved.class).stream()
                        .anyMatch(event -> codes(event.found()).contains(NodeCode.READY_TO_REMOVE)));
        assertThat(pods("node-1")).isZero();
        assertThat(node("node-1").at("/spec/unschedulable").asBoolean()).isTrue();
        rig.rest();
        rig.awaitPolls(3);
        assertThat(rig.requests()).as("while it waits for a person").isEmpty();
    }

    @Test
    void whereGitSaysNothingOfNodesNothingIsAsked() {
        rig.with("settings.yaml", ScenarioTest.SETTINGS);
        String commit = rig.commit();
        rig.start("");
        rig.awaitSettled(commit);
        rig.awaitRest();

        assertThat(rig.proxy.requests()).noneMatch(request -> request.path().endsWith("/nodes"));
        assertThat(rig.told()).noneMatch(SyncEvent.NodesObserved.class::isInstance);
        assertThat(rig.status().nodes()).isEmpty();
    }

    @Test
    void aCommitThatTakesTheInventoryAwayLeavesTheNodesAsTheyAre() {
        rig.with("cluster.yaml", definition("labels: {pool: a}", NODE_2)).settled("");

        rig.without("cluster.yaml").commit();

        rig.await1(SyncEvent.NodesLeft.class);
        rig.patiently("the condition").until(() -> rig.status().nodes().isEmpty());
        assertThat(label("pool")).contains("a");
        assertThat(rig.writes()).noneMatch(request -> request.path().contains("/nodes/"));
    }

    private static List<NodeCode> codes(List<Observation> observations) {
        return observations.stream().map(Observation::code).toList();
    }

    private static String definition(String more, String... others) {
        StringBuilder text = new StringBuilder("""
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
                    - {name: m1, address: 192.168.0.201, roles: [control-plane]}
                """);
        text.append("    - {name: node-1, address: 192.168.0.10")
                .append(more.isEmpty() ? "" : ", " + more)
                .append("}\n");
        for (String other : others) {
            text.append("    - {").append(other).append("}\n");
        }
        return text.toString();
    }

    private long pods(String node) {
        return rig.client().list(rig.type("v1", "Pod"), Optional.of(rig.name), "", "spec.nodeName=" + node).stream()
                .filter(pod -> !pod.path("metadata").has("deletionTimestamp"))
                .count();
    }

    private void patch(String node, String body) {
        rig.patch("v1", "Node", node, "kubectl", body);
    }

    private Optional<String> label(String key) {
        return Optional.ofNullable(
                node("node-1").path("metadata").path("labels").path(key).textValue());
    }

    private ObjectNode node(String name) {
        return rig.client().get(rig.type("v1", "Node"), Optional.empty(), name).orElseThrow();
    }
}
