package dev.trimtab.sandbox.conformance;

import static dev.trimtab.sandbox.conformance.Workloads.PODS;
import static dev.trimtab.sandbox.conformance.Workloads.REVISIONS;
import static dev.trimtab.sandbox.conformance.Workloads.STATEFUL_SETS;
import static dev.trimtab.sandbox.conformance.Workloads.V1;
import static dev.trimtab.sandbox.conformance.Workloads.V2;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.judge.Part;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ordinals, revisions and what moves a StatefulSet's pods from one to the next. */
@Conformance
@Needs({Part.CONTROLLERS, Part.NODES})
final class StatefulSetUpdateTest {

    private static final String HASH = "controller-revision-hash";

    private final Api api;
    private final Workloads workloads;

    StatefulSetUpdateTest(Api api) {
        this.api = api;
        this.workloads = new Workloads(api);
    }

    private static String path(String name) {
        return STATEFUL_SETS + "/" + name;
    }

    private void running(String name, int replicas, String spec) {
        workloads.create(
                STATEFUL_SETS,
                "StatefulSet",
                name,
                Workloads.template(name, V1),
                "serviceName: none, replicas: " + replicas + (spec.isEmpty() ? "" : ", ") + spec);
        settled(name, replicas);
    }

    private JsonNode settled(String name, int replicas) {
        return workloads.await(
                path(name),
                set -> Objects.observed(set)
                        && set.at("/status/replicas").asInt() == replicas
                        && set.at("/status/availableReplicas").asInt() == replicas);
    }

    private JsonNode promoted(String name) {
        return workloads.await(
                path(name),
                set -> Objects.observed(set)
                        && !revision(set, "update").isEmpty()
                        && revision(set, "current").equals(revision(set, "update")));
    }

    /** @param which {@code current} or {@code update} */
    private static String revision(JsonNode set, String which) {
        return set.path("status").path(which + "Revision").asText();
    }

    /** Changes the template and waits for its revision. */
    private String newTemplate(String name, String image) {
        String before = revision(workloads.get(path(name)), "update");
        workloads.setImage(path(name), image);
        JsonNode set = workloads.await(
                path(name),
                object ->
                        Objects.observed(object) && !revision(object, "update").equals(before));
        return revision(set, "update");
    }

    private JsonNode pod(String name) {
        return workloads.get(PODS + "/" + name);
    }

    private JsonNode replaced(JsonNode pod) {
        return workloads.await(
                PODS + "/" + Objects.name(pod),
                now -> !Objects.uid(now).equals(Objects.uid(pod)) && Objects.ready(now));
    }

    private void partition(String name, int partition) {
        api.merge(path(name), "{spec: {updateStrategy: {rollingUpdate: {partition: " + partition + "}}}}")
                .ok();
    }

    @Test
    void podsHaveTheirOrdinalAndTheWholeNameOfTheirRevision() {
        running("named", 2, "");
        JsonNode set = promoted("named");
        String revision = revision(set, "current");

        assertThat(revision).matches("named-[a-z0-9]+");
        assertThat(workloads.get(REVISIONS + "/" + revision).path("revision").asInt())
                .isEqualTo(1);
        assertThat(Objects.controller(workloads.get(REVISIONS + "/" + revision)))
                .isEqualTo(Objects.uid(set));
        JsonNode pod = pod("named-1");
        assertThat(Objects.label(pod, HASH)).isEqualTo(revision);
        assertThat(Objects.label(pod, "statefulset.kubernetes.io/pod-name")).isEqualTo("named-1");
        assertThat(Objects.label(pod, "apps.kubernetes.io/pod-index")).isEqualTo("1");
        assertThat(pod.at("/spec/hostname").asText()).isEqualTo("named-1");
        assertThat(pod.at("/spec/subdomain").asText()).isEqualTo("none");
        assertThat(set.at("/status/currentReplicas").asInt()).isEqualTo(2);
        assertThat(set.at("/status/updatedReplicas").asInt()).isEqualTo(2);
    }

