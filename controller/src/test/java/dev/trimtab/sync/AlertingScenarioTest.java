package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.metrics.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a hand edit to the one who is told, with the real Prometheus, the real Alertmanager and {@code trimtab run} as a process. */
class AlertingScenarioTest {

    private static final String SETTINGS = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings, namespace: NAMESPACE}
            data: {size: "1"}
            """;

    @TempDir
    private Path folder;

    private final int port = AlertingRig.freePort();
    private ScenarioRig rig;
    private AlertingRig alerting;
    private Path config;

    @BeforeEach
    void start() {
        Program.orNotRun("prometheus");
        Program.orNotRun("prometheus-alertmanager");
        rig = new ScenarioRig(folder);
        rig.with("settings.yaml", SETTINGS).commit();
        config = rig.write("sync.yaml", """
                apiVersion: sync.trimtab.dev/v1alpha1
                kind: ClusterSync
                metadata: {name: %s}
                spec:
                  interval: 500ms
                  selfHeal: false
                  source: {repository: %s, ref: main}
                  cluster: {kubeconfig: %s}
                """.formatted(
                        rig.name, rig.repository.folder(), rig.write("kubeconfig", rig.proxy.kubeconfig())));
        alerting = new AlertingRig(folder, port);
    }

    @AfterEach
    void stop() {
        if (alerting != null) {
            alerting.close();
        }
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void eachTroubleWakesItsOwnPeopleAndSilencesTheRest() throws IOException {
        Process controller = alerting.controller(config);
        rig.patiently("applied")
                .until(() -> rig.find("v1", "ConfigMap", "settings").isPresent());
        quiet();

        edit("2");
        rig.patiently("drift is told").until(() -> alerting.fired().contains("TrimtabDrift"));
        assertThat(alerting.fired()).containsExactly("TrimtabDrift");
        assertThat(alerting.receivers("TrimtabDrift")).containsOnly("chat");

        edit("1");
        rig.patiently("its end is told")
                .until(() -> alerting.notices().contains(new AlertingRig.Notice("chat", "TrimtabDrift", false)));
        quiet();

        Path repository = rig.repository.folder();
        Path away = repository.resolveSibling("away.git");
        Files.move(repository, away);
        rig.patiently("Git is missed").until(() -> alerting.fired().contains("TrimtabSourceStale"));
        assertThat(alerting.fired()).containsExactly("TrimtabSourceStale");
        Files.move(away, repository);
        quiet();

        edit("2");
        rig.patiently("drift is told").until(() -> alerting.fired().contains("TrimtabDrift"));
        alerting.forget();
        AlertingRig.end(controller);
        rig.patiently("the controller is missed").until(() -> alerting.fired().contains("TrimtabDown"));
        rig.patiently("drift is silenced")
                .until(() -> alerting.state("TrimtabDrift").equals(Optional.of("suppressed")));
        assertThat(alerting.fired()).containsExactly("TrimtabDown");
        rig.patiently("both are told")
                .until(() -> alerting.receivers("TrimtabDown").containsAll(List.of("pager", "chat")));

        alerting.controller(config);
        // A controller that starts finds its commit before it knows that it is applied: with the rules of this test, an
        // alert of its own.
        rig.patiently("drift alone is active again")
                .during(Duration.ofSeconds(4))
                .until(() -> alerting.silentBut("TrimtabDrift")
                        && alerting.state("TrimtabDrift").equals(Optional.of("active")));
        alerting.forget();
        rig.proxy.close();
        rig.patiently("the cluster is missed").until(() -> alerting.fired().contains("TrimtabClusterUnreachable"));
        rig.patiently("drift is silenced")
                .until(() -> alerting.state("TrimtabDrift").equals(Optional.of("suppressed")));
        assertThat(alerting.fired()).containsExactly("TrimtabClusterUnreachable");
    }

    private void edit(String size) {
        rig.patch("v1", "ConfigMap", "settings", "a-person", "{\"data\": {\"size\": \"" + size + "\"}}");
    }

    private void quiet() {
        // Longer than any rule waits and than the last group takes to be told.
        rig.patiently("no alert").during(Duration.ofSeconds(4)).until(alerting::silent);
        alerting.forget();
    }
}
