package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.RolloutRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Pods of Kubernetes' own workloads from commit to container: those that can stay are the same pods afterwards. On the sandbox, or on
 * the cluster of {@code TRIMTAB_TEST_KUBECONFIG} where that runs controllers and nodes.
 */
@Timeout(240)
class NativeRolloutTest {

    private static final String IMAGE_1 = "example.com/web:1";
    private static final String IMAGE_2 = "example.com/web:2";

    /** A workload of each kind, and how many pods it has on two nodes. */
    private enum Workload {
        DEPLOYMENT("Deployment", "replicas: 6", 6),
        STATEFUL_SET("StatefulSet", "replicas: 6, serviceName: web", 6),
        DAEMON_SET("DaemonSet", "minReadySeconds: 0", 2);

        private final String kind;
        private final String fields;
        private final int pods;

        Workload(String kind, String fields, int pods) {
            this.kind = kind;
            this.fields = fields;
            this.pods = pods;
        }

        String text(String image, String more) {
            return text(image, more, "");
        }

        String text(String image, String more, String annotations) {
            return "{apiVersion: apps/v1, kind: " + kind
                    + ", metadata: {name: web, namespace: NAMESPACE, annotations: {"
                    + annotations + "}}, spec: {" + fields
                    + ", selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}, annotations: {note: first}}, "
                    + "spec: {terminationGracePeriodSeconds: 0, containers: [{name: app, image: '" + image + "'" + more
                    + "}, {name: side, image: 'example.com/side:1'}]}}}}\n";
        }
    }

    @TempDir
    private Path folder;

    private ScenarioRig rig;

