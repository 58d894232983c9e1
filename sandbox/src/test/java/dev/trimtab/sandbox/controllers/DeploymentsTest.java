package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeploymentsTest {

    private static final String DEPLOYMENTS = "deployments.apps";

    private final Cluster cluster = Cluster.start();

    @AfterAll
    void stop() {
        cluster.close();
    }

    private Set<String> uids(String app) {
        return cluster.pods(app).stream().map(ObjectMeta::uid).collect(Collectors.toSet());
    }

    private static String image(JsonNode withTemplate) {
        return withTemplate
                .path("spec")
                .path("template")
                .path("spec")
                .path("containers")
                .path(0)
                .path("image")
                .asText();
    }

    private static String reason(JsonNode object, String condition) {
        return Conditions.find(object, condition).path("reason").asText();
    }

    @Test
    void rolloutKeepsWithinMaxUnavailableAndMaxSurge() {
        cluster.deployment(
                "rolls", "demo/app:1", "{replicas: 6, strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}}");
        cluster.awaitRollout("rolls");
        List<LocalApi.Event> events = cluster.record("pods");
        cluster.await(() -> events.size() >= 6);

        cluster.setImage(DEPLOYMENTS, "rolls", "demo/app:2");
        ObjectNode done = cluster.awaitRollout("rolls");

        Map<String, ObjectNode> present = new HashMap<>();
        int worst = Integer.MAX_VALUE;
        int most = 0;
        for (LocalApi.Event event : events) {
            if (!"rolls".equals(ObjectMeta.labels(event.object()).get("app"))) {
                continue;
            }
            if (event.type().equals("DELETED")) {
                present.remove(ObjectMeta.uid(event.object()));
            } else {
                present.put(ObjectMeta.uid(event.object()), event.object());
            }
            List<ObjectNode> active =
                    present.values().stream().filter(PodState::active).toList();
            if (present.size() >= 6) {
                worst = Math.min(
                        worst, (int) active.stream().filter(PodState::ready).count());
            }
            most = Math.max(most, active.size());
        }
        assertThat(worst).as("fewest ready pods").isGreaterThanOrEqualTo(5);
        assertThat(most).as("most pods").isLessThanOrEqualTo(7);
        assertThat(reason(done, "Available")).isEqualTo("MinimumReplicasAvailable");
        cluster.await(DEPLOYMENTS, "rolls", d -> reason(d, "Progressing").equals("NewReplicaSetAvailable"));
        assertThat(ObjectMeta.annotation(done, ReplicaSetView.REVISION)).isEqualTo("2");
        assertThat(cluster.replicaSets("rolls")).hasSize(2);
    }

    @Test
    void undoTakesTheOldReplicaSetBackUnderANewRevision() {
        cluster.deployment("undone", "demo/app:1", "{replicas: 2}");
        cluster.awaitRollout("undone");
        String first = ObjectMeta.name(cluster.replicaSets("undone").get(0));
        cluster.setImage(DEPLOYMENTS, "undone", "demo/app:2");
        cluster.awaitRollout("undone");

        cluster.setImage(DEPLOYMENTS, "undone", "demo/app:1");
        ObjectNode done = cluster.awaitRollout("undone");

        assertThat(ObjectMeta.annotation(done, ReplicaSetView.REVISION)).isEqualTo("3");
        ObjectNode set = cluster.get("replicasets.apps", first);
        assertThat(set.path("spec").path("replicas").asInt()).isEqualTo(2);
        assertThat(ObjectMeta.annotation(set, ReplicaSetView.REVISION)).isEqualTo("3");
        assertThat(ObjectMeta.annotation(set, "deployment.kubernetes.io/revision-history"))
                .isEqualTo("1");
        assertThat(cluster.replicaSets("undone")).hasSize(2);
    }

    @Test
    void pausedDeploymentCreatesNoReplicaSetButScalesAndTellsTheTruth() {
        cluster.deployment("paused", "demo/app:1", "{replicas: 2}");
        cluster.awaitRollout("paused");

        ObjectNode paused = cluster.change(DEPLOYMENTS, "paused", d -> {
            d.withObject("spec").put("paused", true).put("replicas", 3);
            ((ObjectNode) d.path("spec")
                            .path("template")
                            .path("spec")
                            .path("containers")
                            .path(0))
                    .put("image", "demo/app:2");
        });
        ObjectNode observed = cluster.await(
                DEPLOYMENTS,
                "paused",
                d -> d.path("status").path("observedGeneration").asLong() >= ObjectMeta.generation(paused)
                        && d.path("status").path("readyReplicas").asInt() == 3);
        assertThat(observed.path("status").path("updatedReplicas").asInt()).isZero();
        assertThat(reason(observed, "Progressing")).isEqualTo("DeploymentPaused");
        assertThat(cluster.replicaSets("paused")).hasSize(1);

        cluster.patch(DEPLOYMENTS, "paused", "{spec: {paused: null}}");
        cluster.awaitRollout("paused");
        assertThat(cluster.replicaSets("paused")).hasSize(2);
    }

    /** Pause, move both templates, patch the pods, unpause: the way to new images in the same pods. */
    @Test
    void replicaSetWhoseTemplateIsMovedWhilePausedCountsAsTheNewOne() {
        cluster.deployment("handshake", "demo/app:1", "{replicas: 3}");
        cluster.awaitRollout("handshake");
        Set<String> before = uids("handshake");
        String set = ObjectMeta.name(cluster.replicaSets("handshake").get(0));

        cluster.change(DEPLOYMENTS, "handshake", d -> {
            d.withObject("spec").put("paused", true);
            ((ObjectNode) d.path("spec")
                            .path("template")
                            .path("spec")
                            .path("containers")
                            .path(0))
                    .put("image", "demo/app:2");
        });
        cluster.await(
                DEPLOYMENTS,
                "handshake",
                d -> d.path("status").path("updatedReplicas").asInt() == 0);
        cluster.setImage("replicasets.apps", set, "demo/app:2");
        cluster.await(
                DEPLOYMENTS,
                "handshake",
                d -> d.path("status").path("updatedReplicas").asInt() == 3);
        cluster.pods("handshake").forEach(pod -> cluster.setImage("pods", ObjectMeta.name(pod), "demo/app:2"));
        cluster.await(() -> cluster.pods("handshake").stream()
                .allMatch(pod -> pod.path("status")
                                .path("containerStatuses")
                                .path(0)
                                .path("restartCount")
                                .asInt()
                        == 1));
        cluster.patch(DEPLOYMENTS, "handshake", "{spec: {paused: null}}");
        cluster.awaitRollout("handshake");

        assertThat(uids("handshake")).isEqualTo(before);
        assertThat(cluster.replicaSets("handshake")).hasSize(1);

        cluster.patch(DEPLOYMENTS, "handshake", "{spec: {template: {metadata: {annotations: {a: b}}}}}");
        cluster.awaitRollout("handshake");
        assertThat(uids("handshake")).doesNotContainAnyElementsOf(before);
        assertThat(cluster.replicaSets("handshake")).hasSize(2);
    }

    @Test
    void recreateNeverRunsOldAndNewSideBySide() {
        cluster.deployment("recreated", "demo/app:1", "{replicas: 3, strategy: {type: Recreate, rollingUpdate: null}}");
        cluster.awaitRollout("recreated");
        List<LocalApi.Event> events = cluster.record("pods");

        cluster.setImage(DEPLOYMENTS, "recreated", "demo/app:2");
        cluster.awaitRollout("recreated");

        Map<String, String> hashes = new HashMap<>();
        for (LocalApi.Event event : events) {
            ObjectNode pod = event.object();
            if ("recreated".equals(ObjectMeta.labels(pod).get("app"))) {
                if (event.type().equals("DELETED")) {
                    hashes.remove(ObjectMeta.uid(pod));
                } else {
                    hashes.put(
                            ObjectMeta.uid(pod),
                            String.valueOf(ObjectMeta.labels(pod).get(PodTemplateHash.LABEL)));
                }
                assertThat(Set.copyOf(hashes.values())).hasSizeLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void rolloutThatCannotProgressSaysSoAfterItsDeadlineAndKeepsTheOldPods() {
        cluster.deployment("stuck", "demo/app:1", "{replicas: 2, progressDeadlineSeconds: 1}");
        cluster.awaitRollout("stuck");
        Set<String> before = uids("stuck");

        cluster.setImage(DEPLOYMENTS, "stuck", "demo/app:bad");
        ObjectNode stuck = cluster.await(
                DEPLOYMENTS, "stuck", d -> reason(d, "Progressing").equals("ProgressDeadlineExceeded"));

        assertThat(Conditions.find(stuck, "Progressing").path("status").asText())
                .isEqualTo("False");
        assertThat(stuck.path("status").path("availableReplicas").asInt()).isEqualTo(2);
        assertThat(uids("stuck")).containsAll(before);

        cluster.setImage(DEPLOYMENTS, "stuck", "demo/app:2");
        cluster.awaitRollout("stuck");
    }

    @Test
    void historyIsCutToItsLimit() {
        cluster.deployment("history", "demo/app:1", "{replicas: 1, revisionHistoryLimit: 1}");
        cluster.awaitRollout("history");
        for (int version = 2; version <= 4; version++) {
            cluster.setImage(DEPLOYMENTS, "history", "demo/app:" + version);
            cluster.awaitRollout("history");
        }
        cluster.await(() -> cluster.replicaSets("history").size() == 2);
        assertThat(cluster.replicaSets("history").stream().map(DeploymentsTest::image))
                .containsExactlyInAnyOrder("demo/app:3", "demo/app:4");
    }

    @Test
    void minReadySecondsDelaysAvailability() {
        cluster.deployment("patient", "demo/app:1", "{replicas: 1, minReadySeconds: 1}");
        ObjectNode ready = cluster.await(
                DEPLOYMENTS,
                "patient",
                d -> d.path("status").path("readyReplicas").asInt() == 1);
        assertThat(ready.path("status").path("availableReplicas").asInt()).isZero();
        cluster.awaitRollout("patient");
    }

    @Test
    void podThatLosesItsLabelIsReplacedAndOneThatRegainsItIsAdopted() {
        cluster.deployment("labels", "demo/app:1", "{replicas: 2}");
        cluster.awaitRollout("labels");
        String lost = ObjectMeta.name(cluster.pods("labels").get(0));

        cluster.patch("pods", lost, "{metadata: {labels: {app: other}}}");
        cluster.await(() -> cluster.pods("labels").size() == 2);
        cluster.await("pods", lost, pod -> ObjectMeta.owners(pod).isEmpty());

        cluster.patch("pods", lost, "{metadata: {labels: {app: labels}}}");
        cluster.await(() -> cluster.pods("labels").size() == 2);
        assertThat(cluster.pods("labels"))
                .allMatch(pod -> !ObjectMeta.owners(pod).isEmpty());
    }

    @Test
    void scaleInTakesUnreadyAndCheapPodsFirst() {
        cluster.deployment("shrinks", "demo/app:1", "{replicas: 4}");
        cluster.awaitRollout("shrinks");
        List<ObjectNode> pods = cluster.pods("shrinks");
        String cheap = ObjectMeta.name(pods.get(2));
        String broken = ObjectMeta.name(pods.get(1));
        cluster.patch("pods", cheap, "{metadata: {annotations: {controller.kubernetes.io/pod-deletion-cost: '-1'}}}");
        cluster.setImage("pods", broken, "demo/app:bad");
        cluster.await("pods", broken, pod -> !PodState.ready(pod));

        cluster.patch(DEPLOYMENTS, "shrinks", "{spec: {replicas: 2}}");
        cluster.await(() -> cluster.pods("shrinks").size() == 2);

        assertThat(cluster.pods("shrinks").stream().map(ObjectMeta::name))
                .containsExactlyInAnyOrder(ObjectMeta.name(pods.get(0)), ObjectMeta.name(pods.get(3)));
    }

    @Test
    void nothingIsWrittenAtRest() {
        cluster.deployment("rests", "demo/app:1", "{replicas: 2}");
        cluster.awaitRollout("rests");
        cluster.await(DEPLOYMENTS, "rests", d -> reason(d, "Progressing").equals("NewReplicaSetAvailable"));
        List<String> before = versions();

        // Twice through the whole loop: one more Deployment starts and is ready.
        cluster.deployment("moves", "demo/app:1", "{replicas: 1}");
        cluster.awaitRollout("moves");

        assertThat(versions()).isEqualTo(before);
    }

    private List<String> versions() {
        return Stream.of(DEPLOYMENTS, "replicasets.apps", "pods")
                .flatMap(resource -> cluster.api().list(resource, Cluster.NAMESPACE).stream())
                .filter(object -> "rests".equals(ObjectMeta.labels(object).get("app"))
                        || ObjectMeta.name(object).equals("rests"))
                .map(object -> ObjectMeta.name(object) + " " + ObjectMeta.resourceVersion(object))
                .toList();
    }
}
