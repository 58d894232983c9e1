package dev.trimtab.sync;

import static dev.trimtab.sync.SyncWorld.configMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.trimtab.sync.ClusterSync.Mode;
import dev.trimtab.sync.SyncStatus.Truth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clusters that go away, come back, or come back as another one. */
@Timeout(90)
class OutageTest {

    @TempDir
    private Path folder;

    private SyncWorld world;

    @BeforeEach
    void start() {
        world = new SyncWorld(folder);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void anOutageAtRestIsToldOnceAndSoIsItsEnd() {
        atRest();
        world.proxy.down();
        // The sync itself has nothing to ask; its watches find that nobody is there.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !world.of(SyncEvent.ClusterFailed.class).isEmpty());
        assertThat(world.last(SyncEvent.StatusChanged.class).status().ready().truth())
                .isEqualTo(Truth.UNKNOWN);
        assertThat(world.last(SyncEvent.StatusChanged.class).status().ready().reason())
                .isEqualTo("ClusterUnreachable");

        world.proxy.up();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !world.of(SyncEvent.ClusterRecovered.class).isEmpty());
        assertThat(world.of(SyncEvent.ClusterFailed.class)).hasSize(1);
        assertThat(world.of(SyncEvent.ClusterReplaced.class)).isEmpty();
        await().until(() ->
                world.last(SyncEvent.StatusChanged.class).status().ready().truth() == Truth.TRUE);
        world.edit("a", "by hand");
        world.awaitData("a", "1");
    }

    @Test
    void aConnectionThatBreaksAndIsMadeAgainIsNoNews() {
        atRest();
        int asked = requestsForIdentity();
        world.proxy.cut();
        await().atMost(Duration.ofSeconds(20)).until(() -> requestsForIdentity() > asked);
        world.edit("a", "by hand");
        world.awaitData("a", "1");
        assertThat(world.of(SyncEvent.ClusterFailed.class)).isEmpty();
        assertThat(world.of(SyncEvent.ClusterReplaced.class)).isEmpty();
    }

    @Test
    void anotherClusterAtTheAddressIsNoticedAtRestAndBroughtToWhatIsInForce() {
        atRest();
        world.proxy.down();
        world.replaceCluster();
        assertThat(world.find("a")).isEmpty();
        world.proxy.up();

        SyncEvent.ClusterReplaced replaced = world.await(SyncEvent.ClusterReplaced.class, 1);

        assertThat(replaced.is()).isNotEqualTo(replaced.was());
        world.awaitData("a", "1");
        await().until(() ->
                world.last(SyncEvent.StatusChanged.class).status().ready().truth() == Truth.TRUE);
        world.edit("a", "by hand");
        world.awaitData("a", "1");
    }

    @Test
    void anUnreachableClusterDelaysNobodyAndConvergesToTheHeadOnItsReturn() {
        try (SyncWorld other = new SyncWorld(folder.resolve("other"))) {
            world.repository.commit("first");
            other.repository.commit("first");
            try (Schedule schedule = new Schedule("both", new Random(1))) {
                Sync here = world.sync(Mode.APPLY, Policy.STANDARD, History.TRUSTED, schedule);
                Sync there = other.sync(Mode.APPLY, Policy.STANDARD, History.TRUSTED, schedule);
                world.awaitData("a", "1");
                other.awaitData("a", "1");
                other.proxy.down();
                String head = "";
                for (int i = 2; i <= 4; i++) {
                    head = other.repository
                            .with("shop/a.yaml", configMap("a", "" + i))
                            .commit("there " + i);
                    world.repository.with("shop/a.yaml", configMap("a", "" + i)).commit("here " + i);
                    world.awaitData("a", "" + i);
                }
                other.await(SyncEvent.ClusterFailed.class, 1);
                assertThat(world.of(SyncEvent.ClusterFailed.class)).isEmpty();
                assertThat(other.data("a")).contains("1");
                int before = other.of(SyncEvent.Applied.class).size();

                other.proxy.up();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> other.data("a").equals(Optional.of("4")));

                await().until(() -> other.of(SyncEvent.Applied.class).size() > before);
                assertThat(other.of(SyncEvent.Applied.class)).hasSize(before + 1);
                assertThat(other.last(SyncEvent.Applied.class)
                                .outcome()
                                .plan()
                                .head()
                                .commit())
                        .isEqualTo(head);
                here.close();
                there.close();
            }
        }
    }

    private void atRest() {
        world.repository.commit("first");
        world.sync(Mode.APPLY, Policy.STANDARD);
        world.awaitData("a", "1");
        world.await(SyncEvent.Settled.class, 1);
    }

    private int requestsForIdentity() {
        return world.proxy.asked().split("GET /api/v1/namespaces/kube-system ", -1).length;
    }
}
