package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubeletTest {

    private final Cluster cluster = Cluster.start();

    @AfterAll
    void stop() {
        cluster.close();
    }

    private ObjectNode pod(String name, String spec) {
        ObjectNode pod =
                Cluster.yaml("{apiVersion: v1, kind: Pod, metadata: {namespace: default, name: %s}}".formatted(name));
        pod.set("spec", Cluster.yaml(spec));
        return cluster.api().create("pods", pod, "test");
    }

    private ObjectNode awaitReady(String name) {
        return cluster.await("pods", name, PodState::ready);
    }

    private static JsonNode app(JsonNode pod) {
        return container(pod, "app");
    }

    private static JsonNode container(JsonNode pod, String name) {
        for (String list : List.of("initContainerStatuses", "containerStatuses")) {
            for (JsonNode status : pod.path("status").path(list)) {
                if (status.path("name").asText().equals(name)) {
                    return status;
                }
            }
        }
        return MissingNode.getInstance();
    }

    private static String waiting(JsonNode pod) {
        return app(pod).path("state").path("waiting").path("reason").asText();
    }

    private static long observed(JsonNode pod) {
        return pod.path("status").path("observedGeneration").asLong();
    }

    /** The distinct things a watch saw of one pod, in their order. */
    private List<String> history(List<LocalApi.Event> events, String pod, Function<JsonNode, String> what) {
        cluster.catchUp(events, "pods", pod);
        Set<String> seen = new LinkedHashSet<>();
        events.stream()
                .map(LocalApi.Event::object)
                .filter(object -> ObjectMeta.name(object).equals(pod))
                .map(what)
                .filter(text -> !text.isEmpty())
                .forEach(seen::add);
        return List.copyOf(seen);
    }

    @Test
    void podStartsOnANodeWithAnAddressOfThatNode() {
        List<LocalApi.Event> events = cluster.record("pods");
        pod("starts", "{containers: [{name: app, image: nginx}]}");
        ObjectNode pod = awaitReady("starts");

        JsonNode node = cluster.api()
                .get("nodes", "", pod.path("spec").path("nodeName").asText())
                .orElseThrow();
        String range = node.path("spec").path("podCIDR").asText().replace("0/24", "");
        assertThat(pod.path("status").path("podIP").asText()).startsWith(range);
        assertThat(pod.path("status").path("hostIP").asText()).isEqualTo(Nodes.internalIp(node));
        assertThat(app(pod).path("image").asText()).isEqualTo("docker.io/library/nginx:latest");
        assertThat(app(pod).path("containerID").asText()).matches("containerd://[0-9a-f]{64}");
        assertThat(app(pod).path("restartCount").asInt()).isZero();
        assertThat(pod.path("status").path("qosClass").asText()).isEqualTo("BestEffort");
        assertThat(List.of("PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready", "PodScheduled"))
                .allMatch(type -> Conditions.isTrue(pod, type));
        assertThat(history(events, "starts", p -> p.path("status").path("phase").asText()))
                .containsExactly("Pending", "Running");
        assertThat(history(events, "starts", KubeletTest::waiting)).containsExactly("ContainerCreating");
    }

    @Test
    void newImageIsObservedBeforeTheOldContainerStopsAndOnlyThatContainerRestarts() {
        pod("in-place", "{containers: [{name: app, image: 'demo/app:1.0'}, {name: other, image: 'demo/other:1.0'}]}");
        ObjectNode before = awaitReady("in-place");
        List<LocalApi.Event> events = cluster.record("pods");

        cluster.setImage("pods", "in-place", "demo/app:1.1");
        ObjectNode after = cluster.await(
                "pods", "in-place", pod -> app(pod).path("restartCount").asInt() == 1);

        cluster.catchUp(events, "pods", "in-place");
        List<ObjectNode> states = events.stream()
                .map(LocalApi.Event::object)
                .filter(object -> ObjectMeta.uid(object).equals(ObjectMeta.uid(before)))
                .toList();
        String oldContainer = app(before).path("containerID").asText();
        ObjectNode firstObserving = states.stream()
                .filter(state -> observed(state) == ObjectMeta.generation(after))
                .findFirst()
                .orElseThrow();
        assertThat(app(firstObserving).path("containerID").asText()).isEqualTo(oldContainer);
        assertThat(app(firstObserving).path("state").has("running")).isTrue();
        assertThat(PodState.ready(firstObserving)).isTrue();
        assertThat(states).as("without a probe Ready never goes False").allMatch(PodState::ready);

        assertThat(app(after).path("image").asText()).isEqualTo("docker.io/demo/app:1.1");
        assertThat(app(after).path("containerID").asText()).isNotEqualTo(oldContainer);
        assertThat(app(after).path("imageID")).isNotEqualTo(app(before).path("imageID"));
        assertThat(app(after)
                        .path("lastState")
                        .path("terminated")
                        .path("containerID")
                        .asText())
                .isEqualTo(oldContainer);
        assertThat(container(after, "other")).isEqualTo(container(before, "other"));
        assertThat(after.path("status").path("podIP"))
                .isEqualTo(before.path("status").path("podIP"));
        assertThat(after.path("spec").path("nodeName"))
                .isEqualTo(before.path("spec").path("nodeName"));
    }

    @Test
    void readinessProbeMakesARestartVisibleInReady() {
        pod(
                "probed",
                "{containers: [{name: app, image: 'demo/app:1.0', readinessProbe: {periodSeconds: 1, tcpSocket: {port: 80}}}]}");
        awaitReady("probed");
        List<LocalApi.Event> events = cluster.record("pods");

        cluster.setImage("pods", "probed", "demo/app:1.1");
        cluster.await("pods", "probed", pod -> app(pod).path("restartCount").asInt() == 1);
        awaitReady("probed");

        assertThat(history(events, "probed", pod -> app(pod).path("image").asText() + " " + PodState.ready(pod)))
                .containsExactly(
                        "docker.io/demo/app:1.0 true", "docker.io/demo/app:1.1 false", "docker.io/demo/app:1.1 true");
    }

    @Test
    void labelsAndAnnotationsRestartNothing() {
        pod("labelled", "{containers: [{name: app, image: nginx}]}");
        ObjectNode before = awaitReady("labelled");

        ObjectNode patched = cluster.patch("pods", "labelled", "{metadata: {labels: {a: b}, annotations: {c: d}}}");
        ObjectNode after = cluster.await("pods", "labelled", pod -> observed(pod) >= ObjectMeta.generation(patched));

        assertThat(app(after)).isEqualTo(app(before));
    }

    @Test
    void imageThatCannotBePulledNeverStartsAndTheNextOneDoes() {
        List<LocalApi.Event> events = cluster.record("pods");
        pod("bad", "{containers: [{name: app, image: 'demo/app:bad'}]}");
        cluster.await("pods", "bad", pod -> waiting(pod).equals("ImagePullBackOff"));
        assertThat(history(events, "bad", KubeletTest::waiting))
                .containsExactly("ContainerCreating", "ErrImagePull", "ImagePullBackOff");

        cluster.setImage("pods", "bad", "demo/app:1.0");
        assertThat(app(awaitReady("bad")).path("restartCount").asInt()).isZero();
    }

    @Test
    void imageThatCannotBePulledInPlaceKeepsTheOldStatusAndTheNextOneRunsAtOnce() {
        pod("worse", "{containers: [{name: app, image: 'demo/app:1.0'}]}");
        ObjectNode before = awaitReady("worse");
        List<LocalApi.Event> events = cluster.record("pods");

        cluster.setImage("pods", "worse", "demo/app:bad-1");
        ObjectNode broken = cluster.await("pods", "worse", pod -> waiting(pod).equals("CrashLoopBackOff"));

        assertThat(history(events, "worse", KubeletTest::waiting)).containsExactly("ErrImagePull", "CrashLoopBackOff");
        for (String kept : List.of("image", "imageID", "restartCount", "containerID")) {
            assertThat(app(broken).path(kept)).as(kept).isEqualTo(app(before).path(kept));
        }
        assertThat(PodState.ready(broken)).isFalse();

        cluster.setImage("pods", "worse", "demo/app:1.0");
        assertThat(app(awaitReady("worse")).path("restartCount").asInt()).isEqualTo(1);
    }

    @Test
    void readyWaitsForEveryReadinessGate() {
        pod("gated", "{readinessGates: [{conditionType: example.com/up}], containers: [{name: app, image: nginx}]}");
        ObjectNode waiting = cluster.await("pods", "gated", pod -> Conditions.isTrue(pod, "ContainersReady"));
        assertThat(Conditions.find(waiting, "Ready").path("reason").asText()).isEqualTo("ReadinessGatesNotReady");

        cluster.change(
                "pods",
                "status",
                "gated",
                pod -> pod.withObject("status")
                        .withArray("conditions")
                        .addObject()
                        .put("type", "example.com/up")
                        .put("status", "True"));
        awaitReady("gated");

        cluster.change("pods", "status", "gated", pod -> {
            for (JsonNode condition : pod.path("status").path("conditions")) {
                if (condition.path("type").asText().equals("example.com/up")) {
                    ((ObjectNode) condition).put("status", "False");
                }
            }
        });
        cluster.await("pods", "gated", pod -> !PodState.ready(pod));
    }

    @Test
    void initContainersRunInOrderAndSidecarsStay() {
        List<LocalApi.Event> events = cluster.record("pods");
        pod("inits", """
                {initContainers: [
                   {name: first, image: 'demo/init:1'},
                   {name: sidecar, image: 'demo/proxy:1', restartPolicy: Always},
                   {name: last, image: 'demo/init:1'}],
                 containers: [{name: app, image: 'demo/app:1'}]}""");
        ObjectNode pod = awaitReady("inits");

        assertThat(container(pod, "first")
                        .path("state")
                        .path("terminated")
                        .path("reason")
                        .asText())
                .isEqualTo("Completed");
        assertThat(container(pod, "sidecar").path("state").has("running")).isTrue();
        assertThat(container(pod, "last").path("state").has("terminated")).isTrue();
        assertThat(history(events, "inits", KubeletTest::startedContainers))
                .containsExactly("first", "first sidecar", "first sidecar last", "first sidecar last app");

        cluster.change(
                "pods",
                "inits",
                object ->
                        ((ObjectNode) object.path("spec").path("initContainers").path(1)).put("image", "demo/proxy:2"));
        ObjectNode after = cluster.await(
                "pods",
                "inits",
                p -> container(p, "sidecar").path("restartCount").asInt() == 1);
        assertThat(app(after)).isEqualTo(app(pod));
    }

    private static String startedContainers(JsonNode pod) {
        StringBuilder started = new StringBuilder();
        for (String list : List.of("initContainerStatuses", "containerStatuses")) {
            for (JsonNode status : pod.path("status").path(list)) {
                if (status.has("containerID")) {
                    started.append(' ').append(status.path("name").asText());
                }
            }
        }
        return started.toString().trim();
    }

    @Test
    void deletedPodStopsBeforeItIsGone() {
        pod("ends", "{containers: [{name: app, image: nginx}]}");
        awaitReady("ends");
        List<LocalApi.Event> events = cluster.record("pods");

        cluster.delete("pods", "ends", Propagation.BACKGROUND);
        cluster.awaitGone("pods", "ends");

        assertThat(history(
                        events,
                        "ends",
                        pod -> String.join(
                                ",",
                                app(pod).path("state").properties().stream()
                                        .map(Map.Entry::getKey)
                                        .toList())))
                .containsExactly("running", "terminated");
    }

    @Test
    void taskEndsSucceeded() {
        pod("task", "{restartPolicy: Never, containers: [{name: app, image: demo/task}]}");
        ObjectNode pod = cluster.await(
                "pods", "task", p -> p.path("status").path("phase").asText().equals("Succeeded"));
        assertThat(Conditions.find(pod, "Ready").path("reason").asText()).isEqualTo("PodCompleted");
    }

    @Test
    void podsOfANodeThatIsGoneAreRemoved() {
        cluster.api()
                .create(
                        "nodes",
                        Cluster.yaml("{apiVersion: v1, kind: Node, metadata: {name: extra, labels: {extra: 'yes'}}}"),
                        "test");
        pod("stranded", "{nodeSelector: {extra: 'yes'}, containers: [{name: app, image: nginx}]}");
        awaitReady("stranded");

        cluster.api().delete("nodes", "", "extra", "", -1, Propagation.BACKGROUND);
        cluster.awaitGone("pods", "stranded");
    }
}