    @BeforeEach
    void start() {
        rig = new ScenarioRig(folder);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource
    void imageChangeKeepsEveryPodAndTheNextEnvChangeReplacesThem(Workload workload) {
        running(workload, workload.text(IMAGE_1, ""));
        Map<String, String> before = uids();
        Map<String, Integer> restarts = restarts("app");
        JsonNode spec = spec(workload);
        Set<String> children = children(workload);

        String commit = rig.with("web.yaml", workload.text(IMAGE_2, "")).commit();
        rig.awaitSettled(commit);
        awaitDone(workload, IMAGE_2);

        assertThat(uids()).isEqualTo(before);
        restarts.replaceAll((pod, count) -> count + 1);
        assertThat(restarts("app")).isEqualTo(restarts);
        assertThat(restarts("side"))
                .allSatisfy((pod, count) -> assertThat(count).as(pod).isZero());
        assertThat(withoutTemplate(spec(workload))).isEqualTo(withoutTemplate(spec));
        if (workload == Workload.DEPLOYMENT) {
            assertThat(children(workload)).isEqualTo(children);
        }
        rig.awaitRest();
        assertThat(rig.of(SyncEvent.DriftFound.class))
                .as("what a rollout does is no drift")
                .isEmpty();
        rig.forget();
        rig.awaitPolls(3);
        assertThat(rig.requests()).isEmpty();

        rig.with("web.yaml", workload.text(IMAGE_2, ", env: [{name: A, value: '1'}]"))
                .commit();
        rig.patiently("all pods are new")
                .until(() -> uids().size() == workload.pods
                        && uids().values().stream().noneMatch(before::containsValue));
        // Its own controller counts pods some moments later, and pods of two templates are not kept.
        awaitDone(workload, IMAGE_2);

        Map<String, String> replaced = uids();
        rig.with("web.yaml", workload.text(IMAGE_1, ", env: [{name: A, value: '1'}]"))
                .commit();
        rig.patiently("rolled back").until(() -> images().equals(Set.of(IMAGE_1)));
        awaitDone(workload, IMAGE_1);
        assertThat(uids()).isEqualTo(replaced);
    }

    @ParameterizedTest
    @EnumSource
    void changedTemplateAnnotationRestartsNothing(Workload workload) {
        running(workload, workload.text(IMAGE_1, ""));
        Map<String, String> before = uids();
        Map<String, Integer> restarts = restarts("app");

        rig.with("web.yaml", workload.text(IMAGE_1, "").replace("note: first", "note: second"))
                .commit();
        rig.patiently("annotated")
                .until(() -> pods().stream()
                        .allMatch(pod ->
                                pod.at("/metadata/annotations/note").asText().equals("second")));
        awaitDone(workload, IMAGE_1);

        assertThat(uids()).isEqualTo(before);
        assertThat(restarts("app")).isEqualTo(restarts);
    }

    @ParameterizedTest
    @EnumSource
    void aRestartThatGitAsksForHappensInsideTheSamePodsEachTimeItIsAsked(Workload workload) {
        running(workload, workload.text(IMAGE_1, ""));
        Map<String, String> before = uids();
        for (int times = 1; times <= 2; times++) {
            rig.with("web.yaml", asked(workload, "\"" + times + "\"")).commit();
            String wanted = String.valueOf(times);
            rig.patiently("asked")
                    .until(() -> pods().stream()
                            .allMatch(pod -> pod.at("/metadata/annotations/kubectl.kubernetes.io~1restartedAt")
                                    .asText()
                                    .equals(wanted)));
            awaitOver(workload);

            assertThat(uids()).isEqualTo(before);
            for (String container : List.of("app", "side")) {
                int restarts = times;
                assertThat(restarts(container))
                        .allSatisfy((pod, count) -> assertThat(count).as(pod).isEqualTo(restarts));
            }
        }
        rig.awaitRest();
        rig.forget();
        rig.awaitPolls(3);
        assertThat(rig.requests()).isEmpty();
    }

    private static String asked(Workload workload, String when) {
        return workload.text(IMAGE_1, "")
                .replace("note: first", "note: first, kubectl.kubernetes.io/restartedAt: " + when);
    }

    @ParameterizedTest
    @EnumSource
    void aLabelThatOneContainerReadsIntoItsEnvironmentRestartsThatOneAlone(Workload workload) {
        String reads = ", env: [{name: NOTE, valueFrom: {fieldRef: {fieldPath: \"metadata.annotations['note']\"}}}]";
        running(workload, workload.text(IMAGE_1, reads));
        Map<String, String> before = uids();

        rig.with("web.yaml", workload.text(IMAGE_1, reads).replace("note: first", "note: second"))
                .commit();
        rig.patiently("annotated")
                .until(() -> pods().stream()
                        .allMatch(pod ->
                                pod.at("/metadata/annotations/note").asText().equals("second")));
        awaitOver(workload);

        assertThat(uids()).isEqualTo(before);
        assertThat(restarts("app"))
                .allSatisfy((pod, count) -> assertThat(count).as(pod).isEqualTo(1));
        assertThat(restarts("side"))
                .allSatisfy((pod, count) -> assertThat(count).as(pod).isZero());
    }

    @ParameterizedTest
    @EnumSource
    void aChangedConfigMapRestartsTheContainersThatReadItWhenTheyStarted(Workload workload) {
        String reads = ", envFrom: [{configMapRef: {name: settings}}]";
        rig.with("settings.yaml", settings("1"));
        running(workload, workload.text(IMAGE_1, reads));
        Map<String, String> before = uids();

        rig.with("settings.yaml", settings("2")).commit();
        rig.patiently("restarted").until(() -> restarts("app").values().stream().allMatch(count -> count == 1));
        awaitOver(workload);

        assertThat(uids()).isEqualTo(before);
        assertThat(restarts("side"))
                .allSatisfy((pod, count) -> assertThat(count).as(pod).isZero());
        rig.awaitRest();
        rig.forget();
        rig.awaitPolls(3);
        assertThat(rig.requests()).isEmpty();

        rig.with("settings.yaml", settings("3"))
                .with("web.yaml", workload.text(IMAGE_1, reads, "trimtab.dev/config-restart: none"))
                .commit();
        rig.patiently("changed")
                .until(() -> rig.get("v1", "ConfigMap", "settings")
                        .at("/data/level")
                        .asText()
                        .equals("3"));
        awaitOver(workload);

        assertThat(uids()).isEqualTo(before);
        assertThat(restarts("app"))
                .allSatisfy((pod, count) -> assertThat(count).as(pod).isEqualTo(1));
    }

    private static String settings(String level) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: NAMESPACE}, data: {level: '"
                + level + "'}}\n";
    }

