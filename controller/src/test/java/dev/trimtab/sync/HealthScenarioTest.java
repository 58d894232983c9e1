package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.apply.Result;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.sync.SyncStatus.Truth;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What waits until something else is well. */
@Timeout(180)
class HealthScenarioTest {

    private static final String LATER = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: later, namespace: NAMESPACE, annotations: {trimtab.dev/wave: "2"}}
            data: {a: b}
            """;

    private static final String BESIDE =
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: beside, namespace: NAMESPACE}, data: {a: b}}\n";

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

    private static String web(String image) {
        return ScenarioTest.deployment("web", image, "").replace("replicas: 0", "replicas: 1");
    }

    @Test
    void aLaterWaveComesWhenTheEarlierOneIsWellWithoutAnotherCommit() {
        String commit = rig.with("web.yaml", web("example.com/web:1"))
                .with("later.yaml", LATER)
                .commit();
        rig.start("");
        rig.awaitSettled(commit);

        assertThat(rig.find("v1", "ConfigMap", "later")).isPresent();
        SyncEvent.Applied first = rig.of(SyncEvent.Applied.class).get(0);
        assertThat(waiting(first)).containsExactly("later");
        rig.patiently("all is well")
                .until(() -> !rig.of(SyncEvent.Healthy.class).isEmpty());
        rig.awaitRest();
        rig.forget();
        rig.awaitPolls(4);
        assertThat(rig.proxy.requests()).as("with it ends the watch").isEmpty();
    }

    @Test
    void whatIsNotWellHoldsOnlyWhatWaitsForItUntilANewerCommitMendsIt() {
        rig.with("web.yaml", web("example.com/web:bad"))
                .with("later.yaml", LATER)
                .with("beside.yaml", BESIDE)
                .with(
                        "named.yaml",
                        LATER.replace("later", "named")
                                .replace("trimtab.dev/wave: \"2\"", "trimtab.dev/depends-on: Deployment/web"))
                .commit();
        rig.start("  health: {timeout: 1s}\n");
        SyncEvent.Unhealthy told = rig.await1(SyncEvent.Unhealthy.class);

        assertThat(told.reasons().keySet().stream().map(ObjectKey::name)).containsExactly("web");
        assertThat(rig.find("v1", "ConfigMap", "beside")).isPresent();
        assertThat(rig.find("v1", "ConfigMap", "later")).isEmpty();
        assertThat(rig.find("v1", "ConfigMap", "named")).isEmpty();
        assertThat(rig.status().healthy().truth()).isEqualTo(Truth.FALSE);
        rig.awaitPolls(3);
        assertThat(rig.of(SyncEvent.Unhealthy.class)).as("told once").hasSize(1);

        String mended = rig.with("web.yaml", web("example.com/web:2")).commit();
        rig.awaitSettled(mended);

        assertThat(rig.find("v1", "ConfigMap", "later")).isPresent();
        assertThat(rig.find("v1", "ConfigMap", "named")).isPresent();
        rig.patiently("all is well").until(() -> rig.status().healthy().truth() == Truth.TRUE);
    }

    @Test
    void aSyncThatFollowsHealthTellsWhenAllIsWell() {
        String commit = rig.with("web.yaml", web("example.com/web:1")).commit();
        rig.start("  health: {follow: true}\n");
        rig.awaitSettled(commit);

        assertThat(rig.await1(SyncEvent.Healthy.class).revision().commit()).isEqualTo(commit);
        assertThat(rig.get("apps/v1", "Deployment", "web")
                        .at("/status/availableReplicas")
                        .asInt())
                .isEqualTo(1);
        assertThat(rig.status().healthy().truth()).isEqualTo(Truth.TRUE);
    }

    @Test
    void aRolloutThatHaltsIsToldAndStandsInTheStatusUntilItGoesOn() {
        String two = web("example.com/web:1").replace("replicas: 1", "replicas: 2\n  progressDeadlineSeconds: 1");
        rig.with("web.yaml", two).settled("");
        rig.patiently("ready")
                .until(() -> rig.get("apps/v1", "Deployment", "web")
                                .at("/status/availableReplicas")
                                .asInt()
                        == 2);
        rig.rest();

        rig.with("web.yaml", two.replace("web:1", "web:bad")).commit();
        SyncEvent.RolloutsHalted told = rig.await1(SyncEvent.RolloutsHalted.class);

        assertThat(told.reasons().keySet()).extracting(ObjectKey::name).containsExactly("web");
        assertThat(told.reasons().values()).allMatch(why -> why.contains("container"));
        rig.patiently("it stands in the status")
                .until(() -> rig.status().healthy().reason().equals("RolloutHalted"));

        String mended = rig.with("web.yaml", two.replace("web:1", "web:2")).commit();
        rig.awaitSettled(mended);
        rig.await1(SyncEvent.RolloutsGoOn.class);
        assertThat(rig.status().healthy().truth()).isNotEqualTo(Truth.FALSE);
    }

    private static List<String> waiting(SyncEvent.Applied applied) {
        return applied.outcome().results().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Result.Waiting)
                .map(entry -> entry.getKey().name())
                .toList();
    }
}