    @Test
    void theNextPodWaitsForTheOneBeforeToBeReady() throws IOException {
        try (Events events = workloads.follow(PODS, "labelSelector=app%3Dordered")) {
            running("ordered", 2, "");
            List<JsonNode> states = Workloads.states(
                    events,
                    event -> event.type().equals("ADDED") && event.name().equals("ordered-1"));

            assertThat(states)
                    .filteredOn(pod -> Objects.name(pod).equals("ordered-0"))
                    .last()
                    .matches(Objects::ready);
        }
    }

    @Test
    void parallelPodsDoNotWait() {
        workloads.create(
                STATEFUL_SETS,
                "StatefulSet",
                "parallel",
                Workloads.idleTemplate("parallel"),
                "serviceName: none, replicas: 3, podManagementPolicy: Parallel");

        workloads.awaitPods("parallel", pods -> pods.size() == 3);
    }

    @Test
    void aRollingUpdateGoesFromTheHighestOrdinalDown() throws IOException {
        running("rolls", 3, "");
        try (Events events = workloads.follow(PODS, "labelSelector=app%3Drolls")) {
            newTemplate("rolls", V2);
            List<JsonNode> states = Workloads.states(
                    events,
                    event -> event.type().equals("ADDED") && event.name().equals("rolls-0"));

            assertThat(states)
                    .filteredOn(Objects::deleting)
                    .extracting(Objects::name)
                    .startsWith("rolls-2")
                    .endsWith("rolls-0")
                    .isSortedAccordingTo((left, right) -> right.compareTo(left));
        }
        assertThat(promoted("rolls").at("/status/updatedReplicas").asInt()).isEqualTo(3);
    }

    @Test
    void podsBelowThePartitionStayAndComeBackAtTheCurrentRevision() {
        running("parted", 3, "updateStrategy: {rollingUpdate: {partition: 2}}");
        String old = revision(promoted("parted"), "current");
        JsonNode highest = pod("parted-2");
        String update = newTemplate("parted", V2);

        assertThat(Objects.label(replaced(highest), HASH)).isEqualTo(update);
        JsonNode set = workloads.await(
                path("parted"),
                object -> object.at("/status/updatedReplicas").asInt() == 1
                        && object.at("/status/availableReplicas").asInt() == 3);
        assertThat(revision(set, "current")).isEqualTo(old);
        assertThat(set.at("/status/currentReplicas").asInt()).isEqualTo(2);

        JsonNode below = pod("parted-1");
        api.delete(PODS + "/parted-1", "{}").ok();
        JsonNode again = replaced(below);
        assertThat(Objects.label(again, HASH)).isEqualTo(old);
        assertThat(Objects.image(again)).isEqualTo(V1);

        JsonNode above = pod("parted-2");
        api.delete(PODS + "/parted-2", "{}").ok();
        assertThat(Objects.image(replaced(above))).isEqualTo(V2);
    }

    @Test
    void onDeleteReplacesNothingByItself() {
        running("manual", 2, "updateStrategy: {type: OnDelete}");
        JsonNode pod = pod("manual-0");
        JsonNode other = pod("manual-1");
        String update = newTemplate("manual", V2);
        api.delete(PODS + "/manual-0", "{}").ok();

        JsonNode again = replaced(pod);
        assertThat(Objects.label(again, HASH)).isEqualTo(update);
        assertThat(Objects.image(again)).isEqualTo(V2);
        assertThat(Objects.uid(pod("manual-1"))).isEqualTo(Objects.uid(other));
        workloads.await(path("manual"), set -> set.at("/status/updatedReplicas").asInt() == 1);
    }

