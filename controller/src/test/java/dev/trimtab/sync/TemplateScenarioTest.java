package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.TemplateCluster;
import dev.trimtab.TemplateServer;
import dev.trimtab.apply.ApplyCode;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.CountingProxy;
import dev.trimtab.nodes.NodeCode;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.PodImpact;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The life of the template: brought to a cluster by the controller, changed by commits and by hands. */
@Timeout(480)
class TemplateScenarioTest {

    private static final String INVENTORY = "inventory/nodes.yaml";
    private static final String FLANNEL = "addons/flannel.yaml";
    private static final String CART = "workloads/cart.yaml";
    private static final String NODE = "k8s-node1";

    @TempDir
    private Path folder;

    private TemplateServer server;
    private ScenarioRig rig;
    private int nodes;
    private final Map<String, String> files = new TreeMap<>(TemplateCluster.files());

    @BeforeEach
    void start() {
        server = TemplateServer.start(folder);
        nodes = server.nodes().size();
        rig = new ScenarioRig(folder, server.kubeconfig());
        rig.without("namespace.yaml");
        files.forEach(rig::with);
    }

    @AfterEach
    void stop() {
        Optional.ofNullable(rig).ifPresent(ScenarioRig::close);
        Optional.ofNullable(server).ifPresent(TemplateServer::close);
    }

    @Test
    void theTemplateLivesAndIsChanged() {
        rig.settled("");
        rig.patiently("all is well").until(this::healthy);
        rig.rest();
        rig.awaitPolls(3);
        assertThat(rig.requests()).as("at rest").isEmpty();
        assertThat(label("zone")).contains("a");
        assertThat(label("node-role.kubernetes.io/worker")).contains("");

        aLabelIsAppliedByItsOwnManager();
        aTaintIsAddedBesideThoseOfOthersAndTakenOff();
        flannelsImageReachesItsPods();
        anImageOfTheCloneSetIsRunInPlace();
        handEditsArePutRight();
        aHandEditOfThePodNetworkIsTold();
    }

    private void aLabelIsAppliedByItsOwnManager() {
        change(INVENTORY, "labels: {zone: a}", "labels: {zone: c}");
        rig.patiently("the label").until(() -> label("zone").equals(Optional.of("c")));
        assertThat(writes("/nodes/" + NODE)).hasSize(1);
        assertThat(node().at("/metadata/managedFields"))
                .as("server-side apply, declared keys only")
                .anySatisfy(entry -> {
                    assertThat(entry.path("manager").asText()).isEqualTo("trimtab-" + rig.name);
                    assertThat(entry.path("operation").asText()).isEqualTo("Apply");
                    assertThat(entry.at("/fieldsV1/f:metadata/f:labels").fieldNames())
                            .toIterable()
                            .containsExactlyInAnyOrder("f:zone", "f:node-role.kubernetes.io/worker");
                });
        quiet();
    }

    private void aTaintIsAddedBesideThoseOfOthersAndTakenOff() {
        taint("example.com/burn-in", "NoSchedule");
        rig.awaitRest();
        rig.forget();
        change(
                INVENTORY,
                "labels: {zone: c}",
                "labels: {zone: c}\n      taints: [{key: pool, value: gpu, effect: PreferNoSchedule}]");
        rig.patiently("the taint").until(() -> taints().contains("pool:PreferNoSchedule"));
        assertThat(taints()).containsExactlyInAnyOrder("example.com/burn-in:NoSchedule", "pool:PreferNoSchedule");
        assertThat(node().at("/metadata/annotations/trimtab.dev~1owned-taints").asText())
                .contains("pool:PreferNoSchedule")
                .doesNotContain("burn-in");
        quiet();

        change(INVENTORY, "\n      taints: [{key: pool, value: gpu, effect: PreferNoSchedule}]", "");
        rig.patiently("the taint to go").until(() -> !taints().contains("pool:PreferNoSchedule"));
        assertThat(taints()).containsExactly("example.com/burn-in:NoSchedule");
        quiet();
    }

