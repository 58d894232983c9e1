package dev.trimtab.sandbox.conformance;

import static dev.trimtab.sandbox.conformance.Workloads.MAPS;
import static dev.trimtab.sandbox.conformance.Workloads.PODS;
import static dev.trimtab.sandbox.conformance.Workloads.REPLICA_SETS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.judge.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which pods a ReplicaSet counts as its own: selector and owner decide, never a pod's spec. */
@Conformance
@Needs(Part.CONTROLLERS)
final class ReplicaSetOwnershipTest {

    private final Api api;
    private final Workloads workloads;

    ReplicaSetOwnershipTest(Api api) {
        this.api = api;
        this.workloads = new Workloads(api);
    }

    private Answer replicaSet(String name, int replicas) {
        return workloads.replicaSet(name, Workloads.idleTemplate(name), "replicas: " + replicas);
    }

    private Answer pod(String name, String metadata) {
        return api.post(
                        PODS,
                        "{apiVersion: v1, kind: Pod, metadata: {name: " + name + ", " + metadata + "}, spec:"
                                + " {schedulerName: nobody, containers: [{name: app, image: other}]}}")
                .ok();
    }

    private List<JsonNode> settled(String name, int replicas) {
        workloads.await(
                REPLICA_SETS + "/" + name,
                set -> Objects.observed(set) && set.at("/status/replicas").asInt() == replicas);
        return workloads.awaitPods(name, pods -> pods.size() == replicas);
    }

    @Test
    void makesPodsThatNameItAsTheirController() {
        Answer created = replicaSet("makes", 2);
        List<JsonNode> pods = settled("makes", 2);

        assertThat(pods).allSatisfy(pod -> {
            assertThat(Objects.name(pod)).matches("makes-[a-z0-9]{5}");
            assertThat(pod.at("/metadata/generateName").asText()).isEqualTo("makes-");
            assertThat(pod.at("/metadata/ownerReferences")).isEqualTo(Api.tree("""
                            - apiVersion: apps/v1
                              kind: ReplicaSet
                              name: makes
                              uid: %s
                              controller: true
                              blockOwnerDeletion: true
                            """.formatted(created.uid())));
        });
        assertThat(workloads
                        .get(REPLICA_SETS + "/makes")
                        .at("/status/fullyLabeledReplicas")
                        .asInt())
                .isEqualTo(2);
        assertThat(workloads.get(REPLICA_SETS + "/makes").path("status").has("readyReplicas"))
                .isFalse();
    }

    @Test
    void adoptsAnOrphanThatMatchesWhateverItsSpec() {
        Answer orphan = pod("orphan", "labels: {app: adopts}");
        Answer created = replicaSet("adopts", 2);
        List<JsonNode> pods = settled("adopts", 2);

        assertThat(pods).allMatch(pod -> Objects.controller(pod).equals(created.uid()));
        assertThat(pods).extracting(Objects::uid).contains(orphan.uid());
    }

    @Test
    void removesWhatIsTooManyAfterAnAdoption() {
        replicaSet("full", 1);
        settled("full", 1);
        pod("one-too-many", "labels: {app: full}");

        settled("full", 1);
        assertThat(workloads.pods("full")).hasSize(1);
    }

    @Test
    void leavesAPodOfAnotherControllerAlone() {
        Answer other = api.post(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: other-controller}}")
                .ok();
        pod(
                "taken",
                "labels: {app: leaves}, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: other-controller,"
                        + " uid: " + other.uid() + ", controller: true}]");
        Answer created = replicaSet("leaves", 1);
        workloads.awaitPods("leaves", pods -> pods.size() == 2);

        assertThat(workloads.get(PODS + "/taken").at("/metadata/ownerReferences"))
                .hasSize(1);
        assertThat(workloads.pods("leaves"))
                .extracting(Objects::controller)
                .containsExactlyInAnyOrder(other.uid(), created.uid());
    }

    @Test
    void releasesAPodWhoseLabelGoesAndMakesAnother() {
        replicaSet("releases", 2);
        JsonNode released = settled("releases", 2).get(0);
        api.merge(PODS + "/" + Objects.name(released), "{metadata: {labels: {app: elsewhere}}}")
                .ok();

        JsonNode after = workloads.await(
                PODS + "/" + Objects.name(released),
                pod -> pod.at("/metadata/ownerReferences").isEmpty());
        assertThat(Objects.uid(after)).isEqualTo(Objects.uid(released));
        assertThat(settled("releases", 2)).extracting(Objects::uid).doesNotContain(Objects.uid(released));
    }

    @Test
    void aChangedTemplateTouchesNoPod() {
        replicaSet("keeps", 2);
        settled("keeps", 2);
        List<String> before = workloads.podUids("keeps");
        workloads.setImage(REPLICA_SETS + "/keeps", Workloads.V2);
        settled("keeps", 2);

        assertThat(workloads.podUids("keeps")).isEqualTo(before);
        assertThat(workloads.pods("keeps")).allMatch(pod -> Objects.image(pod).equals(Workloads.V1));

        api.merge(REPLICA_SETS + "/keeps", "{spec: {replicas: 3}}").ok();
        assertThat(settled("keeps", 3)).extracting(Objects::image).contains(Workloads.V2);
    }

    @Test
    void aFailedPodIsReplacedAndKept() {
        replicaSet("fails", 1);
        JsonNode failed = settled("fails", 1).get(0);
        workloads.play(Objects.name(failed), "{phase: Failed}");

        workloads.awaitPods("fails", pods -> pods.size() == 2);
        assertThat(workloads.podUids("fails")).contains(Objects.uid(failed));
    }

    @Test
    void aPodOnItsWayOutIsReplacedAtOnce() {
        replicaSet("leaving", 1);
        String name = Objects.name(settled("leaving", 1).get(0));
        api.merge(PODS + "/" + name, "{metadata: {finalizers: [example.com/hold]}}")
                .ok();
        api.delete(PODS + "/" + name, "{}").ok();

        List<JsonNode> pods = settled("leaving", 1);
        assertThat(pods).extracting(Objects::name).doesNotContain(name);
        assertThat(api.get(PODS + "/" + name).code()).isEqualTo(200);
        terminating("leaving", 1);
        api.merge(PODS + "/" + name, "{metadata: {finalizers: null}}").ok();
        terminating("leaving", 0);
    }

    /** Since 1.35. */
    private void terminating(String set, int count) {
        workloads.await(
                REPLICA_SETS + "/" + set,
                object -> object.at("/status/terminatingReplicas").asInt(-1) == count);
    }

    @Test
    void aRefusedPodIsACondition() {
        workloads.replicaSet(
                "refused",
                Workloads.template("refused", Workloads.V1, "serviceAccountName: nobody-made-it, "),
                "replicas: 1");
        JsonNode set = workloads.await(
                REPLICA_SETS + "/refused", object -> Objects.conditionIs(object, "ReplicaFailure", "True"));

        assertThat(Objects.reason(set, "ReplicaFailure")).isEqualTo("FailedCreate");
        assertThat(Objects.condition(set, "ReplicaFailure").path("message").asText())
                .startsWith("pods \"refused-")
                .endsWith("is forbidden: error looking up service account " + api.namespace()
                        + "/nobody-made-it: serviceaccount \"nobody-made-it\" not found");
        assertThat(set.at("/status/replicas").asInt(-1)).isZero();
    }
}
