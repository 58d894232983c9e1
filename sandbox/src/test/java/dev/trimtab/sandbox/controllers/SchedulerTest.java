package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchedulerTest {

    private final Cluster cluster = Cluster.start();

    @AfterEach
    void stop() {
        cluster.close();
    }

    private ObjectNode pod(String name, String spec) {
        return cluster.create(
                "pods",
                "{apiVersion: v1, kind: Pod, metadata: {name: %s}, spec: {containers: [{name: app, image: nginx}], %s}}"
                        .formatted(name, spec));
    }

    private static String node(JsonNode pod) {
        return pod.path("spec").path("nodeName").asText();
    }

    private void node(String name, String patch) {
        cluster.api().mergePatch("nodes", "", name, "", Cluster.yaml(patch), "test");
    }

    private ObjectNode awaitRefusal(String name) {
        return cluster.await(
                "pods",
                name,
                pod -> Conditions.find(pod, "PodScheduled")
                        .path("status")
                        .asText()
                        .equals("False"));
    }

    @Test
    void podsSpreadOverTheNodesWithTheFewest() {
        cluster.deployment("web", "nginx", "{replicas: 9}");
        cluster.awaitRollout("web");

        assertThat(cluster.pods("web").stream()
                        .collect(Collectors.groupingBy(SchedulerTest::node, Collectors.counting()))
                        .values())
                .containsExactly(3L, 3L, 3L);
    }

    @Test
    void podThatFitsNowhereSaysWhyAndIsBoundWhenANodeFits() {
        node("node-1", "{spec: {unschedulable: true}}");
        node("node-2", "{spec: {taints: [{key: dedicated, value: db, effect: NoSchedule}]}}");
        pod("picky", "nodeSelector: {disk: ssd}");

        ObjectNode refused = awaitRefusal("picky");
        JsonNode condition = Conditions.find(refused, "PodScheduled");
        assertThat(condition.path("reason").asText()).isEqualTo("Unschedulable");
        assertThat(condition.path("message").asText())
                .isEqualTo("0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector,"
                        + " 1 node(s) had untolerated taint {dedicated: db}, 1 node(s) were unschedulable."
                        + " preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.");
        assertThat(refused.path("status").path("phase").asText()).isEqualTo("Pending");

        node("node-3", "{metadata: {labels: {disk: ssd}}}");
        assertThat(node(cluster.await("pods", "picky", PodState::ready))).isEqualTo("node-3");
    }

    @Test
    void cordonedNodeCarriesATaintUntilItIsUncordoned() {
        node("node-1", "{spec: {unschedulable: true}}");
        cluster.await(() -> taints().equals("node.kubernetes.io/unschedulable"));
        node("node-1", "{spec: {unschedulable: null}}");
        cluster.await(() -> taints().isEmpty());
    }

    private String taints() {
        return cluster
                .api()
                .get("nodes", "", "node-1")
                .orElseThrow()
                .path("spec")
                .path("taints")
                .findValuesAsText("key")
                .stream()
                .collect(Collectors.joining(","));
    }

    @Test
    void toleratedTaintsAndRequiredAffinityDecide() {
        node(
                "node-1",
                "{metadata: {labels: {zone: a}}, spec: {taints: [{key: dedicated, value: db, effect: NoSchedule}]}}");
        pod("tolerant", """
                tolerations: [{key: dedicated, operator: Equal, value: db, effect: NoSchedule}],
                affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms:
                  [{matchExpressions: [{key: zone, operator: In, values: [a, b]}]}]}}}""");

        assertThat(node(cluster.await("pods", "tolerant", PodState::ready))).isEqualTo("node-1");
    }
}
