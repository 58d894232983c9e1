package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.apply.ApplyCode;
import dev.trimtab.apply.Result;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Operation;
import dev.trimtab.plan.PodImpact;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a plan says of running pods is what then happens to them. */
@Timeout(180)
class PodScenarioTest {

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

    private static String cloneSet(String image, String env, String policy) {
        return """
                apiVersion: apps.kruise.io/v1alpha1
                kind: CloneSet
                metadata: {name: web, namespace: NAMESPACE}
                spec:
                  replicas: 3
                  selector: {matchLabels: {app: web}}
                  updateStrategy: {type: %s, maxUnavailable: 1}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      containers:
                      - {name: c, image: '%s', env: [{name: MODE, value: '%s'}]}
                      - {name: side, image: 'example.com/side:1'}
                """.formatted(policy, image, env);
    }

    @Test
    @DisplayName("S10: a new image of a CloneSet restarts one container in the same pods, as the plan says")
    void newImageOfACloneSetRestartsOneContainerInTheSamePods() {
        running("InPlaceIfPossible");
        Map<String, String> before = addresses();

        rig.with("web.yaml", cloneSet("example.com/web:2", "a", "InPlaceIfPossible"))
                .commit();
        Change change = planned();
        rig.patiently("all pods are updated")
                .until(() -> updated() == 3 && images().equals(List.of("example.com/web:2")));

        assertThat(change.action()).isEqualTo(Action.IN_PLACE);
        assertThat(change.pods().effect()).isEqualTo(PodImpact.Effect.RESTART_IN_PLACE);
        assertThat(change.pods().count()).isEqualTo(3);
        assertThat(change.pods().containers()).containsExactly("c");
        assertThat(addresses()).isEqualTo(before);
        assertThat(pods()).allSatisfy(pod -> {
            assertThat(restarts(pod, "c")).isEqualTo(1);
            assertThat(restarts(pod, "side")).isZero();
        });
    }

