package dev.trimtab.inplace.rollout;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.RolloutRecord;
import dev.trimtab.inplace.Trees;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.kube.TestCluster;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionFactory;

/**
 * A workload in a cluster with nodes, and a rollout of it begun as a sync begins it. The cluster is a sandbox, or the disposable one
 * that {@code TRIMTAB_TEST_KUBECONFIG} names.
 */
final class RolloutRig implements AutoCloseable {

    static final String MANAGER = "trimtab-test";

    final String namespace = "r-" + UUID.randomUUID().toString().substring(0, 8);
    final ClusterClient cluster;
    private final TestCluster server = TestCluster.withNodes();

    RolloutRig() {
        cluster = server.client();
        apply("{apiVersion: v1, kind: Namespace, metadata: {name: " + namespace + "}}");
    }

    static ConditionFactory patiently(String what) {
        return await(what).atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    /** @param fields of the spec, besides selector and template */
    static String workload(String kind, String fields, String image) {
        return "{apiVersion: apps/v1, kind: " + kind + ", metadata: {name: web}, spec: {" + fields
                + ", selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, "
                + "spec: {terminationGracePeriodSeconds: 0, containers: [{name: app, image: 'example.com/" + image
                + "'}]}}}}";
    }

    ObjectNode apply(String text) {
        ObjectNode object = Trees.yaml(text);
        if (!object.path("kind").asText().equals("Namespace")) {
            object.withObjectProperty("metadata").put("namespace", namespace);
        }
        return send(object, false);
    }

    /** As a sync does: the new template, and what keeps the workload's own controller from rolling, in one request. */
    void begin(String text, int maxUnavailable) {
        begin(Trees.yaml(text), maxUnavailable, Set.of("app"), Set.of(), Set.of());
    }

    /** @see RolloutRecord#begin */
    void begin(
            ObjectNode desired, int maxUnavailable, Set<String> containers, Set<String> restarts, Set<String> resizes) {
        desired.withObjectProperty("metadata").put("namespace", namespace);
        ObjectNode live = get(desired.path("kind").asText(), "web");
        ObjectNode answer = send(RolloutRecord.sustaining(live, desired, MANAGER), true);
        send(
                RolloutRecord.begin(
                                live,
                                answer,
                                maxUnavailable,
                                containers,
                                restarts,
                                resizes,
                                Clock.systemUTC().instant())
                        .holding(desired),
                false);
    }

    private ObjectNode send(ObjectNode object, boolean dryRun) {
        return cluster.apply(
                        type(
                                object.path("apiVersion").asText(),
                                object.path("kind").asText()),
                        object,
                        new ApplyOptions(MANAGER, true, dryRun))
                .object();
    }

    ObjectNode get(String kind, String name) {
        return cluster.get(type("apps/v1", kind), Optional.of(namespace), name).orElseThrow();
    }

    List<ObjectNode> list(String apiVersion, String kind, String labels) {
        return cluster.list(type(apiVersion, kind), Optional.of(namespace), labels);
    }

    List<ObjectNode> pods() {
        return list("v1", "Pod", "app=web").stream()
                .filter(pod -> !pod.path("metadata").hasNonNull("deletionTimestamp"))
                .toList();
    }

    Map<String, String> uids() {
        return new TreeMap<>(pods().stream()
                .collect(Collectors.toMap(
                        pod -> pod.at("/metadata/name").asText(),
                        pod -> pod.at("/metadata/uid").asText())));
    }

    Map<String, String> images() {
        return new TreeMap<>(pods().stream()
                .collect(Collectors.toMap(
                        pod -> pod.at("/metadata/name").asText(),
                        pod -> pod.at("/spec/containers/0/image").asText().replace("example.com/", ""))));
    }

    void deletePod(String name) {
        ObjectNode pod =
                cluster.get(type("v1", "Pod"), Optional.of(namespace), name).orElseThrow();
        var unused = cluster.delete(
                type("v1", "Pod"),
                Optional.of(namespace),
                name,
                pod.at("/metadata/uid").asText(),
                Propagation.BACKGROUND);
    }

    void patch(String kind, String body) {
        cluster.patch(
                type("apps/v1", kind), Optional.of(namespace), "web", "", PatchType.MERGE, Trees.yaml(body), "person");
    }

    void scale(String kind, int replicas) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("spec").put("replicas", replicas);
        cluster.patch(type("apps/v1", kind), Optional.of(namespace), "web", "", PatchType.MERGE, body, "scaler");
    }

    void awaitReady(String kind, int pods) {
        patiently(pods + " pods of the " + kind + " are ready").until(() -> allReady(pods) && settled(kind, pods));
    }

    /** The workload's own controller has seen the latest change. */
    void awaitObserved(String kind) {
        patiently("observed")
                .until(() -> get(kind, "web").at("/status/observedGeneration").asLong()
                        == get(kind, "web").at("/metadata/generation").asLong());
    }

    private boolean allReady(int count) {
        List<ObjectNode> pods = pods();
        return pods.size() == count && pods.stream().allMatch(RolloutRig::ready);
    }

    /** What the workload's own controller says when it has nothing to do. */
    private boolean settled(String kind, int pods) {
        ObjectNode live = get(kind, "web");
        JsonNode status = live.path("status");
        String updated = kind.equals("DaemonSet") ? "updatedNumberScheduled" : "updatedReplicas";
        if (status.path("observedGeneration").asLong()
                != live.at("/metadata/generation").asLong()) {
            return false;
        }
        return kind.equals("StatefulSet")
                ? status.path("updateRevision").equals(status.path("currentRevision"))
                : status.path(updated).asInt() == pods;
    }

    static boolean ready(JsonNode pod) {
        for (JsonNode condition : pod.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    /** The workload is back with its own controller, which has nothing to do, and every pod runs the image. */
    void awaitDone(String kind, int pods, Predicate<ObjectNode> pod) {
        patiently(kind + " is done").until(() -> {
            ObjectNode live = get(kind, "web");
            return !RolloutRecord.marks(live.path("metadata"))
                    && !live.at("/spec/paused").asBoolean(false)
                    && allReady(pods)
                    && list("v1", "Pod", "app=web").stream().allMatch(pod)
                    && settled(kind, pods);
        });
    }

    void awaitDone(String kind, int pods, String image) {
        patiently(kind + " is done with " + image).until(() -> {
            ObjectNode live = get(kind, "web");
            return !RolloutRecord.marks(live.path("metadata"))
                    && !live.at("/spec/paused").asBoolean(false)
                    && allReady(pods)
                    && images().values().stream().allMatch(image::equals)
                    && settled(kind, pods);
        });
    }

    ResourceType type(String apiVersion, String kind) {
        return cluster.resource(apiVersion, kind).orElseThrow();
    }

    @Override
    public void close() {
        if (!server.isSandbox()) {
            var unused =
                    cluster.delete(type("v1", "Namespace"), Optional.empty(), namespace, "", Propagation.BACKGROUND);
        }
        server.close();
    }
}