    private void flannelsImageReachesItsPods() {
        Map<String, String> before = pods("kube-flannel", "app=flannel");
        assertThat(before).hasSize(nodes);

        change(
                FLANNEL,
                "  version: v0.28.9\n",
                "  version: v0.28.9\n  images: {flannel: registry.local/flannel-io/flannel}\n");
        Change planned = planned("kube-flannel-ds");
        assertThat(planned.object().kind()).isEqualTo("DaemonSet");
        assertThat(planned.isDangerous()).isFalse();
        assertThat(planned.action()).isEqualTo(Action.RECREATE);
        assertThat(planned.pods().effect()).isEqualTo(PodImpact.Effect.RECREATE);
        assertThat(planned.pods().names()).containsExactlyInAnyOrderElementsOf(before.keySet());
        assertThat(planned.pods().maxUnavailable()).isEqualTo(1);
        rig.patiently("all pods have it, one node after the other")
                .atMost(Duration.ofSeconds(40L * nodes))
                .until(() -> images("kube-flannel", "app=flannel")
                                .equals(List.of("registry.local/flannel-io/flannel:v0.28.9"))
                        && healthy());
        assertThat(pods("kube-flannel", "app=flannel"))
                .as("replaced, as the plan said")
                .hasSize(nodes)
                .doesNotContainKeys(before.keySet().toArray(String[]::new));
        quiet();
    }

    private void anImageOfTheCloneSetIsRunInPlace() {
        Map<String, String> before = pods("shop", "app=cart");

        change(CART, "cart:1.8.2", "cart:1.8.3");
        Change planned = planned("cart");
        assertThat(planned.action()).isEqualTo(Action.IN_PLACE);
        assertThat(planned.pods().effect()).isEqualTo(PodImpact.Effect.RESTART_IN_PLACE);
        assertThat(planned.pods().count()).isEqualTo(3);
        rig.patiently("all pods run it")
                .until(() -> images("shop", "app=cart").equals(List.of("registry.local/shop/cart:1.8.3")) && healthy());
        assertThat(pods("shop", "app=cart")).isEqualTo(before);
        quiet();
    }

    private void handEditsArePutRight() {
        edit("shop", "Deployment", "web", "{'spec': {'replicas': 5}}");
        edit("kube-flannel", "ConfigMap", "kube-flannel-cfg", "{'data': {'cni-conf.json': '{}'}}");
        rig.patch("v1", "Node", NODE, "kubectl-label", "{\"metadata\": {\"labels\": {\"zone\": \"z\"}}}");

        rig.patiently("all to be put right")
                .until(() -> label("zone").equals(Optional.of("c"))
                        && netConfig("cni-conf.json").contains("portmap")
                        && healthy());
        quiet();
    }

    /** Flannel may have started with what somebody wrote: to put it back is to change the network of a running cluster. */
    private void aHandEditOfThePodNetworkIsTold() {
        edit(
                "kube-flannel",
                "ConfigMap",
                "kube-flannel-cfg",
                "{'data': {'net-conf.json': '{\\\"Network\\\": \\\"10.244.0.0/16\\\", \\\"Backend\\\": {\\\"Type\\\": \\\"host-gw\\\"}}'}}");

        SyncEvent.Held held = rig.await1(SyncEvent.Held.class);
        assertThat(held.holds()).singleElement().satisfies(hold -> {
            assertThat(hold.code()).isEqualTo(ApplyCode.DANGER_CONSENT);
            assertThat(hold.text()).contains("host-gw -> vxlan");
        });
        rig.awaitRest();
        assertThat(netConfig("net-conf.json")).contains("host-gw");
        assertThat(rig.status().counts().drifted()).isEqualTo(1);
    }

    private String netConfig(String key) {
        return rig.client()
                .get(rig.type("v1", "ConfigMap"), Optional.of("kube-flannel"), "kube-flannel-cfg")
                .orElseThrow()
                .path("data")
                .path(key)
                .asText();
    }

    private void edit(String namespace, String kind, String name, String patch) {
        rig.client()
                .patch(
                        rig.type(kind.equals("ConfigMap") ? "v1" : "apps/v1", kind),
                        Optional.of(namespace),
                        name,
                        "",
                        PatchType.MERGE,
                        DriftRig.json(patch),
                        "kubectl-edit");
    }

