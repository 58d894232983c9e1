package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.ResourceType;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The whole controller against an API server with kubelets. */
class CloneSetControllerTest extends CloneSetCluster {

    @Test
    void installingAgainChangesNothing() {
        String before = definition().path("metadata").path("resourceVersion").asText();

        assertThat(CloneSetController.install(cluster)).isTrue();
        assertThat(definition().path("metadata").path("resourceVersion").asText())
                .isEqualTo(before);
        assertThat(cloneSets.subresources()).contains("status", "scale");
        assertThat(cluster.resource("apps.kruise.io/v1beta1", "CloneSet")).isPresent();
    }

    @Test
    void anImageChangeKeepsPodsAndAddressesAndRestartsTheContainerOnce() {
        create(3, "app:1");
        Map<String, PodView> before = running("app:1", 3);
        template("{spec: {containers: [{name: app, image: 'app:2'}]}}");
        Map<String, PodView> after = running("app:2", 3);

        assertThat(addresses(after)).isEqualTo(addresses(before)).doesNotContainValue("");
        assertThat(after.values()).allMatch(pod -> pod.restarts() == 1);
        awaitStatus("updatedAvailableReplicas", 3);
        JsonNode status = cloneSet().path("status");
        assertThat(status.path("currentRevision")).isEqualTo(status.path("updateRevision"));
        assertThat(status.path("labelSelector").asText()).isEqualTo("app=web");
    }

    @Test
    void theSetIsToldOnceThatAnUpdateFinishedAndOfNothingElse() {
        List<RolloutFinished> heard = new CopyOnWriteArrayList<>();
        controller.onFinished(heard::add);
        create(2, "app:1");
        running("app:1", 2);
        scale(3);
        running("app:1", 3);
        awaitStatus("updatedAvailableReplicas", 3);
        template("{spec: {containers: [{name: app, image: 'app:2'}]}}");
        running("app:2", 3);
        Awaitility.await("heard").atMost(Duration.ofSeconds(30)).until(() -> !heard.isEmpty());
        scale(4);
        running("app:2", 4);
        awaitStatus("updatedAvailableReplicas", 4);

        assertThat(heard).singleElement().satisfies(end -> {
            assertThat(end.workload()).isEqualTo(ObjectKey.of((ObjectNode) cloneSet()));
            assertThat(end.inPlace()).isEqualTo(3);
            assertThat(end.took()).isPresent();
        });
        assertThat(finishes())
                .singleElement()
                .satisfies(text ->
                        assertThat(text).matches("3 pods run the new image in place, none was replaced, \\d+ s"));
    }

    @Test
    void podsThatAnUpdateReplacedAreToldAsNew() {
        create(2, "app:1");
        running("app:1", 2);
        awaitStatus("updatedAvailableReplicas", 2);
        template("{spec: {containers: [{name: app, image: 'app:1', env: [{name: A, value: b}]}]}}");

        Awaitility.await("told")
                .atMost(Duration.ofSeconds(30))
                .until(() -> !finishes().isEmpty());
        assertThat(finishes())
                .singleElement()
                .satisfies(text -> assertThat(text).startsWith("2 new pods run the new template"));
    }

    private List<String> finishes() {
        return cluster.list(cluster.resource("v1", "Event").orElseThrow(), namespace, "").stream()
                .filter(event -> event.path("reason").asText().equals("RolloutFinished"))
                .map(event -> event.path("message").asText())
                .toList();
    }

    @Test
    void aLabelChangeRestartsNothing() {
        create(3, "app:1");
        Map<String, PodView> before = running("app:1", 3);
        template("{metadata: {labels: {app: web, tier: edge}}}");
        Map<String, PodView> after =
                await("labelled", all(pod -> pod.label("tier").equals("edge"), 3));

        assertThat(after.keySet()).isEqualTo(before.keySet());
        assertThat(after.values()).allMatch(pod -> pod.restarts() == 0 && pod.ready());
    }

    @Test
    void anEnvChangeReplacesThePods() {
        create(2, "app:1");
        Map<String, PodView> before = running("app:1", 2);
        template("{spec: {containers: [{name: app, image: 'app:1', env: [{name: MODE, value: b}]}]}}");
        Map<String, PodView> after = await(
                "replaced",
                all(
                        pod -> pod.ready()
                                && !pod.json().at("/spec/containers/0/env").isEmpty(),
                        2));

        assertThat(after.keySet()).doesNotContainAnyElementsOf(before.keySet());
    }