    @ParameterizedTest
    @EnumSource
    void otherCpuAndMemoryRestartNothing(Workload workload) {
        String small = ", resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 32Mi}}";
        running(workload, workload.text(IMAGE_1, small));
        Map<String, String> before = uids();

        rig.with("web.yaml", workload.text(IMAGE_1, small.replace("10m", "20m").replace("32Mi", "64Mi")))
                .commit();
        rig.patiently("resized")
                .until(() -> pods().stream()
                        .allMatch(pod -> pod.at("/status/containerStatuses/0/resources/limits/memory")
                                        .asText()
                                        .equals("64Mi")
                                && pod.at("/spec/containers/0/resources/requests/cpu")
                                        .asText()
                                        .equals("20m")));
        awaitOver(workload);

        assertThat(uids()).isEqualTo(before);
        for (String container : List.of("app", "side")) {
            assertThat(restarts(container))
                    .allSatisfy((pod, count) -> assertThat(count).as(pod).isZero());
        }
        rig.awaitRest();
        rig.forget();
        rig.awaitPolls(3);
        assertThat(rig.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void reCreatePolicyLeavesPodsToTheirOwnController(Workload workload) {
        running(workload, workload.text(IMAGE_1, "", "trimtab.dev/update-policy: ReCreate"));
        Map<String, String> before = uids();

        rig.with("web.yaml", workload.text(IMAGE_2, "", "trimtab.dev/update-policy: ReCreate"))
                .commit();
        awaitDone(workload, IMAGE_2);
        rig.patiently("all pods are new")
                .until(() -> uids().size() == workload.pods
                        && uids().values().stream().noneMatch(before::containsValue));
    }

    private void running(Workload workload, String text) {
        rig.with("web.yaml", text).settled("");
        awaitDone(workload, IMAGE_1);
        rig.rest();
    }

    /** Its own controller has the workload back and agrees, whatever the pods run. */
    private void awaitOver(Workload workload) {
        rig.patiently(workload.kind + " is done").until(() -> {
            ObjectNode live = rig.get("apps/v1", workload.kind, "web");
            return !RolloutRecord.marks(live.path("metadata"))
                    && !live.at("/spec/paused").asBoolean(false)
                    && isRolledOut(workload, live)
                    && pods().size() == workload.pods
                    && pods().stream().allMatch(NativeRolloutTest::ready);
        });
    }

    /** Every pod runs the image, and its own controller has the workload back and agrees. */
    private void awaitDone(Workload workload, String image) {
        rig.patiently(workload.kind + " is done with " + image).until(() -> {
            ObjectNode live = rig.get("apps/v1", workload.kind, "web");
            List<ObjectNode> pods = pods();
            return live.at("/spec/template/spec/containers/0/image").asText().equals(image)
                    && !RolloutRecord.marks(live.path("metadata"))
                    && !live.at("/spec/paused").asBoolean(false)
                    && isRolledOut(workload, live)
                    && pods.size() == workload.pods
                    && pods.stream().allMatch(pod -> image(pod, "spec").equals(image))
                    && pods.stream().allMatch(NativeRolloutTest::ready);
        });
    }

    /** What {@code kubectl rollout status} goes by. */
    private static boolean isRolledOut(Workload workload, ObjectNode live) {
        JsonNode status = live.path("status");
        if (status.path("observedGeneration").asLong()
                < live.at("/metadata/generation").asLong()) {
            return false;
        }
        return switch (workload) {
            case DEPLOYMENT ->
                status.path("updatedReplicas").asInt() == workload.pods
                        && status.path("replicas").asInt() == workload.pods
                        && status.path("availableReplicas").asInt() == workload.pods;
            case STATEFUL_SET ->
                status.path("readyReplicas").asInt() == workload.pods
                        && status.path("updateRevision").equals(status.path("currentRevision"));
            case DAEMON_SET ->
                status.path("updatedNumberScheduled").asInt() == workload.pods
                        && status.path("numberAvailable").asInt() == workload.pods;
        };
    }

    private List<ObjectNode> pods() {
        return rig.client().list(rig.type("v1", "Pod"), Optional.of(rig.name), "app=web").stream()
                .filter(pod -> !pod.path("metadata").hasNonNull("deletionTimestamp"))
                .toList();
    }

    private Map<String, String> uids() {
        return pods().stream()
                .collect(Collectors.toMap(
                        pod -> pod.at("/metadata/name").asText(),
                        pod -> pod.at("/metadata/uid").asText()));
    }

    private Set<String> images() {
        return pods().stream().map(pod -> image(pod, "spec")).collect(Collectors.toSet());
    }

    private Map<String, Integer> restarts(String container) {
        Map<String, Integer> restarts = new TreeMap<>();
        for (ObjectNode pod : pods()) {
            for (JsonNode status : pod.at("/status/containerStatuses")) {
                if (status.path("name").asText().equals(container)) {
                    restarts.put(
                            pod.at("/metadata/name").asText(),
                            status.path("restartCount").asInt());
                }
            }
        }
        return restarts;
    }

    private static String image(JsonNode pod, String part) {
        return pod.path(part).path("containers").path(0).path("image").asText();
    }

    private static boolean ready(JsonNode pod) {
        for (JsonNode condition : pod.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private JsonNode spec(Workload workload) {
        return rig.get("apps/v1", workload.kind, "web").path("spec");
    }

    private static JsonNode withoutTemplate(JsonNode spec) {
        ObjectNode rest = spec.deepCopy();
        rest.remove("template");
        return rest;
    }

    private Set<String> children(Workload workload) {
        return rig
                .client()
                .list(
                        rig.type("apps/v1", workload == Workload.DEPLOYMENT ? "ReplicaSet" : "ControllerRevision"),
                        Optional.of(rig.name),
                        "app=web")
                .stream()
                .map(child -> child.at("/metadata/uid").asText())
                .collect(Collectors.toSet());
    }
}
