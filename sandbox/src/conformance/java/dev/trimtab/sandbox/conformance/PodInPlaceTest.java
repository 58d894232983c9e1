package dev.trimtab.sandbox.conformance;

import static dev.trimtab.sandbox.conformance.Workloads.PODS;
import static dev.trimtab.sandbox.conformance.Workloads.UNPULLABLE;
import static dev.trimtab.sandbox.conformance.Workloads.V1;
import static dev.trimtab.sandbox.conformance.Workloads.V2;
import static dev.trimtab.sandbox.conformance.Workloads.V3;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.judge.Part;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a kubelet does, and in which order it says so, when the image of a running container changes. */
@Conformance
@Needs(Part.NODES)
final class PodInPlaceTest {

    private final Api api;
    private final Workloads workloads;

    PodInPlaceTest(Api api) {
        this.api = api;
        this.workloads = new Workloads(api);
    }

    private JsonNode running(String name, String more) {
        api.post(
                        PODS,
                        "{apiVersion: v1, kind: Pod, metadata: {name: " + name + "}, spec: {" + more
                                + "terminationGracePeriodSeconds: 1, containers: [{name: app, image: '" + V1
                                + "'}, {name: other, image: '" + V1 + "'}]}}")
                .ok();
        return workloads.await(PODS + "/" + name, Objects::ready);
    }

    private void setImage(String name, String image) {
        workloads.setPodImage(name, image, "{}");
    }

    private JsonNode restarted(String name, int times) {
        return workloads.await(PODS + "/" + name, pod -> Objects.restarts(pod) == times && Objects.ready(pod));
    }

    private static String id(JsonNode pod) {
        return Objects.app(pod).path("containerID").asText();
    }

    private List<JsonNode> untilRestarted(String name, String image) throws IOException {
        try (Events events = workloads.followPod(name)) {
            setImage(name, image);
            return Workloads.states(events, event -> Objects.restarts(event.object()) > 0);
        }
    }

    @Test
    void thePodStaysAndOnlyThatContainerIsNew() {
        JsonNode before = running("stays", "");
        setImage("stays", V2);
        JsonNode after = restarted("stays", 1);

        assertThat(Objects.uid(after)).isEqualTo(Objects.uid(before));
        assertThat(after.at("/status/podIP")).isEqualTo(before.at("/status/podIP"));
        assertThat(after.at("/status/startTime")).isEqualTo(before.at("/status/startTime"));
        assertThat(after.at("/spec/nodeName")).isEqualTo(before.at("/spec/nodeName"));
        assertThat(id(after)).isNotEqualTo(id(before));
        assertThat(Objects.app(after).path("image").asText()).isEqualTo(V2);
        assertThat(Objects.app(after).path("imageID"))
                .isNotEqualTo(Objects.app(before).path("imageID"));
        assertThat(Objects.app(after).at("/lastState/terminated/containerID").asText())
                .isEqualTo(id(before));
        assertThat(Objects.container(after, "other")).isEqualTo(Objects.container(before, "other"));
    }

    @Test
    void theNewGenerationIsObservedWhileTheOldContainerStillRunsAndIsReady() throws IOException {
        JsonNode before = running("observed", "");
        List<JsonNode> states = untilRestarted("observed", V2);
        JsonNode firstToObserve =
                states.stream().filter(Objects::observed).findFirst().orElseThrow();

        assertThat(id(firstToObserve)).isEqualTo(id(before));
        assertThat(Objects.app(firstToObserve).at("/state").has("running")).isTrue();
        assertThat(Objects.ready(firstToObserve)).isTrue();
        assertThat(Objects.app(firstToObserve).path("image").asText()).isEqualTo(V1);
    }

    @Test
    void withoutAProbeReadyNeverGoesFalse() throws IOException {
        running("steady", "");

        assertThat(untilRestarted("steady", V2)).allMatch(Objects::ready);
    }

