package dev.trimtab.sandbox.conformance;

import static dev.trimtab.sandbox.conformance.Workloads.DAEMON_SETS;
import static dev.trimtab.sandbox.conformance.Workloads.PODS;
import static dev.trimtab.sandbox.conformance.Workloads.REVISIONS;
import static dev.trimtab.sandbox.conformance.Workloads.V1;
import static dev.trimtab.sandbox.conformance.Workloads.V2;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.judge.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One pod a node, and which of them a DaemonSet takes for up to date. */
@Conformance
@Needs({Part.CONTROLLERS, Part.NODES})
final class DaemonSetUpdateTest {

    private static final String HASH = "controller-revision-hash";

    private final Api api;
    private final Workloads workloads;
    private final List<String> nodes = new ArrayList<>();

    DaemonSetUpdateTest(Api api) {
        this.api = api;
        this.workloads = new Workloads(api);
        for (JsonNode node : api.get("/api/v1/nodes").ok().at("/items")) {
            if (Objects.ready(node) && node.at("/spec/taints").isEmpty()) {
                nodes.add(Objects.name(node));
            }
        }
        assertThat(nodes).as("nodes that take pods").isNotEmpty();
    }

    private static String path(String name) {
        return DAEMON_SETS + "/" + name;
    }

    private Answer create(String name, String more, String spec) {
        return workloads.create(DAEMON_SETS, "DaemonSet", name, Workloads.template(name, V1, more), spec);
    }

    private void running(String name, String spec) {
        create(name, "", spec);
        settled(name, nodes.size());
    }

    private JsonNode settled(String name, int count) {
        return workloads.await(
                path(name),
                set -> Objects.observed(set)
                        && set.at("/status/desiredNumberScheduled").asInt() == count
                        && set.at("/status/numberAvailable").asInt() == count);
    }

    private JsonNode newestRevision(String name) {
        return workloads.list(REVISIONS, "app=" + name).stream()
                .max((left, right) -> Integer.compare(
                        left.path("revision").asInt(), right.path("revision").asInt()))
                .orElseThrow();
    }

    private JsonNode newTemplate(String name, String image) {
        int before = newestRevision(name).path("revision").asInt();
        workloads.setImage(path(name), image);
        workloads.await(path(name), Objects::observed);
        workloads.await(() -> newestRevision(name).path("revision").asInt() > before);
        return newestRevision(name);
    }

    private void awaitUpdated(String name, int count) {
        workloads.await(
                path(name),
                set -> Objects.observed(set)
                        && set.at("/status/updatedNumberScheduled").asInt() == count);
    }

    private static String node(JsonNode pod) {
        return pod.at("/spec/nodeName").asText();
    }

    @Test
    void everyNodeGetsAPodThatCarriesTheHashOfItsRevision() {
        Answer created = create("everywhere", "", "");
        JsonNode set = settled("everywhere", nodes.size());
        JsonNode revision = newestRevision("everywhere");

        assertThat(workloads.pods("everywhere"))
                .extracting(DaemonSetUpdateTest::node)
                .containsExactlyInAnyOrderElementsOf(nodes);
        assertThat(Objects.name(revision)).isEqualTo("everywhere-" + Objects.label(revision, HASH));
        assertThat(Objects.controller(revision)).isEqualTo(created.uid());
        assertThat(workloads.pods("everywhere")).allSatisfy(pod -> {
            assertThat(Objects.label(pod, HASH)).isEqualTo(Objects.label(revision, HASH));
            assertThat(Objects.controller(pod)).isEqualTo(created.uid());
            assertThat(pod.at("/metadata/generateName").asText()).isEqualTo("everywhere-");
        });
        assertThat(set.at("/status/updatedNumberScheduled").asInt()).isEqualTo(nodes.size());
        assertThat(set.at("/status/currentNumberScheduled").asInt()).isEqualTo(nodes.size());
        assertThat(set.at("/status/numberReady").asInt()).isEqualTo(nodes.size());
        assertThat(set.at("/status/numberMisscheduled").asInt(-1)).isZero();
        assertThat(set.path("status").has("numberUnavailable")).isFalse();
    }

    @Test
    void podsPutUpWithANodesTroubles() {
        running("tolerant", "");

        assertThat(workloads.pods("tolerant").get(0).at("/spec/tolerations"))
                .extracting(toleration -> toleration.path("key").asText() + ":"
                        + toleration.path("effect").asText())
                .containsExactlyInAnyOrder(
                        "node.kubernetes.io/not-ready:NoExecute",
                        "node.kubernetes.io/unreachable:NoExecute",
                        "node.kubernetes.io/disk-pressure:NoSchedule",
                        "node.kubernetes.io/memory-pressure:NoSchedule",
                        "node.kubernetes.io/pid-pressure:NoSchedule",
                        "node.kubernetes.io/unschedulable:NoSchedule");
    }