    @Test
    void onDeletePromotesNothingUntilTheStrategyIsRollingAgain() {
        running("promotes", 1, "updateStrategy: {type: OnDelete}");
        JsonNode pod = pod("promotes-0");
        String old = revision(workloads.get(path("promotes")), "current");
        String update = newTemplate("promotes", V2);
        api.delete(PODS + "/promotes-0", "{}").ok();
        replaced(pod);
        JsonNode set = workloads.await(
                path("promotes"),
                object -> object.at("/status/updatedReplicas").asInt() == 1
                        && object.at("/status/availableReplicas").asInt() == 1);
        assertThat(revision(set, "current")).isEqualTo(old);

        api.merge(path("promotes"), "{spec: {updateStrategy: {type: RollingUpdate}}}")
                .ok();
        assertThat(revision(promoted("promotes"), "current")).isEqualTo(update);
    }

    @Test
    void imageAndHashPatchedTogetherCountAsUpdatedAndThePodStays() {
        running("in-place", 2, "updateStrategy: {rollingUpdate: {partition: 2}}");
        List<String> before = workloads.podUids("in-place");
        String update = newTemplate("in-place", V2);
        for (int ordinal = 1; ordinal >= 0; ordinal--) {
            int updated = 2 - ordinal;
            workloads.setPodImage("in-place-" + ordinal, V2, "{labels: {" + HASH + ": " + update + "}}");
            workloads.await(
                    path("in-place"), set -> set.at("/status/updatedReplicas").asInt() == updated);
            workloads.await(PODS + "/in-place-" + ordinal, pod -> Objects.restarts(pod) == 1 && Objects.ready(pod));
            partition("in-place", ordinal);
            workloads.await(path("in-place"), Objects::observed);
        }

        assertThat(revision(promoted("in-place"), "current")).isEqualTo(update);
        assertThat(workloads.podUids("in-place")).isEqualTo(before);
    }

    @Test
    void theHashAloneCountsAndTheImageIsNotLookedAt() {
        running("liar", 1, "updateStrategy: {rollingUpdate: {partition: 1}}");
        List<String> before = workloads.podUids("liar");
        String update = newTemplate("liar", V2);
        api.merge(PODS + "/liar-0", "{metadata: {labels: {" + HASH + ": " + update + "}}}")
                .ok();
        workloads.await(path("liar"), set -> set.at("/status/updatedReplicas").asInt() == 1);
        partition("liar", 0);

        promoted("liar");
        assertThat(workloads.podUids("liar")).isEqualTo(before);
        assertThat(Objects.image(pod("liar-0"))).isEqualTo(V1);
    }

    @Test
    void aPodWithTheNewImageButTheOldHashIsReplaced() {
        running("half", 1, "updateStrategy: {rollingUpdate: {partition: 1}}");
        JsonNode before = pod("half-0");
        newTemplate("half", V2);
        workloads.setPodImage("half-0", V2, "{}");
        partition("half", 0);

        assertThat(Objects.uid(replaced(before))).isNotEqualTo(Objects.uid(before));
    }

    @Test
    void aTemplateThatComesBackGetsItsRevisionUnderANewNumber() {
        running("returns", 1, "updateStrategy: {type: OnDelete}");
        String first = revision(promoted("returns"), "update");
        newTemplate("returns", V2);
        assertThat(newTemplate("returns", V1)).isEqualTo(first);

        assertThat(workloads.get(REVISIONS + "/" + first).path("revision").asInt())
                .isEqualTo(3);
        assertThat(workloads.list(REVISIONS, "app=returns")).hasSize(2);
    }

    @Test
    void scalingInTakesTheHighestOrdinals() {
        running("shrinks", 3, "");
        api.merge(path("shrinks") + "/scale", "{spec: {replicas: 1}}").ok();

        workloads.awaitGone(PODS + "/shrinks-2");
        workloads.awaitGone(PODS + "/shrinks-1");
        assertThat(settled("shrinks", 1).at("/status/currentReplicas").asInt()).isEqualTo(1);
        assertThat(workloads.pods("shrinks")).extracting(Objects::name).containsExactly("shrinks-0");
    }
}