    /** Commits a file with other words in it, and waits until that is applied. */
    private void change(String file, String before, String after) {
        String text = files.getOrDefault(file, "");
        assertThat(text).contains(before);
        String changed = text.replace(before, after);
        files.put(file, changed);
        rig.awaitSettled(rig.with(file, changed).commit());
    }

    /** What was done is done: nothing more is asked, and nothing was told that only a person could put right. */
    private void quiet() {
        rig.awaitRest();
        assertThat(rig.of(SyncEvent.NodesObserved.class))
                .allSatisfy(observed ->
                        assertThat(observed.found()).noneMatch(each -> each.code() == NodeCode.FOUGHT_OVER));
        rig.forget();
        rig.awaitPolls(2);
        assertThat(rig.requests()).as("at rest").isEmpty();
    }

    private Change planned(String object) {
        return rig.of(SyncEvent.Planned.class).stream()
                .flatMap(event -> event.plan().changes().stream())
                .filter(change -> change.object().name().equals(object))
                .findFirst()
                .orElseThrow();
    }

    private List<CountingProxy.Request> writes(String path) {
        return rig.writes().stream()
                .filter(write -> write.path().contains(path))
                .toList();
    }

    private boolean healthy() {
        return ready("apps/v1", "DaemonSet", "kube-flannel", "kube-flannel-ds", "updatedNumberScheduled", nodes)
                && ready("apps/v1", "DaemonSet", "kube-flannel", "kube-flannel-ds", "numberReady", nodes)
                && ready("apps/v1", "Deployment", "kuboard", "kuboard-agent-25i3sy", "readyReplicas", 1)
                && ready("apps/v1", "Deployment", "kuboard", "kuboard-agent-25i3sy-2", "readyReplicas", 1)
                && ready("apps/v1", "Deployment", "shop", "web", "readyReplicas", 2)
                && ready("apps.kruise.io/v1alpha1", "CloneSet", "shop", "cart", "updatedReadyReplicas", 3);
    }

    private boolean ready(String apiVersion, String kind, String namespace, String name, String field, int count) {
        return rig.client()
                .get(rig.type(apiVersion, kind), Optional.of(namespace), name)
                .filter(live -> live.at("/metadata/generation").asLong()
                        == live.at("/status/observedGeneration").asLong())
                .filter(live -> live.path("status").path(field).asInt() == count)
                .isPresent();
    }

    /** Names and uids. */
    private Map<String, String> pods(String namespace, String labels) {
        return live(namespace, labels).stream()
                .collect(Collectors.toMap(
                        pod -> pod.at("/metadata/name").asText(),
                        pod -> pod.at("/metadata/uid").asText()));
    }

    private List<String> images(String namespace, String labels) {
        return live(namespace, labels).stream()
                .map(pod -> pod.at("/status/containerStatuses/0/image").asText())
                .distinct()
                .toList();
    }

    private List<ObjectNode> live(String namespace, String labels) {
        return rig.client().list(rig.type("v1", "Pod"), Optional.of(namespace), labels, "").stream()
                .filter(pod -> !pod.path("metadata").has("deletionTimestamp"))
                .toList();
    }

    private Optional<String> label(String key) {
        return Optional.ofNullable(
                node().path("metadata").path("labels").path(key).textValue());
    }

    private List<String> taints() {
        return StreamSupport.stream(node().at("/spec/taints").spliterator(), false)
                .map((JsonNode taint) ->
                        taint.path("key").asText() + ":" + taint.path("effect").asText())
                .toList();
    }

    /** Of somebody else; one that Kubernetes' own controllers put on they would also take off. */
    private void taint(String key, String effect) {
        rig.client()
                .patch(
                        rig.type("v1", "Node"),
                        Optional.empty(),
                        NODE,
                        "",
                        PatchType.MERGE,
                        DriftRig.json("{'spec': {'taints': [{'key': '" + key + "', 'effect': '" + effect + "'}]}}"),
                        "kube-controller-manager");
    }

    private ObjectNode node() {
        return rig.client().get(rig.type("v1", "Node"), Optional.empty(), NODE).orElseThrow();
    }
}