    @Test
    void metadataRestartsNothing() {
        JsonNode before = running("labelled", "");
        api.merge(PODS + "/labelled", "{metadata: {labels: {a: a}, annotations: {b: b}}}")
                .ok();
        setImage("labelled", V2);
        restarted("labelled", 1);

        assertThat(workloads.get(PODS + "/labelled").at("/metadata/generation").asInt())
                .isEqualTo(before.at("/metadata/generation").asInt() + 1);
    }

    @Test
    void anImageThatCannotBePulledKillsTheOldContainerAndKeepsItsStatus() throws IOException {
        JsonNode before = running("broken", "");
        Set<String> waits = new LinkedHashSet<>();
        JsonNode broken;
        try (Events events = workloads.followPod("broken")) {
            setImage("broken", UNPULLABLE);
            List<JsonNode> states = Workloads.states(
                    events, event -> Objects.waiting(event.object()).equals("CrashLoopBackOff"));
            states.stream()
                    .map(Objects::waiting)
                    .filter(reason -> !reason.isEmpty())
                    .forEach(waits::add);
            broken = states.get(states.size() - 1);
        }

        assertThat(waits).containsExactly("ErrImagePull", "CrashLoopBackOff");
        for (String kept : List.of("image", "imageID", "containerID", "restartCount")) {
            assertThat(Objects.app(broken).path(kept))
                    .as(kept)
                    .isEqualTo(Objects.app(before).path(kept));
        }
        assertThat(Objects.ready(broken)).isFalse();
        assertThat(Objects.container(broken, "other").path("ready").asBoolean()).isTrue();

        setImage("broken", V2);
        assertThat(Objects.app(restarted("broken", 1)).path("image").asText()).isEqualTo(V2);
    }

    @Test
    void anImageRunBeforeHasToWaitAndANewOneDoesNot() throws IOException {
        running("flaps", "");
        Set<String> waits = new LinkedHashSet<>();
        int restarts = 0;
        try (Events events = workloads.followPod("flaps")) {
            for (String image : List.of(V2, V1, V2, V1)) {
                int next = ++restarts;
                setImage("flaps", image);
                Workloads.states(events, event -> Objects.restarts(event.object()) == next).stream()
                        .map(Objects::waiting)
                        .forEach(waits::add);
                if (waits.contains("CrashLoopBackOff")) {
                    break;
                }
            }
        }
        assertThat(waits).contains("CrashLoopBackOff");

        setImage("flaps", V3);
        assertThat(Objects.app(restarted("flaps", restarts + 1)).path("image").asText())
                .isEqualTo(V3);
    }

    @Test
    void theDigestOfTheSameImageIsARestart() {
        JsonNode before = running("digest", "");
        String imageId = Objects.app(before).path("imageID").asText();
        setImage("digest", V1 + imageId.substring(imageId.indexOf('@')));
        JsonNode after = restarted("digest", 1);

        assertThat(id(after)).isNotEqualTo(id(before));
        assertThat(Objects.app(after).path("imageID").asText()).isEqualTo(imageId);
        assertThat(Objects.app(after).path("image"))
                .isEqualTo(Objects.app(before).path("image"));
    }

    @Test
    void aNativeSidecarIsRestartedInPlaceToo() {
        JsonNode before =
                running("sidecar", "initContainers: [{name: proxy, image: '" + V1 + "', restartPolicy: Always}], ");
        api.strategic(PODS + "/sidecar", "{spec: {initContainers: [{name: proxy, image: '" + V2 + "'}]}}")
                .ok();
        JsonNode after = workloads.await(
                PODS + "/sidecar",
                pod -> Objects.container(pod, "proxy").path("restartCount").asInt() == 1 && Objects.ready(pod));

        assertThat(Objects.container(after, "proxy").path("image").asText()).isEqualTo(V2);
        assertThat(Objects.app(after)).isEqualTo(Objects.app(before));
    }
}
