package dev.trimtab.sandbox.conformance;

import static dev.trimtab.sandbox.conformance.Workloads.PODS;
import static dev.trimtab.sandbox.conformance.Workloads.UNPULLABLE;
import static dev.trimtab.sandbox.conformance.Workloads.V1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.judge.Part;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How pods start, become ready and end. */
@Conformance
@Needs(Part.NODES)
final class PodLifecycleTest {

    private static final String BUSYBOX = "registry.k8s.io/e2e-test-images/busybox:1.36.1-1";

    private final Api api;
    private final Workloads workloads;

    PodLifecycleTest(Api api) {
        this.api = api;
        this.workloads = new Workloads(api);
    }

    private void pod(String name, String spec) {
        api.post(
                        PODS,
                        "{apiVersion: v1, kind: Pod, metadata: {name: " + name
                                + "}, spec: {terminationGracePeriodSeconds: 1, " + spec + "}}")
                .ok();
    }

    private static String app(String image) {
        return "containers: [{name: app, image: '" + image + "'}]";
    }

    private JsonNode ready(String name) {
        return workloads.await(PODS + "/" + name, Objects::ready);
    }

    @Test
    void aReadyPodHasAllItsConditionsAndAddresses() {
        pod("starts", app(V1));
        JsonNode pod = ready("starts");

        for (String type :
                List.of("PodScheduled", "PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready")) {
            assertThat(Objects.conditionIs(pod, type, "True")).as(type).isTrue();
        }
        assertThat(pod.at("/status/phase").asText()).isEqualTo("Running");
        assertThat(pod.at("/status/podIP").asText()).isNotEmpty();
        assertThat(pod.at("/status/podIPs/0/ip")).isEqualTo(pod.at("/status/podIP"));
        assertThat(pod.at("/status/hostIP").asText()).isNotEmpty();
        assertThat(pod.at("/status/qosClass").asText()).isEqualTo("BestEffort");
        assertThat(Objects.observed(pod)).isTrue();
        assertThat(Objects.app(pod).path("started").asBoolean()).isTrue();
        assertThat(Objects.app(pod).path("ready").asBoolean()).isTrue();
        assertThat(Objects.app(pod).path("containerID").asText()).isNotEmpty();
    }

    @Test
    void aFirstImageThatCannotBePulledBacksOffAsAPull() throws IOException {
        Set<String> waits = new LinkedHashSet<>();
        try (Events events = workloads.followPod("pulls")) {
            pod("pulls", app(UNPULLABLE));
            Workloads.states(events, event -> Objects.waiting(event.object()).equals("ImagePullBackOff")).stream()
                    .map(Objects::waiting)
                    .filter(reason -> !reason.isEmpty())
                    .forEach(waits::add);
        }
        assertThat(waits).containsExactly("ContainerCreating", "ErrImagePull", "ImagePullBackOff");

        workloads.setPodImage("pulls", V1, "{}");
        assertThat(Objects.restarts(ready("pulls"))).isZero();
    }

    @Test
    void readyWaitsForEveryReadinessGateAndFollowsIt() {
        pod("gated", "readinessGates: [{conditionType: example.com/up}], " + app(V1));
        JsonNode waiting = workloads.await(PODS + "/gated", pod -> Objects.conditionIs(pod, "ContainersReady", "True"));
        assertThat(Objects.reason(waiting, "Ready")).isEqualTo("ReadinessGatesNotReady");
        assertThat(Objects.condition(waiting, "Ready").path("message").asText())
                .isEqualTo("corresponding condition of pod readiness gate \"example.com/up\" does not exist.");

        workloads.play("gated", "{conditions: [{type: example.com/up, status: 'True'}]}");
        ready("gated");
        workloads.play("gated", "{conditions: [{type: example.com/up, status: 'False'}]}");
        JsonNode closed = workloads.await(PODS + "/gated", pod -> !Objects.ready(pod));
        assertThat(Objects.condition(closed, "Ready").path("message").asText())
                .isEqualTo("the status of pod readiness gate \"example.com/up\" is not \"True\", but False");
        assertThat(Objects.conditionIs(closed, "ContainersReady", "True")).isTrue();
    }

