package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.kube.CountingProxy.Mishap;
import dev.trimtab.sync.SyncStatus.Truth;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two clusters in one process. */
@Timeout(120)
class ManyClustersTest {

    @TempDir
    private Path here;

    @TempDir
    private Path there;

    private ScenarioRig reachable;
    private ScenarioRig down;

    @BeforeEach
    void start() {
        reachable = new ScenarioRig(here);
        down = new ScenarioRig(there);
        reachable.with("settings.yaml", ScenarioTest.SETTINGS).settled("");
        down.with("settings.yaml", ScenarioTest.SETTINGS)
                .with("extra.yaml", other("extra"))
                .settled("");
    }

    @AfterEach
    void stop() {
        reachable.close();
        down.close();
    }

    private static String other(String name) {
        return ScenarioTest.SETTINGS.replace("name: settings", "name: " + name);
    }

    @Test
    @DisplayName("S15: a cluster that is down delays no other, and comes to the last commit alone when it is back")
    void aClusterThatIsDownDelaysNoOtherAndComesToTheLastCommitWhenItIsBack() {
        down.proxy.mishaps(request -> Optional.of(Mishap.CUT_BEFORE));
        down.with("settings.yaml", ScenarioTest.SETTINGS.replace("a: '1'", "a: missed"))
                .without("extra.yaml")
                .commit();
        down.await1(SyncEvent.ClusterFailed.class);

        String applied = reachable
                .with("settings.yaml", ScenarioTest.SETTINGS.replace("a: '1'", "a: here"))
                .commit();
        reachable.awaitSettled(applied);
        assertThat(reachable.get("v1", "ConfigMap", "settings").at("/data/a").asText())
                .isEqualTo("here");

        assertThat(down.status().ready().truth()).isEqualTo(Truth.UNKNOWN);
        assertThat(down.status().ready().reason()).isEqualTo("ClusterUnreachable");
        String last = down.with("settings.yaml", ScenarioTest.SETTINGS.replace("a: '1'", "a: last"))
                .with("extra.yaml", other("extra"))
                .commit();
        down.awaitPolls(2);
        assertThat(down.writes()).allMatch(write -> write.code() == 0);
        assertThat(down.find("v1", "ConfigMap", "extra"))
                .as("nothing was pruned")
                .isPresent();

        down.proxy.mishaps(request -> Optional.empty());
        down.awaitSettled(last);
        assertThat(down.get("v1", "ConfigMap", "settings").at("/data/a").asText())
                .isEqualTo("last");
        assertThat(down.of(SyncEvent.Applied.class))
                .as("not each commit that was missed")
                .hasSize(1);
        assertThat(down.find("v1", "ConfigMap", "extra")).isPresent();
    }
}
