package dev.trimtab.sandbox.conformance;

import static dev.trimtab.sandbox.conformance.Workloads.DEPLOYMENTS;
import static dev.trimtab.sandbox.conformance.Workloads.PODS;
import static dev.trimtab.sandbox.conformance.Workloads.REPLICA_SETS;
import static dev.trimtab.sandbox.conformance.Workloads.UNPULLABLE;
import static dev.trimtab.sandbox.conformance.Workloads.V1;
import static dev.trimtab.sandbox.conformance.Workloads.V2;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.judge.Part;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a Deployment replaces its pods, and what its status says meanwhile. */
@Conformance
@Needs({Part.CONTROLLERS, Part.NODES})
final class RollingUpdateTest {

    private final Api api;
    private final Workloads workloads;

    RollingUpdateTest(Api api) {
        this.api = api;
        this.workloads = new Workloads(api);
    }

    private void rolledOut(String name, String spec) {
        workloads.deployment(name, Workloads.template(name, V1), spec);
        workloads.awaitRollout(name);
    }

    /**
     * The pods after a change.
     *
     * @param live those that are not on their way out
     * @param old unfinished ones with the old image
     */
    private record Moment(int live, int ready, int unfinished, int old) {}

    private static Moment moment(Map<String, JsonNode> pods) {
        List<JsonNode> live =
                pods.values().stream().filter(pod -> !Objects.deleting(pod)).toList();
        List<JsonNode> unfinished =
                pods.values().stream().filter(pod -> !Objects.finished(pod)).toList();
        return new Moment(
                live.size(), (int) live.stream().filter(Objects::ready).count(), unfinished.size(), (int)
                        unfinished.stream()
                                .filter(pod -> Objects.image(pod).equals(V1))
                                .count());
    }

    @Test
    void staysWithinSurgeAndUnavailability() throws IOException {
        rolledOut("bounded", "replicas: 4, strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}");
        Map<String, JsonNode> pods = new HashMap<>();
        workloads.pods("bounded").forEach(pod -> pods.put(Objects.uid(pod), pod));
        try (Events events = workloads.follow(PODS, "labelSelector=app%3Dbounded")) {
            workloads.setImage(DEPLOYMENTS + "/bounded", V2);
            do {
                Events.Event event = events.next();
                if (event.type().equals("DELETED")) {
                    pods.remove(Objects.uid(event.object()));
                } else {
                    pods.put(Objects.uid(event.object()), event.object());
                }
                assertThat(moment(pods).live()).isLessThanOrEqualTo(5);
                assertThat(moment(pods).ready()).isGreaterThanOrEqualTo(3);
            } while (moment(pods).old() > 0 || moment(pods).ready() < 4);
        }
    }

    @Test
    void recreateNeverRunsOldAndNewSideBySide() throws IOException {
        rolledOut("recreated", "replicas: 2, strategy: {type: Recreate}");
        Map<String, JsonNode> pods = new HashMap<>();
        workloads.pods("recreated").forEach(pod -> pods.put(Objects.uid(pod), pod));
        try (Events events = workloads.follow(PODS, "labelSelector=app%3Drecreated")) {
            workloads.setImage(DEPLOYMENTS + "/recreated", V2);
            do {
                Events.Event event = events.next();
                if (event.type().equals("DELETED")) {
                    pods.remove(Objects.uid(event.object()));
                } else {
                    pods.put(Objects.uid(event.object()), event.object());
                }
                assertThat(moment(pods).old()).isIn(0, moment(pods).unfinished());
            } while (moment(pods).old() > 0 || moment(pods).ready() < 2);
        }
    }

    @Test
    void surgeIsRoundedUpAndUnavailabilityDown() {
        rolledOut("rounded", "replicas: 5, strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}");
        JsonNode set = workloads.activeReplicaSet("rounded");

        assertThat(Objects.annotation(set, "deployment.kubernetes.io/desired-replicas"))
                .isEqualTo("5");
        assertThat(Objects.annotation(set, "deployment.kubernetes.io/max-replicas"))
                .isEqualTo("7");

        workloads.setImage(DEPLOYMENTS + "/rounded", UNPULLABLE);
        JsonNode stuck = workloads.await(
                DEPLOYMENTS + "/rounded",
                deployment -> Objects.observed(deployment)
                        && deployment.at("/status/updatedReplicas").asInt() == 3
                        && deployment.at("/status/availableReplicas").asInt() == 4);
        assertThat(stuck.at("/status/replicas").asInt()).isEqualTo(7);
    }

    @Test
    void aFinishedRolloutIsProgressingBecauseItsReplicaSetIsAvailable() {
        rolledOut("finished", "replicas: 1");
        JsonNode deployment = workloads.await(
                DEPLOYMENTS + "/finished",
                object -> Objects.reason(object, "Progressing").equals("NewReplicaSetAvailable"));

        assertThat(Objects.condition(deployment, "Progressing").path("status").asText())
                .isEqualTo("True");
        assertThat(Objects.condition(deployment, "Progressing").path("message").asText())
                .isEqualTo("ReplicaSet \"" + Objects.name(workloads.activeReplicaSet("finished"))
                        + "\" has successfully progressed.");
        assertThat(Objects.reason(deployment, "Available")).isEqualTo("MinimumReplicasAvailable");
        assertThat(Objects.condition(deployment, "Available").path("message").asText())
                .isEqualTo("Deployment has minimum availability.");
        assertThat(deployment.path("status").has("unavailableReplicas")).isFalse();
    }

    @Test
    void aRolloutThatGetsNowhereExceedsItsDeadline() {
        workloads.deployment("late", Workloads.idleTemplate("late"), "replicas: 1, progressDeadlineSeconds: 1");
        JsonNode deployment =
                workloads.await(DEPLOYMENTS + "/late", object -> Objects.conditionIs(object, "Progressing", "False"));

        assertThat(Objects.reason(deployment, "Progressing")).isEqualTo("ProgressDeadlineExceeded");
        assertThat(Objects.condition(deployment, "Progressing").path("message").asText())
                .matches("ReplicaSet \"late-[a-z0-9]+\" has timed out progressing\\.");
        assertThat(Objects.reason(deployment, "Available")).isEqualTo("MinimumReplicasUnavailable");
        assertThat(deployment.at("/status/unavailableReplicas").asInt()).isEqualTo(1);
    }

    @Test
    void scalingDuringARolloutIsProportional() {
        rolledOut("scaled", "replicas: 10, strategy: {rollingUpdate: {maxSurge: 3, maxUnavailable: 2}}");
        String old = Objects.name(workloads.activeReplicaSet("scaled"));
        workloads.setImage(DEPLOYMENTS + "/scaled", UNPULLABLE);
        workloads.await(
                DEPLOYMENTS + "/scaled",
                deployment -> Objects.observed(deployment)
                        && deployment.at("/status/updatedReplicas").asInt() == 5
                        && deployment.at("/status/replicas").asInt() == 13
                        && deployment.at("/status/availableReplicas").asInt() == 8);

        api.merge(DEPLOYMENTS + "/scaled/scale", "{spec: {replicas: 15}}").ok();

        workloads.await(
                REPLICA_SETS + "/" + old,
                set -> set.at("/spec/replicas").asInt() == 11
                        && Objects.annotation(set, "deployment.kubernetes.io/desired-replicas")
                                .equals("15"));
        assertThat(workloads.replicaSets("scaled"))
                .extracting(set -> set.at("/spec/replicas").asInt())
                .containsExactlyInAnyOrder(11, 7);
    }
}