    @Test
    void replicasAreKeptUpAndDown() {
        create(1, "app:1");
        running("app:1", 1);
        scale(4);
        Map<String, PodView> four = running("app:1", 4);
        PodView deleted = four.values().iterator().next();
        cluster.delete(pods, namespace, deleted.name(), deleted.uid(), Propagation.BACKGROUND);
        Map<String, PodView> refilled = await(
                "refilled",
                now -> now.size() == 4
                        && !now.containsKey(deleted.uid())
                        && now.values().stream().allMatch(PodView::ready));
        scale(2);
        Map<String, PodView> two = running("app:1", 2);

        assertThat(refilled.keySet()).containsAll(two.keySet());
    }

    @Test
    void aBadImageStopsAfterOnePodAndRollingBackHealsIt() {
        create(3, "app:1");
        Map<String, PodView> before = running("app:1", 3);
        template("{spec: {containers: [{name: app, image: 'app:bad'}]}}");
        await(
                "one broken",
                now -> now.values().stream()
                        .anyMatch(pod -> pod.containerStatus("app")
                                .filter(status -> status.path("state").has("waiting"))
                                .isPresent()));
        awaitStatus("readyReplicas", 2);
        assertThat(podsNow().values().stream().filter(pod -> pod.image("app").equals("app:bad")))
                .hasSize(1);
        template("{spec: {containers: [{name: app, image: 'app:1'}]}}");
        Map<String, PodView> after = running("app:1", 3);

        assertThat(after.keySet()).isEqualTo(before.keySet());
    }

    @Test
    void anUpdateThatDoesNotComeUpGoesBackInTheSamePodsWhereTheSetSaysSo() {
        create(3, "app:1");
        cluster.patch(
                cloneSets,
                namespace,
                "web",
                "",
                PatchType.MERGE,
                Trees.yaml(
                        "{metadata: {annotations: {trimtab.dev/on-failure: rollback}}, spec: {progressDeadlineSeconds: 1}}"),
                MANAGER);
        Map<String, PodView> before = running("app:1", 3);
        template("{spec: {containers: [{name: app, image: 'app:bad'}]}}");
        awaitTakenBack();
        Map<String, PodView> after = running("app:1", 3);

        assertThat(after.keySet()).isEqualTo(before.keySet());

        template("{spec: {containers: [{name: app, image: 'app:2'}]}}");
        assertThat(running("app:2", 3).keySet()).isEqualTo(before.keySet());
    }

    private void awaitTakenBack() {
        Awaitility.await("taken back")
                .atMost(Duration.ofSeconds(30))
                .until(() -> RolloutRecord.undone(
                                cluster.get(cloneSets, namespace, "web").orElseThrow())
                        .isPresent());
    }

    @Test
    void twoControllersByMistakeRestartEachContainerOnceInTheSamePods() {
        create(3, "app:1");
        Map<String, PodView> before = running("app:1", 3);
        try (CloneSetController other = new CloneSetController(cluster, Clock.systemUTC())) {
            other.start();
            template("{spec: {containers: [{name: app, image: 'app:2'}]}}");
            running("app:2", 3);
            awaitStatus("updatedAvailableReplicas", 3);
        }

        assertThat(podsNow().keySet()).isEqualTo(before.keySet());
        assertThat(podsNow().values()).allMatch(pod -> pod.restarts() == 1);
    }

    @Test
    void aRolloutCostsThreeWritesAPodAndRestNone() {
        create(3, "app:1");
        running("app:1", 3);
        awaitStatus("updatedAvailableReplicas", 3);
        controller.close();
        template("{spec: {containers: [{name: app, image: 'app:2'}]}}");
        DyingCluster counting = new DyingCluster(Integer.MAX_VALUE);
        try (CloneSetController counted = new CloneSetController(counting.over(cluster), Clock.systemUTC())) {
            counted.start();
            running("app:2", 3);
            awaitStatus("updatedAvailableReplicas", 3);
        }
        assertThat(counting.podWrites()).isEqualTo(9);

        DyingCluster resting = new DyingCluster(Integer.MAX_VALUE);
        try (CloneSetController again = new CloneSetController(resting.over(cluster), Clock.systemUTC())) {
            again.start();
            cluster.patch(
                    cloneSets,
                    namespace,
                    "web",
                    "",
                    PatchType.MERGE,
                    Trees.yaml("{metadata: {annotations: {seen: 'yes'}}}"),
                    MANAGER);
            awaitStatus("updatedAvailableReplicas", 3);
        }
        assertThat(resting.podWrites()).isZero();
    }

    private static JsonNode definition() {
        ResourceType definitions = cluster.resource("apiextensions.k8s.io/v1", "CustomResourceDefinition")
                .orElseThrow();
        return cluster.get(definitions, Optional.empty(), CloneSetCrd.NAME).orElseThrow();
    }
}