    @Test
    void aNodeThatBeginsToMatchGetsAPodFromTheNewTemplateAndLosesItWhenItEnds() {
        String label = "conformance/" + api.namespace();
        String node = "/api/v1/nodes/" + nodes.get(0);
        create("chosen", "nodeSelector: {" + label + ": here}, ", "updateStrategy: {type: OnDelete}");
        settled("chosen", 0);
        newTemplate("chosen", V2);
        api.merge(node, "{metadata: {labels: {" + label + ": here}}}").ok();
        settled("chosen", 1);

        assertThat(workloads.awaitReady("chosen", 1))
                .allMatch(pod -> Objects.image(pod).equals(V2));
        api.merge(node, "{metadata: {labels: {" + label + ": null}}}").ok();
        workloads.awaitPods("chosen", List::isEmpty);
    }

    @Test
    void aRollingUpdateTakesDownAsManyAsMayBeUnavailable() throws IOException {
        running("rolls", "updateStrategy: {rollingUpdate: {maxUnavailable: 1}}");
        Map<String, JsonNode> pods = new HashMap<>();
        workloads.pods("rolls").forEach(pod -> pods.put(Objects.uid(pod), pod));
        try (Events events = workloads.follow(PODS, "labelSelector=app%3Drolls")) {
            workloads.setImage(path("rolls"), V2);
            while (pods.values().stream().anyMatch(pod -> Objects.image(pod).equals(V1))) {
                JsonNode pod = events.next().object();
                pods.put(Objects.uid(pod), pod);
                if (Objects.finished(pod) || Objects.deleting(pod)) {
                    pods.remove(Objects.uid(pod));
                }
                assertThat(pods.values().stream().filter(Objects::ready).count())
                        .isGreaterThanOrEqualTo(nodes.size() - 1);
            }
        }
        awaitUpdated("rolls", nodes.size());
        assertThat(workloads.awaitReady("rolls", nodes.size()))
                .allMatch(pod -> Objects.image(pod).equals(V2));
    }

    @Test
    void onDeleteWaitsForSomeoneToDelete() {
        running("manual", "updateStrategy: {type: OnDelete}");
        List<String> before = workloads.podUids("manual");
        JsonNode revision = newTemplate("manual", V2);
        workloads.await(path("manual"), set -> !set.path("status").has("updatedNumberScheduled"));
        assertThat(workloads.podUids("manual")).isEqualTo(before);

        JsonNode deleted = workloads.pods("manual").get(0);
        api.delete(PODS + "/" + Objects.name(deleted), "{}").ok();
        awaitUpdated("manual", 1);
        JsonNode fresh = workloads.awaitReady("manual", nodes.size()).stream()
                .filter(pod -> node(pod).equals(node(deleted)))
                .findFirst()
                .orElseThrow();
        assertThat(Objects.label(fresh, HASH)).isEqualTo(Objects.label(revision, HASH));
        assertThat(Objects.image(fresh)).isEqualTo(V2);
    }

    @Test
    void imageAndHashPatchedUnderOnDeleteCountAsUpdatedAndThePodsStay() {
        running("in-place", "updateStrategy: {type: RollingUpdate}");
        List<String> before = workloads.podUids("in-place");
        int number = newestRevision("in-place").path("revision").asInt();
        api.strategic(
                        path("in-place"),
                        "{spec: {updateStrategy: {$retainKeys: [type], type: OnDelete}, template: {spec: {containers:"
                                + " [{name: app, image: '" + V2 + "'}]}}}}")
                .ok();
        workloads.await(() -> newestRevision("in-place").path("revision").asInt() > number);
        String hash = Objects.label(newestRevision("in-place"), HASH);
        for (JsonNode pod : workloads.pods("in-place")) {
            workloads.setPodImage(Objects.name(pod), V2, "{labels: {" + HASH + ": " + hash + "}}");
        }
        awaitUpdated("in-place", nodes.size());
        workloads.awaitPods(
                "in-place", pods -> pods.stream().allMatch(pod -> Objects.restarts(pod) == 1 && Objects.ready(pod)));
        api.merge(path("in-place"), "{spec: {updateStrategy: {type: RollingUpdate}}}")
                .ok();
        settled("in-place", nodes.size());

        assertThat(workloads.podUids("in-place")).isEqualTo(before);
        awaitUpdated("in-place", nodes.size());
    }

    @Test
    void aTemplateThatComesBackGetsItsRevisionUnderANewNumber() {
        running("returns", "updateStrategy: {type: OnDelete}");
        String first = Objects.name(newestRevision("returns"));
        newTemplate("returns", V2);
        JsonNode again = newTemplate("returns", V1);

        assertThat(Objects.name(again)).isEqualTo(first);
        assertThat(again.path("revision").asInt()).isEqualTo(3);
    }
}