    @Test
    void aRestartAndAChangedConfigMapHappenInsideThePodsOfACloneSet() {
        String reads = cloneSet("example.com/web:1", "a", "InPlaceIfPossible")
                .replace("{name: c, ", "{name: c, envFrom: [{configMapRef: {name: settings}}], ");
        String settings =
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: NAMESPACE}, data: {a: '1'}}\n";
        rig.with("settings.yaml", settings).with("web.yaml", reads).settled("");
        rig.patiently("all pods are there")
                .until(() -> addresses().values().stream()
                                .filter(ip -> !ip.isEmpty())
                                .count()
                        == 3);
        rig.rest();
        Map<String, String> before = addresses();

        rig.with("settings.yaml", settings.replace("a: '1'", "a: '2'")).commit();
        rig.patiently("what reads it restarted").until(() -> pods().stream().allMatch(pod -> restarts(pod, "c") == 1));
        rig.patiently("all are available").until(() -> available() == 3);

        assertThat(addresses()).isEqualTo(before);
        assertThat(pods()).allSatisfy(pod -> assertThat(restarts(pod, "side")).isZero());

        rig.with(
                        "web.yaml",
                        reads.replace(
                                "labels: {app: web}}",
                                "labels: {app: web}, annotations: {kubectl.kubernetes.io/restartedAt: now}}"))
                .with("settings.yaml", settings.replace("a: '1'", "a: '2'"))
                .commit();
        rig.patiently("all restarted").until(() -> pods().stream().allMatch(pod -> restarts(pod, "side") == 1));
        rig.patiently("all are available").until(() -> available() == 3);

        assertThat(addresses()).isEqualTo(before);
        assertThat(pods()).allSatisfy(pod -> assertThat(restarts(pod, "c")).isEqualTo(2));
    }

    private int available() {
        return rig.get("apps.kruise.io/v1alpha1", "CloneSet", "web")
                .at("/status/updatedAvailableReplicas")
                .asInt();
    }

    @Test
    @DisplayName("S11: a new environment of a CloneSet replaces its pods, and says which variable of which container")
    void newEnvironmentOfACloneSetReplacesItsPods() {
        running("InPlaceIfPossible");
        Map<String, String> before = addresses();

        rig.with("web.yaml", cloneSet("example.com/web:1", "b", "InPlaceIfPossible"))
                .commit();
        Change change = planned();
        rig.patiently("all pods are new")
                .until(() -> updated() == 3 && addresses().keySet().stream().noneMatch(before::containsKey));

        assertThat(change.action()).isEqualTo(Action.RECREATE);
        assertThat(change.pods().count()).isEqualTo(3);
        assertThat(change.reason().code().id()).isEqualTo("POD210");
        assertThat(change.reason().fields()).containsExactly("containers[c].env[MODE]");
    }

    @Test
    @DisplayName("S11: where only in place is allowed, a new environment touches no pod")
    void whereOnlyInPlaceIsAllowedANewEnvironmentTouchesNoPod() {
        running("InPlaceOnly");
        Map<String, String> before = addresses();

        rig.with("web.yaml", cloneSet("example.com/web:1", "b", "InPlaceOnly")).commit();
        Change change = planned();
        rig.patiently("the CloneSet says so")
                .until(() -> condition("FailedUpdate").isPresent());

        assertThat(change.reason().code().id()).isEqualTo("POD202");
        assertThat(change.pods().effect()).isEqualTo(PodImpact.Effect.NONE);
        assertThat(addresses()).isEqualTo(before);
    }

    @Test
    @DisplayName("S12: a field that never changes is held without consent, and recreated once with it")
    void aFieldThatNeverChangesIsHeldWithoutConsentAndRecreatedOnceWithIt() {
        String job = """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: once, namespace: NAMESPACE%s}
                spec:
                  suspend: true
                  template: {spec: {restartPolicy: Never, containers: [{name: c, image: '%s'}]}}
                """;
        rig.with("job.yaml", job.formatted("", "example.com/job:1")).settled("");
        String uid = rig.get("batch/v1", "Job", "once").at("/metadata/uid").asText();

        rig.with("job.yaml", job.formatted("", "example.com/job:2"))
                .with("settings.yaml", ScenarioTest.SETTINGS)
                .commit();
        SyncEvent.Held held = rig.await1(SyncEvent.Held.class);
        assertThat(held.holds())
                .singleElement()
                .satisfies(hold -> assertThat(hold.code()).isEqualTo(ApplyCode.RECREATE_CONSENT));
        rig.patiently("the others are applied")
                .until(() -> rig.find("v1", "ConfigMap", "settings").isPresent());
        rig.awaitRest();
        assertThat(rig.writes()).noneMatch(write -> write.method().equals("DELETE"));
        assertThat(rig.get("batch/v1", "Job", "once").at("/metadata/uid").asText())
                .isEqualTo(uid);

        rig.rest();
        String consented = rig.with(
                        "job.yaml", job.formatted(", annotations: {trimtab.dev/recreate: allow}", "example.com/job:2"))
                .commit();
        rig.awaitSettled(consented);
        assertThat(rig.of(SyncEvent.Applied.class))
                .anySatisfy(applied -> assertThat(applied.outcome().plan().changes())
                        .anySatisfy(change -> assertThat(change.operation()).isEqualTo(Operation.RECREATE)));
        assertThat(rig.writes().stream().filter(write -> write.method().equals("DELETE")))
                .hasSize(1);
        ObjectNode made = rig.get("batch/v1", "Job", "once");
        assertThat(made.at("/metadata/uid").asText()).isNotEqualTo(uid);
        assertThat(made.at("/spec/template/spec/containers/0/image").asText()).isEqualTo("example.com/job:2");
        assertThat(rig.of(SyncEvent.Applied.class).stream()
                        .flatMap(applied -> applied.outcome().results().values().stream()))
                .noneMatch(Result.Failed.class::isInstance);
    }

    private void running(String policy) {
        rig.with("web.yaml", cloneSet("example.com/web:1", "a", policy)).settled("");
        rig.patiently("three pods run").until(() -> updated() == 3);
        rig.rest();
    }

    private Change planned() {
        rig.patiently("a plan")
                .until(() -> rig.of(SyncEvent.Planned.class).stream()
                        .anyMatch(event -> !event.plan().changes().isEmpty()));
        return rig.of(SyncEvent.Planned.class).stream()
                .flatMap(event -> event.plan().changes().stream())
                .findFirst()
                .orElseThrow();
    }

    private ObjectNode cloneSet() {
        return rig.get("apps.kruise.io/v1alpha1", "CloneSet", "web");
    }

    private int updated() {
        ObjectNode live = cloneSet();
        return live.at("/status/observedGeneration").asLong()
                        == live.at("/metadata/generation").asLong()
                ? live.at("/status/updatedAvailableReplicas").asInt()
                : 0;
    }

    private Optional<JsonNode> condition(String type) {
        for (JsonNode condition : cloneSet().at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)
                    && condition.path("status").asText().equals("True")) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    private List<ObjectNode> pods() {
        return rig.client().list(rig.type("v1", "Pod"), Optional.of(rig.name), "app=web").stream()
                .filter(pod -> !pod.path("metadata").hasNonNull("deletionTimestamp"))
                .toList();
    }

    /** Address and node by uid. */
    private Map<String, String> addresses() {
        return new TreeMap<>(pods().stream()
                .collect(Collectors.toMap(
                        pod -> pod.at("/metadata/uid").asText(),
                        pod -> pod.at("/status/podIP").asText() + " "
                                + pod.at("/spec/nodeName").asText())));
    }

    private List<String> images() {
        return pods().stream()
                .map(pod -> pod.at("/spec/containers/0/image").asText())
                .distinct()
                .toList();
    }

    private static int restarts(JsonNode pod, String container) {
        for (JsonNode status : pod.at("/status/containerStatuses")) {
            if (status.path("name").asText().equals(container)) {
                return status.path("restartCount").asInt();
            }
        }
        return -1;
    }
}
