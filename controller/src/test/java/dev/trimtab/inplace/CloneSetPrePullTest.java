package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.kube.TestCluster;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** New images come to the nodes before a pod of a CloneSet stops. */
class CloneSetPrePullTest {

    private static final String MANAGER = "test";

    private static TestCluster server;
    private static ClusterClient cluster;
    private static ResourceType cloneSets;
    private static ResourceType pods;

    private CloneSetController controller;
    private DyingCluster counting;
    private Optional<String> namespace = Optional.empty();

    @BeforeAll
    static void startCluster() {
        server = TestCluster.withNodes();
        cluster = server.client();
        assertThat(CloneSetController.install(cluster)).isTrue();
        cloneSets = cluster.resource("apps.kruise.io/v1alpha1", "CloneSet").orElseThrow();
        pods = cluster.resource("v1", "Pod").orElseThrow();
    }

    @AfterAll
    static void stopCluster() {
        server.close();
    }

    @BeforeEach
    void startController() {
        String name = "c-" + UUID.randomUUID().toString().substring(0, 8);
        namespace = Optional.of(name);
        ObjectNode created = Trees.yaml("{apiVersion: v1, kind: Namespace}");
        created.putObject("metadata").put("name", name);
        cluster.create(cluster.resource("v1", "Namespace").orElseThrow(), created, MANAGER);
        counting = new DyingCluster(Integer.MAX_VALUE);
        // Half a minute ahead of the cluster, so that a pull that fails has lasted long enough to be believed.
        controller =
                new CloneSetController(counting.over(cluster), Clock.offset(Clock.systemUTC(), Duration.ofSeconds(30)));
        controller.start();
    }

    @AfterEach
    void stopController() {
        cluster.get(cloneSets, namespace, "web")
                .ifPresent(set -> cluster.delete(
                        cloneSets, namespace, "web", set.at("/metadata/uid").asText(), Propagation.BACKGROUND));
        controller.close();
    }

    @Test
    void pullPodsComeAndGoAndPodsRestartInPlace() {
        create("{}");
        Map<String, String> before = running("app:1", 5);
        int writes = counting.podWrites();
        image("app:2");

        assertThat(running("app:2", 5)).isEqualTo(before);
        patiently("no pull pod is left").until(() -> pullPods().isEmpty());
        // Three writes a pod; a creation and a deletion for each node that has some, and a mark; these may be repeated.
        assertThat(counting.podWrites() - writes).isGreaterThanOrEqualTo(5 * 3 + 2 * nodesOfPods() + 1);
    }

    @Test
    void anImageThatCannotBePulledTouchesNoPodWhileScalingGoesOn() {
        create("{}");
        Map<String, String> before = running("app:1", 5);
        image("app:bad");
        patiently("the status says so").until(() -> problem().contains("image app:bad cannot be pulled on node "));
        patiently("an event says so")
                .until(() -> cluster.list(cluster.resource("v1", "Event").orElseThrow(), namespace, "").stream()
                        .anyMatch(event -> event.path("reason").asText().equals("RolloutHalted")
                                && event.path("message").asText().contains("cannot be pulled")));
        assertThat(running("app:1", 5)).isEqualTo(before);

        scale(4);
        Map<String, String> four = running("app:1", 4);
        assertThat(before).containsAllEntriesOf(four);
        assertThat(problem()).contains("cannot be pulled");

        image("app:3");
        assertThat(running("app:3", 4)).isEqualTo(four);
        patiently("the problem is gone").until(() -> problem().isEmpty());
        patiently("no pull pod is left").until(() -> pullPods().isEmpty());
    }

    @Test
    void thePolicyTurnsItOff() {
        create("{trimtab.dev/pre-pull: 'false'}");
        Map<String, String> before = running("app:1", 5);
        int writes = counting.podWrites();
        image("app:2");

        assertThat(running("app:2", 5)).isEqualTo(before);
        patiently("the last gate is open").until(() -> counting.podWrites() - writes == 5 * 3);
    }

    private void create(String annotations) {
        ObjectNode set = Trees.yaml("""
                apiVersion: apps.kruise.io/v1alpha1
                kind: CloneSet
                metadata: {name: web, annotations: %s}
                spec:
                  replicas: 5
                  selector: {matchLabels: {app: web}}
                  updateStrategy: {type: InPlaceIfPossible, maxUnavailable: 2}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: app, image: "app:1"}]}
                """.formatted(annotations));
        set.withObjectProperty("metadata").put("namespace", namespace.orElseThrow());
        cluster.apply(cloneSets, set, new ApplyOptions(MANAGER, true, false));
    }

    private void image(String image) {
        patch("{spec: {template: {spec: {containers: [{name: app, image: '" + image + "'}]}}}}");
    }

    private void scale(int replicas) {
        patch("{spec: {replicas: " + replicas + "}}");
    }

    private void patch(String yaml) {
        cluster.patch(cloneSets, namespace, "web", "", PatchType.MERGE, Trees.yaml(yaml), MANAGER);
    }

    private String problem() {
        JsonNode set = cluster.get(cloneSets, namespace, "web").orElseThrow();
        for (JsonNode condition : set.at("/status/conditions")) {
            if (condition.path("type").asText().equals("FailedUpdate")) {
                return condition.path("message").asText();
            }
        }
        return "";
    }

    private int nodesOfPods() {
        return cluster.list(pods, namespace, "app=web").stream()
                .map(pod -> pod.at("/spec/nodeName").asText())
                .collect(Collectors.toSet())
                .size();
    }

    private List<ObjectNode> pullPods() {
        return cluster.list(pods, namespace, "trimtab.dev/pre-pull");
    }

    /** Name and uid of each pod, when all are ready with the image. */
    private Map<String, String> running(String image, int count) {
        return patiently(count + " of " + image)
                .until(
                        () -> cluster.list(pods, namespace, "app=web").stream()
                                .map(PodView::new)
                                .filter(PodView::active)
                                .toList(),
                        now -> now.size() == count
                                && now.stream()
                                        .allMatch(pod ->
                                                pod.ready() && pod.image("app").equals(image) && Completion.done(pod)))
                .stream()
                .collect(Collectors.toMap(PodView::name, PodView::uid));
    }

    private static ConditionFactory patiently(String what) {
        return Awaitility.await(what).atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(30));
    }
}
