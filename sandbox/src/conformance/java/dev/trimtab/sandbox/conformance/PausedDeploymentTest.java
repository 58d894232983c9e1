package dev.trimtab.sandbox.conformance;

import static dev.trimtab.sandbox.conformance.Workloads.DEPLOYMENTS;
import static dev.trimtab.sandbox.conformance.Workloads.V1;
import static dev.trimtab.sandbox.conformance.Workloads.V2;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.judge.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A paused Deployment rolls nothing, and does everything else. */
@Conformance
@Needs({Part.CONTROLLERS, Part.NODES})
final class PausedDeploymentTest {

    private final Api api;
    private final Workloads workloads;

    PausedDeploymentTest(Api api) {
        this.api = api;
        this.workloads = new Workloads(api);
    }

    private void rolledOut(String name) {
        workloads.deployment(name, Workloads.template(name, V1), "replicas: 2");
        workloads.awaitRollout(name);
    }

    private void pauseWith(String name, String image) {
        api.strategic(
                        DEPLOYMENTS + "/" + name,
                        "{spec: {paused: true, template: {spec: {containers: [{name: app, image: '" + image + "'}]}}}}")
                .ok();
    }

    @Test
    void oneThatIsBornPausedMakesNoReplicaSet() {
        workloads.deployment("born", Workloads.template("born", V1), "replicas: 2, paused: true");
        JsonNode deployment = workloads.await(DEPLOYMENTS + "/born", Objects::observed);

        assertThat(Objects.condition(deployment, "Progressing").path("status").asText())
                .isEqualTo("Unknown");
        assertThat(Objects.reason(deployment, "Progressing")).isEqualTo("DeploymentPaused");
        assertThat(Objects.condition(deployment, "Progressing").path("message").asText())
                .isEqualTo("Deployment is paused");
        assertThat(workloads.replicaSets("born")).isEmpty();
        assertThat(workloads.pods("born")).isEmpty();
    }

    @Test
    void aNewTemplateIsObservedButMakesNoReplicaSet() {
        rolledOut("still");
        List<String> before = workloads.podUids("still");
        pauseWith("still", V2);
        JsonNode deployment = workloads.await(
                DEPLOYMENTS + "/still",
                object -> Objects.observed(object) && !object.path("status").has("updatedReplicas"));

        assertThat(deployment.at("/status/replicas").asInt()).isEqualTo(2);
        assertThat(deployment.at("/status/availableReplicas").asInt()).isEqualTo(2);
        assertThat(Objects.annotation(deployment, "deployment.kubernetes.io/revision"))
                .isEqualTo("1");
        assertThat(workloads.replicaSets("still")).hasSize(1);
        assertThat(workloads.podUids("still")).isEqualTo(before);
    }

    @Test
    void scalingGoesToTheActiveReplicaSetWithItsOldTemplate() {
        rolledOut("grows");
        pauseWith("grows", V2);
        workloads.await(DEPLOYMENTS + "/grows", object -> !object.path("status").has("updatedReplicas"));
        api.merge(DEPLOYMENTS + "/grows/scale", "{spec: {replicas: 3}}").ok();

        assertThat(workloads.awaitReady("grows", 3)).extracting(Objects::image).containsOnly(V1);
        JsonNode deployment = workloads.await(
                DEPLOYMENTS + "/grows",
                object -> Objects.observed(object)
                        && object.at("/status/availableReplicas").asInt() == 3);
        assertThat(deployment.at("/status/replicas").asInt()).isEqualTo(3);
        assertThat(workloads.replicaSets("grows")).hasSize(1);
    }

    @Test
    void resumingRollsOut() {
        rolledOut("resumes");
        pauseWith("resumes", V2);
        workloads.await(
                DEPLOYMENTS + "/resumes",
                object -> Objects.reason(object, "Progressing").equals("DeploymentPaused"));
        api.merge(DEPLOYMENTS + "/resumes", "{spec: {paused: null}}").ok();

        workloads.awaitRollout("resumes");
        JsonNode deployment = workloads.await(
                DEPLOYMENTS + "/resumes",
                object -> Objects.reason(object, "Progressing").equals("NewReplicaSetAvailable"));
        assertThat(Objects.annotation(deployment, "deployment.kubernetes.io/revision"))
                .isEqualTo("2");
        assertThat(workloads.awaitReady("resumes", 2))
                .extracting(Objects::image)
                .containsOnly(V2);
    }
}
