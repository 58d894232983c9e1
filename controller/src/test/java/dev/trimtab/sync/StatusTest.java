package dev.trimtab.sync;

import static dev.trimtab.sync.SyncWorld.configMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.sync.ClusterSync.Mode;
import dev.trimtab.sync.SyncStatus.Counts;
import dev.trimtab.sync.SyncStatus.Truth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The status says how a sync stands, and is told when it changes. */
@Timeout(60)
class StatusTest {

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
    void readyNamesTheRevisionAndCountsTheObjects() {
        String commit = world.repository.commit("first");
        world.sync(Mode.APPLY, Policy.STANDARD);

        SyncStatus status = await(now -> now.ready().truth() == Truth.TRUE);

        assertThat(status.lastApplied())
                .hasValueSatisfying(last -> assertThat(last.commit()).isEqualTo(commit));
        assertThat(status.observed()).isEqualTo(status.lastApplied());
        assertThat(status.reconciling().truth()).isEqualTo(Truth.FALSE);
        assertThat(status.stalled().truth()).isEqualTo(Truth.FALSE);
        assertThat(status.counts()).isEqualTo(new Counts(2, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void whatCannotBeReadIsStalledAndTheLastGoodRevisionStaysApplied() {
        String good = world.repository.commit("first");
        world.sync(Mode.APPLY, Policy.STANDARD);
        await(now -> now.ready().truth() == Truth.TRUE);
        world.repository.with("shop/b.yaml", "kind: [\n").commit("broken");

        SyncStatus status = await(now -> now.stalled().truth() == Truth.TRUE);

        assertThat(status.stalled().reason()).isEqualTo("DefinitionRefused");
        assertThat(status.ready().truth()).isEqualTo(Truth.FALSE);
        assertThat(status.ready().message()).contains("b.yaml:");
        assertThat(status.lastApplied())
                .hasValueSatisfying(last -> assertThat(last.commit()).isEqualTo(good));

        world.repository.without("shop/b.yaml").commit("mended");
        await(now -> now.ready().truth() == Truth.TRUE && now.stalled().truth() == Truth.FALSE);
    }

    @Test
    void anObjectThatTheServerRefusesIsStalledAndNamed() {
        world.repository
                .with(
                        "shop/bad.yaml",
                        "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: shop}\nspec: {port: 1}\n")
                .commit("first");
        world.sync(Mode.APPLY, Policy.STANDARD);

        SyncStatus status = await(now ->
                now.ready().reason().equals("ObjectsFailed") && now.stalled().truth() == Truth.TRUE);

        assertThat(status.ready().message()).contains("Service shop/s");
        assertThat(status.counts().failed()).isEqualTo(1);
        assertThat(world.data("a")).as("the rest is applied").contains("1");
    }

    @Test
    void whatWaitsForAPersonIsNotReadyWithTheSameReasonEachTime() {
        world.repository.commit("first");
        world.sync(Mode.PLAN, Policy.STANDARD);

        SyncStatus status = await(now -> !now.holds().isEmpty());

        assertThat(status.ready().truth()).isEqualTo(Truth.FALSE);
        assertThat(status.ready().reason()).isEqualTo("NotApproved");
        assertThat(status.reconciling().truth()).isEqualTo(Truth.FALSE);
        assertThat(status.counts().held()).isEqualTo(2);
        String plan = status.heldPlan().orElseThrow();
        world.control().approve(plan, "ada", false);
        SyncStatus ready = await(now -> now.ready().truth() == Truth.TRUE);
        assertThat(ready.holds()).isEmpty();
        assertThat(ready.heldPlan()).isEmpty();
        assertThat(ready.ready().since()).isAfterOrEqualTo(status.ready().since());
    }

    @Test
    void observedDriftIsNotReadyUntilItIsGone() {
        world.repository.commit("first");
        Sync first = world.sync(Mode.APPLY, Policy.STANDARD);
        await(now -> now.ready().truth() == Truth.TRUE);
        first.close();
        world.sync(Mode.OBSERVE, Policy.STANDARD);
        await(now -> now.ready().truth() == Truth.TRUE);

        world.edit("a", "by hand");
        SyncStatus drifted = await(now -> now.ready().reason().equals("Drifted"));
        assertThat(drifted.counts().drifted()).isEqualTo(1);
        assertThat(drifted.ready().message()).isEqualTo("1 object is other than Git says");
        assertThat(drifted.reconciling().truth()).isEqualTo(Truth.FALSE);

        world.applyAsTheSync("a", "1");
        await(now -> now.ready().truth() == Truth.TRUE);
    }

    @Test
    void aHeldSyncAtRestAsksTheServerForNothing() {
        world.repository.with("shop/b.yaml", configMap("b", "1")).commit("first");
        world.sync(Mode.PLAN, Policy.STANDARD);
        await(now -> !now.holds().isEmpty());
        Awaiting quiet = new Awaiting();
        Awaitility.await().until(quiet::still);

        int asked = world.proxy.asked().length();
        for (int i = 0; i < 3; i++) {
            world.repository.with("README.md", "prose " + i).commit("prose " + i);
            world.await(SyncEvent.OutsidePath.class, i + 1);
        }

        assertThat(world.proxy.asked().substring(asked)).isEmpty();
    }

    /** No request for as long as two looks take. */
    private final class Awaiting {
        private int length = -1;

        boolean still() {
            int now = world.proxy.asked().length();
            boolean still = now == length;
            length = now;
            return still;
        }
    }

    private SyncStatus await(Predicate<SyncStatus> wanted) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> !world.of(SyncEvent.StatusChanged.class).isEmpty()
                        && wanted.test(world.last(SyncEvent.StatusChanged.class).status()));
        return world.last(SyncEvent.StatusChanged.class).status();
    }
}
