package dev.trimtab.sandbox.conformance;

import static dev.trimtab.sandbox.conformance.Workloads.DEPLOYMENTS;
import static dev.trimtab.sandbox.conformance.Workloads.PODS;
import static dev.trimtab.sandbox.conformance.Workloads.REPLICA_SETS;
import static dev.trimtab.sandbox.conformance.Workloads.V1;
import static dev.trimtab.sandbox.conformance.Workloads.V2;
import static dev.trimtab.sandbox.conformance.Workloads.V3;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.judge.Part;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Which ReplicaSet a Deployment takes for its template: the oldest whose template is equal but for the hash label. The hash
 * names a new one and is never computed again.
 */
@Conformance
@Needs({Part.CONTROLLERS, Part.NODES})
final class DeploymentRevisionTest {

    private static final String HASH = "pod-template-hash";
    private static final String REVISION = "deployment.kubernetes.io/revision";

    private final Api api;
    private final Workloads workloads;

    DeploymentRevisionTest(Api api) {
        this.api = api;
        this.workloads = new Workloads(api);
    }

    private JsonNode rolledOut(String name) {
        workloads.deployment(name, Workloads.template(name, V1), "replicas: 2");
        workloads.awaitRollout(name);
        return workloads.activeReplicaSet(name);
    }

    private JsonNode rollTo(String name, String image) {
        workloads.setImage(DEPLOYMENTS + "/" + name, image);
        workloads.awaitRollout(name);
        return workloads.activeReplicaSet(name);
    }

    private void pauseWith(String name, String image) {
        api.strategic(
                        DEPLOYMENTS + "/" + name,
                        "{spec: {paused: true, template: {spec: {containers: [{name: app, image: '" + image + "'}]}}}}")
                .ok();
        workloads.await(DEPLOYMENTS + "/" + name, Objects::observed);
    }

    private void resume(String name) {
        api.merge(DEPLOYMENTS + "/" + name, "{spec: {paused: null}}").ok();
        workloads.await(
                DEPLOYMENTS + "/" + name,
                object -> Objects.observed(object)
                        && !Objects.reason(object, "Progressing").equals("DeploymentPaused"));
    }

    private static int updated(JsonNode deployment) {
        return deployment.at("/status/updatedReplicas").asInt();
    }

    @Test
    void theHashIsInNameLabelsSelectorAndPods() {
        JsonNode set = rolledOut("hashed");
        String hash = Objects.label(set, HASH);

        assertThat(hash).isNotEmpty();
        assertThat(Objects.name(set)).isEqualTo("hashed-" + hash);
        assertThat(set.at("/spec/selector/matchLabels").path(HASH).asText()).isEqualTo(hash);
        assertThat(Objects.label(set.at("/spec/template"), HASH)).isEqualTo(hash);
        assertThat(workloads.pods("hashed"))
                .allMatch(pod -> Objects.label(pod, HASH).equals(hash));
        assertThat(Objects.annotation(set, REVISION)).isEqualTo("1");
        assertThat(workloads
                        .get(DEPLOYMENTS + "/hashed")
                        .at("/spec/template/metadata/labels")
                        .has(HASH))
                .isFalse();
    }

    @Test
    void whatIsNotTheTemplateMakesNoReplicaSet() {
        JsonNode set = rolledOut("same");
        api.merge(
                        DEPLOYMENTS + "/same",
                        "{metadata: {labels: {l: l}, annotations: {a: a}}, spec: {minReadySeconds: 0,"
                                + " revisionHistoryLimit: 3, template: {spec: {restartPolicy: Always}}}}")
                .ok();
        workloads.awaitRollout("same");

        JsonNode after = workloads.await(
                REPLICA_SETS + "/" + Objects.name(set),
                object -> Objects.annotation(object, "a").equals("a"));
        assertThat(workloads.replicaSets("same")).hasSize(1);
        assertThat(Objects.label(after, "l")).isEmpty();
    }

    @Test
    void aTemplateThatComesBackGetsItsReplicaSetAndANewNumber() {
        JsonNode first = rolledOut("back");
        JsonNode second = rollTo("back", V2);
        assertThat(Objects.annotation(second, REVISION)).isEqualTo("2");

        JsonNode third = rollTo("back", V1);

        assertThat(Objects.uid(third)).isEqualTo(Objects.uid(first));
        assertThat(Objects.annotation(third, REVISION)).isEqualTo("3");
        assertThat(Objects.annotation(third, "deployment.kubernetes.io/revision-history"))
                .isEqualTo("1");
        assertThat(Objects.annotation(workloads.get(DEPLOYMENTS + "/back"), REVISION))
                .isEqualTo("3");
        assertThat(workloads.replicaSets("back")).hasSize(2);
    }

    @Test
    void historyIsKeptUpToItsLimit() {
        workloads.deployment("history", Workloads.template("history", V1), "replicas: 1, revisionHistoryLimit: 1");
        workloads.awaitRollout("history");
        JsonNode first = workloads.activeReplicaSet("history");
        rollTo("history", V2);
        rollTo("history", V3);

        workloads.awaitGone(REPLICA_SETS + "/" + Objects.name(first));
        assertThat(workloads.replicaSets("history")).hasSize(2);
    }

