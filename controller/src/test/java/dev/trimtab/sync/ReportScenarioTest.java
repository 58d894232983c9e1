package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.RolloutFinished;
import dev.trimtab.kube.CountingProxy;
import dev.trimtab.metrics.Program;
import dev.trimtab.report.StatusObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cluster is told of a sync, and what that costs. */
class ReportScenarioTest {

    private static final String SETTINGS = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings, namespace: NAMESPACE}
            data: {size: "1"}
            """;

    private static final String CREDENTIALS = """
            apiVersion: v1
            kind: Secret
            metadata: {name: credentials, namespace: NAMESPACE}
            stringData: {password: Swordfish77}
            """;

    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: NAMESPACE}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {terminationGracePeriodSeconds: 0, containers: [{name: app, image: "example.com/web:1"}]}
            """;

    @TempDir
    private Path folder;

    private ScenarioRig rig;

    @BeforeEach
    void start() {
        rig = new ScenarioRig(folder).reporting();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void whatIsSettledIsReadyAndSaysWhichCommit() {
        rig.with("settings.yaml", SETTINGS).settled("");
        awaitCondition("Ready", "True");

        JsonNode status = status();
        assertThat(status.path("format").asText()).isEqualTo("trimtab.status/v1");
        assertThat(condition("Stalled").path("status").asText()).isEqualTo("False");
        assertThat(status.at("/lastAppliedRevision/subject").asText()).isEqualTo("a commit");
        assertThat(status.at("/lastApply/done").asInt()).isEqualTo(2);
        assertThat(status.at("/counts/objects").asInt()).isEqualTo(2);
        assertThat(status.at("/source/path").asText()).isEqualTo(".");
        assertThat(eventsOf("trimtab-status-" + rig.name))
                .anyMatch(event -> event.path("reason").asText().equals("Applied")
                        && event.path("message").asText().endsWith("2 changes made"));
    }

    @Test
    void atRestNothingIsAskedAndNothingIsWritten() {
        rig.with("settings.yaml", SETTINGS).settled("");
        rig.rest();

        rig.awaitPolls(3);

        assertThat(rig.requests()).isEmpty();
    }

    @Test
    void aLookThatSomebodyAskedForIsAnsweredInTheStatusOnceAndCostsOneWrite() {
        rig.with("settings.yaml", SETTINGS).settled("");
        rig.rest();

        rig.control().requestReconcile(Instant.parse("2026-11-24T12:00:00Z"), false);
        rig.patiently("answered").until(() -> handled().equals("2026-11-24T12:00:00Z"));
        rig.awaitRest();

        assertThat(rig.of(SyncEvent.LookedAsAsked.class)).hasSize(1);
        assertThat(statusWrites()).hasSize(1);
        rig.rest();
        rig.awaitPolls(3);
        assertThat(rig.requests()).isEmpty();

        rig.stop();
        rig.reporting().forget();
        rig.start("");
        rig.await1(SyncEvent.Settled.class);
        rig.awaitRest();
        assertThat(statusWrites()).as("a process that begins says nothing new").isEmpty();
        assertThat(handled()).isEqualTo("2026-11-24T12:00:00Z");
    }

    @Test
    void whatWasAskedForWhileNobodyRanIsAnsweredByWhoeverStarts() {
        rig.with("settings.yaml", SETTINGS).settled("");
        rig.stop();
        rig.control().requestReconcile(Instant.parse("2026-11-24T12:00:00Z"), false);

        rig.reporting().start("");

        rig.patiently("answered").until(() -> handled().equals("2026-11-24T12:00:00Z"));
    }

    private String handled() {
        return status().path("lastHandledReconcileAt").asText();
    }

    @Test
    void aProcessThatWasStartedAgainWritesNoStatusThatSaysTheSame() {
        rig.with("settings.yaml", SETTINGS).settled("");
        rig.rest();
        rig.stop();
        String version = object().at("/metadata/resourceVersion").asText();
        JsonNode before = status();
        rig.reporting().forget();

        rig.start("");
        rig.await1(SyncEvent.Settled.class);
        rig.awaitRest();

        assertThat(status()).isEqualTo(before);
        assertThat(object().at("/metadata/resourceVersion").asText()).isEqualTo(version);
        assertThat(statusWrites()).isEmpty();
        assertThat(status().at("/lastApply/done").asInt()).isEqualTo(2);
    }

    @Test
    void driftThatIsLeftIsToldWithWhoAndWhereAndNoValue() {
        rig.with("settings.yaml", SETTINGS)
                .with("credentials.yaml", CREDENTIALS)
                .settled("  selfHeal: false\n");

        rig.patch("v1", "ConfigMap", "settings", "a-person", "{\"data\": {\"size\": \"Marlin88\"}}");
        rig.patch("v1", "Secret", "credentials", "a-person", "{\"stringData\": {\"password\": \"Marlin88\"}}");
        // The list is of the moment of the write, the condition of the last event before it.
        rig.patiently("both told")
                .until(() -> status().at("/drift/total").asInt() == 2
                        && condition("Ready").path("reason").asText().equals("Drifted"));
        rig.rest();

        JsonNode drift = status().at("/drift/objects/0");
        assertThat(drift.path("object").asText()).isEqualTo("ConfigMap " + rig.name + "/settings");
        assertThat(drift.path("manager").asText()).isEqualTo("a-person");
        assertThat(drift.at("/fields/0").asText()).isEqualTo("data[size]");
        assertThat(eventsOf("settings"))
                .singleElement()
                .satisfies(event -> assertThat(event.path("message").asText())
                        .startsWith("changed by a-person at data[size]; sync " + rig.name + " leaves it so"));
        assertThat(eventsOf("credentials")).hasSize(1);
        assertThat(object() + events().toString())
                .doesNotContain("Marlin88", "Swordfish77", "TWFybGluODg", "U3dvcmRmaXNoNzc");
    }

    @Test
    void driftThatIsPutBackAgainAndAgainIsOneEventThatCounts() {
        rig.with("settings.yaml", SETTINGS).settled("");
        for (int times = 1; times <= 2; times++) {
            int healed = times;
            rig.patch("v1", "ConfigMap", "settings", "a-person", "{\"data\": {\"size\": \"2\"}}");
            rig.patiently("healed " + times + " times")
                    .until(() -> eventsOf("settings").stream()
                            .anyMatch(event -> event.path("reason").asText().equals("DriftHealed")
                                    && event.path("count").asInt() == healed));
        }
        assertThat(eventsOf("settings")).hasSize(2);
    }

    @Test
    void whatTheServerRefusesIsAnEventOfTheObjectWithItsAnswer() {
        rig.with("settings.yaml", SETTINGS).settled("");

        rig.with("settings.yaml", SETTINGS.replace("data: {size: \"1\"}", "data: {\"a b\": \"1\"}"))
                .commit();

        rig.patiently("told").until(() -> !eventsOf("settings").isEmpty());
        JsonNode event = eventsOf("settings").get(0);
        assertThat(event.path("type").asText()).isEqualTo("Warning");
        assertThat(event.path("message").asText()).contains("sync " + rig.name, "[");
        assertThat(event.at("/involvedObject/uid").asText())
                .isEqualTo(rig.get("v1", "ConfigMap", "settings")
                        .at("/metadata/uid")
                        .asText());
        rig.patiently("stalled")
                .until(() -> condition("Stalled").path("status").asText().equals("True"));
    }

    @Test
    void whatWaitsForAWordSaysHowToGiveIt() {
        rig.with("settings.yaml", SETTINGS);
        rig.commit();
        rig.start("  mode: plan\n");

        rig.patiently("held").until(() -> status().has("heldPlanId"));

        String approve = "trimtab approve " + rig.name + " --plan "
                + status().path("heldPlanId").asText();
        rig.patiently("told")
                .until(() -> eventsOf("trimtab-status-" + rig.name).stream()
                        .anyMatch(event -> event.path("message").asText().contains(approve)));
    }

    @Test
    void theStatusDoesNotGrowWithTheObjects() {
        rig.with("settings.yaml", SETTINGS).settled("  selfHeal: false\n");
        rig.patiently("written").until(() -> object().has("data"));
        int small = status().toString().length();
        for (int i = 0; i < 200; i++) {
            rig.with("many-" + i + ".yaml", SETTINGS.replace("settings", "settings-" + i));
        }
        rig.awaitSettled(rig.commit());
        rig.patiently("written").until(() -> status().at("/counts/objects").asInt() == 202);

        assertThat(status().toString().length()).isLessThan(small + 300);
        assertThat(statusWrites().size()).isLessThan(8);
    }

    @Test
    void aRolloutThatFinishedIsToldOfTheWorkloadAndToWhoeverHears() {
        rig.with("web.yaml", WEB).settled("");
        rig.patiently("running")
                .until(() -> rig.get("apps/v1", "Deployment", "web")
                                .at("/status/readyReplicas")
                                .asInt()
                        == 2);
        rig.with("web.yaml", WEB.replace("web:1", "web:2")).commit();

        RolloutFinished end =
                rig.await1(SyncEvent.RolloutsFinished.class).rollouts().get(0);
        assertThat(end.workload().toString()).isEqualTo("Deployment " + rig.name + "/web");
        assertThat(end.inPlace()).isEqualTo(2);
        rig.patiently("told")
                .until(() -> eventsOf("web").stream()
                        .map(event -> event.path("reason").asText())
                        .toList()
                        .containsAll(List.of("RolloutStarted", "RolloutFinished")));
        assertThat(rig.of(SyncEvent.RolloutsFinished.class)).hasSize(1);
        rig.awaitRest();
        rig.forget();
        rig.awaitPolls(3);
        assertThat(rig.requests()).isEmpty();
        assertThat(rig.of(SyncEvent.RolloutsFinished.class)).isEmpty();
    }

    @Test
    void kubectlDescribeShowsWhatHappenedToAWorkload() {
        Program kubectl = Program.orNotRun("kubectl");
        rig.with("web.yaml", WEB).settled("");
        rig.patiently("running")
                .until(() -> rig.get("apps/v1", "Deployment", "web")
                                .at("/status/readyReplicas")
                                .asInt()
                        == 2);
        rig.with("web.yaml", WEB.replace("web:1", "web:2")).commit();
        rig.patiently("told").until(() -> !eventsOf("web").isEmpty());

        String server = "--kubeconfig=" + rig.write("for-kubectl", rig.proxy.kubeconfig());
        String cache = "--cache-dir=" + folder.resolve("kubectl-cache");
        assertThat(kubectl.run(folder, server, cache, "describe", "deployment", "web", "-n", rig.name)
                        .text())
                .contains("RolloutStarted", "2 pods restart in place (app)", "trimtab");
        String status = "configmap/trimtab-status-" + rig.name;
        assertThat(kubectl.run(folder, server, cache, "events", "--for", status, "-n", "trimtab-system")
                        .text())
                .contains("Applied", "commit ");
    }

    private ObjectNode object() {
        return rig
                .client()
                .list(rig.type("v1", "ConfigMap"), Optional.of("trimtab-system"), "trimtab.dev/status=" + rig.name)
                .stream()
                .findFirst()
                .orElseGet(() -> (ObjectNode) DriftRig.json("{}"));
    }

    private ObjectNode status() {
        return StatusObject.kept(object()).status();
    }

    private JsonNode condition(String type) {
        for (JsonNode condition : status().path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return DriftRig.json("{}");
    }

    private void awaitCondition(String type, String value) {
        rig.patiently(type + " " + value)
                .until(() -> condition(type).path("status").asText().equals(value));
    }

    private List<ObjectNode> events() {
        return rig.client().list(rig.type("v1", "Event"), Optional.empty(), "");
    }

    private List<ObjectNode> eventsOf(String name) {
        return rig.client().list(rig.type("v1", "Event"), Optional.empty(), "", "involvedObject.name=" + name).stream()
                .filter(event -> event.path("reportingComponent").asText().startsWith("trimtab"))
                .filter(event -> List.of(rig.name, "trimtab-system")
                        .contains(event.path("metadata").path("namespace").asText()))
                .toList();
    }

    private List<CountingProxy.Request> statusWrites() {
        return rig.writes().stream()
                .filter(request -> request.toString().contains("trimtab-status-"))
                .toList();
    }
}