    @Test
    void aDeletedPodStopsBeforeItIsGone() throws IOException {
        pod("ends", app(V1));
        JsonNode before = ready("ends");
        List<JsonNode> states;
        try (Events events = workloads.followPod("ends")) {
            Answer deleting = api.delete(PODS + "/ends", "{}").ok();
            assertThat(deleting.at("/metadata/deletionGracePeriodSeconds").asInt())
                    .isEqualTo(1);
            states = Workloads.states(events, event -> event.type().equals("DELETED"));
        }

        assertThat(Objects.app(states.get(0)).at("/state").has("running")).isTrue();
        JsonNode last = states.get(states.size() - 1);
        assertThat(Objects.uid(last)).isEqualTo(Objects.uid(before));
        assertThat(Objects.app(last).at("/state").has("terminated")).isTrue();
        assertThat(last.at("/metadata/deletionGracePeriodSeconds").asInt(-1)).isZero();
    }

    @Test
    void aDeletionWithoutGraceRemovesThePodAtOnce() {
        pod("killed", app(V1));
        ready("killed");
        api.delete(PODS + "/killed", "{gracePeriodSeconds: 0}").ok();

        assertThat(api.get(PODS + "/killed").code()).isEqualTo(404);
    }

    @Test
    void aPodWithAFinalizerStopsAndStays() {
        pod("held", app(V1));
        ready("held");
        api.merge(PODS + "/held", "{metadata: {finalizers: [example.com/hold]}}")
                .ok();
        api.delete(PODS + "/held", "{}").ok();

        JsonNode stopped = workloads.await(
                PODS + "/held", pod -> Objects.app(pod).at("/state").has("terminated"));
        assertThat(Objects.finished(stopped)).isTrue();
        api.merge(PODS + "/held", "{metadata: {finalizers: null}}").ok();
        workloads.awaitGone(PODS + "/held");
    }

    @Test
    void aPodThatIsNotRestartedEndsAsSucceeded() {
        pod("task", "restartPolicy: Never, containers: [{name: app, image: '" + BUSYBOX + "', command: ['true']}]");
        JsonNode pod = workloads.await(PODS + "/task", Objects::finished);

        assertThat(pod.at("/status/phase").asText()).isEqualTo("Succeeded");
        assertThat(Objects.reason(pod, "Ready")).isEqualTo("PodCompleted");
        assertThat(Objects.app(pod).at("/state/terminated/exitCode").asInt(-1)).isZero();
        assertThat(Objects.app(pod).at("/state/terminated/reason").asText()).isEqualTo("Completed");
    }

    @Test
    void initContainersRunToTheirEndBeforeTheOthersStart() throws IOException {
        try (Events events = workloads.followPod("inits")) {
            pod("inits", "initContainers: [{name: first, image: '" + BUSYBOX + "', command: ['true']}], " + app(V1));
            List<JsonNode> states = Workloads.states(events, event -> Objects.ready(event.object()));

            assertThat(states)
                    .filteredOn(pod -> Objects.app(pod).at("/state").has("running"))
                    .allMatch(pod -> Objects.container(pod, "first")
                            .at("/state/terminated/reason")
                            .asText()
                            .equals("Completed"));
            assertThat(states)
                    .filteredOn(pod -> Objects.reason(pod, "Initialized").equals("ContainersNotInitialized"))
                    .isNotEmpty();
        }
    }

    @Test
    void aPodThatFitsNowhereSaysSo() {
        pod("nowhere", "nodeSelector: {conformance/nowhere: here}, " + app(V1));
        JsonNode pod =
                workloads.await(PODS + "/nowhere", object -> Objects.conditionIs(object, "PodScheduled", "False"));

        assertThat(Objects.reason(pod, "PodScheduled")).isEqualTo("Unschedulable");
        assertThat(Objects.condition(pod, "PodScheduled").path("message").asText())
                .contains("node(s) didn't match Pod's node affinity/selector");
        assertThat(pod.at("/status/phase").asText()).isEqualTo("Pending");
    }
}
