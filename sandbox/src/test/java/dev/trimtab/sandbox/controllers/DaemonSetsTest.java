package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DaemonSetsTest {

    private static final String DAEMON_SETS = "daemonsets.apps";

    private final Cluster cluster = Cluster.start();

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void daemonSet(String strategy) {
        cluster.create(DAEMON_SETS, """
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: agent}
                spec:
                  updateStrategy: %s
                  selector: {matchLabels: {app: agent}}
                  template:
                    metadata: {labels: {app: agent}}
                    spec: {containers: [{name: app, image: 'demo/agent:1'}]}
                """.formatted(strategy));
    }

    private ObjectNode await(int desired, int updated) {
        return cluster.await(DAEMON_SETS, "agent", set -> {
            JsonNode status = set.path("status");
            return status.path("observedGeneration").asLong() >= ObjectMeta.generation(set)
                    && status.path("desiredNumberScheduled").asInt() == desired
                    && status.path("numberAvailable").asInt() == desired
                    && status.path("updatedNumberScheduled").asInt() == updated;
        });
    }

    private Map<String, String> uidsByNode() {
        return cluster.pods("agent").stream()
                .collect(Collectors.toMap(
                        pod -> pod.path("spec").path("nodeName").asText(), ObjectMeta::uid));
    }

    @Test
    void everyNodeGetsOnePodAlsoANewAndACordonedOne() {
        daemonSet("{type: RollingUpdate}");
        await(3, 3);
        assertThat(uidsByNode()).containsOnlyKeys("node-1", "node-2", "node-3");

        cluster.api().mergePatch("nodes", "", "node-1", "", Cluster.yaml("{spec: {unschedulable: true}}"), "test");
        cluster.api().create("nodes", Cluster.yaml("{apiVersion: v1, kind: Node, metadata: {name: node-4}}"), "test");
        await(4, 4);

        cluster.api().delete("nodes", "", "node-2", "", -1, Propagation.BACKGROUND);
        await(3, 3);
        cluster.await(() -> uidsByNode().keySet().equals(Set.of("node-1", "node-3", "node-4")));
    }

    @Test
    void taintThatOnlyKeepsNewPodsAwayEvictsNothing() {
        daemonSet("{type: RollingUpdate}");
        await(3, 3);
        Map<String, String> before = uidsByNode();

        cluster.api()
                .mergePatch(
                        "nodes",
                        "",
                        "node-1",
                        "",
                        Cluster.yaml("{spec: {taints: [{key: a, effect: NoSchedule}]}}"),
                        "test");
        ObjectNode set = await(2, 2);

        assertThat(set.path("status").path("numberMisscheduled").asInt()).isEqualTo(1);
        assertThat(uidsByNode()).isEqualTo(before);
    }

    @Test
    void rollingUpdateReplacesEveryPod() {
        daemonSet("{type: RollingUpdate}");
        await(3, 3);
        Map<String, String> before = uidsByNode();

        cluster.setImage(DAEMON_SETS, "agent", "demo/agent:2");
        await(3, 3);

        assertThat(uidsByNode().values()).doesNotContainAnyElementsOf(before.values());
    }

    /** OnDelete, image and revision label in one patch, RollingUpdate again: new images in the same pods. */
    @Test
    void podPatchedInPlaceWithTheNewHashIsUpToDate() {
        daemonSet("{type: RollingUpdate}");
        await(3, 3);
        Map<String, String> before = uidsByNode();

        cluster.change(DAEMON_SETS, "agent", set -> {
            set.withObject("spec").putObject("updateStrategy").put("type", "OnDelete");
            ((ObjectNode) set.path("spec")
                            .path("template")
                            .path("spec")
                            .path("containers")
                            .path(0))
                    .put("image", "demo/agent:2");
        });
        await(3, 0);
        String hash = cluster.api().list("controllerrevisions.apps", Cluster.NAMESPACE).stream()
                .filter(revision -> revision.path("revision").asInt() == 2)
                .map(revision -> String.valueOf(ObjectMeta.labels(revision).get("controller-revision-hash")))
                .findFirst()
                .orElseThrow();
        cluster.pods("agent")
                .forEach(found -> cluster.change("pods", ObjectMeta.name(found), pod -> {
                    ((ObjectNode) pod.path("spec").path("containers").path(0)).put("image", "demo/agent:2");
                    pod.withObject("metadata").withObject("labels").put("controller-revision-hash", hash);
                }));
        await(3, 3);
        cluster.patch(DAEMON_SETS, "agent", "{spec: {updateStrategy: {type: RollingUpdate}}}");
        await(3, 3);

        assertThat(uidsByNode()).isEqualTo(before);
    }
}