    @Test
    void aTemplateMovedIntoTheReplicaSetOfAPausedDeploymentKeepsThePods() {
        JsonNode set = rolledOut("moved");
        List<String> before = workloads.podUids("moved");
        pauseWith("moved", V2);
        workloads.await(DEPLOYMENTS + "/moved", object -> updated(object) == 0);
        workloads.setImage(REPLICA_SETS + "/" + Objects.name(set), V2);
        workloads.await(DEPLOYMENTS + "/moved", object -> updated(object) == 2);
        workloads.pods("moved").forEach(pod -> workloads.setPodImage(Objects.name(pod), V2, "{}"));
        workloads.awaitPods("moved", pods -> pods.stream().allMatch(pod -> Objects.restarts(pod) == 1));
        resume("moved");
        workloads.awaitRollout("moved");

        assertThat(workloads.podUids("moved")).isEqualTo(before);
        assertThat(workloads.replicaSets("moved")).extracting(Objects::uid).containsExactly(Objects.uid(set));
        assertThat(workloads.activeReplicaSet("moved").at("/metadata/labels").path(HASH))
                .isEqualTo(set.at("/metadata/labels").path(HASH));
    }

    @Test
    void aPodLostAfterTheMoveComesBackFromTheNewTemplate() {
        JsonNode set = rolledOut("lost");
        String lost = Objects.name(workloads.pods("lost").get(0));
        pauseWith("lost", V2);
        workloads.setImage(REPLICA_SETS + "/" + Objects.name(set), V2);
        workloads.await(DEPLOYMENTS + "/lost", object -> updated(object) == 2);
        api.delete(PODS + "/" + lost, "{}").ok();

        workloads.awaitReady("lost", 2);
        workloads.await(() -> workloads.pods("lost").stream()
                .noneMatch(pod -> Objects.name(pod).equals(lost)));
        assertThat(workloads.awaitReady("lost", 2)).extracting(Objects::image).containsExactlyInAnyOrder(V1, V2);
        assertThat(workloads.pods("lost")).extracting(Objects::controller).containsOnly(Objects.uid(set));
    }

    @Test
    void afterTheMoveTheNextChangeOfTheTemplateRollsOutAsEver() {
        JsonNode set = rolledOut("next");
        pauseWith("next", V2);
        workloads.setImage(REPLICA_SETS + "/" + Objects.name(set), V2);
        workloads.await(DEPLOYMENTS + "/next", object -> updated(object) == 2);
        resume("next");
        JsonNode after = rollTo("next", V3);

        assertThat(Objects.uid(after)).isNotEqualTo(Objects.uid(set));
        assertThat(Objects.annotation(after, REVISION)).isEqualTo("2");
    }

    @Test
    void ofTwoEqualReplicaSetsTheOlderOneIsTaken() {
        JsonNode older = rolledOut("twins");
        Instant created = Instant.parse(older.at("/metadata/creationTimestamp").asText());
        workloads.await(() -> Clock.systemUTC().instant().isAfter(created.plusSeconds(2)));
        JsonNode younger = rollTo("twins", V2);
        pauseWith("twins", V1);
        workloads.setImage(REPLICA_SETS + "/" + Objects.name(younger), V1);
        workloads.await(REPLICA_SETS + "/" + Objects.name(younger), Objects::observed);
        resume("twins");
        workloads.awaitRollout("twins");

        assertThat(Objects.uid(workloads.activeReplicaSet("twins"))).isEqualTo(Objects.uid(older));
    }

    @Test
    void aTemplateMovedWithoutTheDeploymentIsRolledBackUnderAnotherHash() {
        JsonNode set = rolledOut("collides");
        workloads.setImage(REPLICA_SETS + "/" + Objects.name(set), V2);
        JsonNode deployment = workloads.await(
                DEPLOYMENTS + "/collides",
                object -> object.at("/status/collisionCount").asInt() == 1);
        workloads.await(
                REPLICA_SETS + "/" + Objects.name(set),
                object -> object.at("/spec/replicas").asInt(-1) == 0);
        workloads.awaitRollout("collides");

        JsonNode now = workloads.activeReplicaSet("collides");
        assertThat(Objects.uid(now)).isNotEqualTo(Objects.uid(set));
        assertThat(now.at("/spec/template/spec/containers/0/image").asText()).isEqualTo(V1);
        assertThat(Objects.label(now, HASH)).isNotEqualTo(Objects.label(set, HASH));
        assertThat(deployment.at("/status/collisionCount").asInt()).isEqualTo(1);
    }

    @Test
    void aPodWithAnotherHashIsReleasedAndReplaced() {
        JsonNode set = rolledOut("foreign");
        String released = Objects.name(workloads.pods("foreign").get(0));
        api.merge(PODS + "/" + released, "{metadata: {labels: {" + HASH + ": other}}}")
                .ok();

        workloads.awaitReady("foreign", 3);
        assertThat(Objects.controller(workloads.get(PODS + "/" + released))).isEmpty();
        assertThat(workloads.pods("foreign"))
                .filteredOn(pod -> Objects.controller(pod).equals(Objects.uid(set)))
                .hasSize(2);
    }
}
