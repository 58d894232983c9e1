package dev.trimtab.sync;

import static dev.trimtab.sync.SyncWorld.configMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.trimtab.apply.ApplyCode;
import dev.trimtab.apply.Guards;
import dev.trimtab.apply.Guards.Budget;
import dev.trimtab.sync.ClusterSync.Mode;
import dev.trimtab.sync.Window.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What holds a sync back is told, and what releases it is heard. */
@Timeout(60)
class HoldingTest {

    private static final Policy NO_DELETES = new Policy(
            new Guards(new Budget(OptionalInt.of(0), OptionalInt.empty()), Budget.UNLIMITED, Set.of()),
            Windows.ALWAYS,
            Optional.empty());

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
    void modePlanAppliesExactlyTheApprovedPlanAndHoldsTheNext() {
        world.repository.commit("first");
        world.sync(Mode.PLAN, Policy.STANDARD);
        SyncEvent.Held first = world.await(SyncEvent.Held.class, 1);
        assertThat(first.holds()).singleElement().satisfies(hold -> {
            assertThat(hold.code()).isEqualTo(HoldCode.NOT_APPROVED);
            assertThat(hold.approvable()).isTrue();
            assertThat(hold.objects()).hasSize(2);
        });
        assertThat(world.find("a")).isEmpty();

        // A plan that nobody has seen is made in the meantime: the approval is for the old one.
        world.repository.with("shop/a.yaml", configMap("a", "2")).commit("second");
        SyncEvent.Held second = world.await(SyncEvent.Held.class, 2);
        world.control().approve(first.plan().id(), "ada", false);
        SyncEvent.Held third = world.await(SyncEvent.Held.class, 3);
        assertThat(third.plan().id()).isEqualTo(second.plan().id());
        assertThat(third.holds().get(0).text()).contains(first.plan().id(), "another plan");
        assertThat(world.find("a")).isEmpty();

        world.control().approve(second.plan().id(), "ada", false);
        world.awaitData("a", "2");
        world.await(SyncEvent.Released.class, 1);

        // Once is once: the same edit, healed by approval, does not heal itself the next time.
        world.edit("a", "by hand");
        SyncEvent.Held drift = world.await(SyncEvent.Held.class, 4);
        world.control().approve(drift.plan().id(), "ada", false);
        world.awaitData("a", "2");
        world.edit("a", "by hand");
        SyncEvent.Held again = world.await(SyncEvent.Held.class, 5);
        assertThat(again.plan().id()).isEqualTo(drift.plan().id());
        assertThat(world.data("a")).contains("by hand");
    }

    @Test
    void anotherPodNetworkIsHeldWhileTheRestGoesOnUntilSomebodyApproves() {
        world.repository.with("shop/net.yaml", network("vxlan")).commit("first");
        world.sync(Mode.APPLY, Policy.STANDARD);
        await().until(() -> world.find("net").isPresent());
        world.repository
                .with("shop/net.yaml", network("host-gw"))
                .with("shop/a.yaml", configMap("a", "2"))
                .commit("second");

        SyncEvent.Held held = world.await(SyncEvent.Held.class, 1);

        world.awaitData("a", "2");
        assertThat(held.holds()).singleElement().satisfies(hold -> {
            assertThat(hold.code()).isEqualTo(ApplyCode.DANGER_CONSENT);
            assertThat(hold.text()).contains("backend vxlan -> host-gw", "NET001", "or approve the plan");
            assertThat(hold.approvable()).isTrue();
        });
        assertThat(world.find("net").orElseThrow().toString()).contains("vxlan");
        world.control().approve(held.plan().id(), "ada", false);
        await().until(() -> world.find("net").orElseThrow().toString().contains("host-gw"));
        world.await(SyncEvent.Released.class, 1);
    }

    private static String network(String backend) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: shop, name: net}\ndata: {net-conf.json: '{\"Network\": "
                + "\"10.244.0.0/16\", \"Backend\": {\"Type\": \"" + backend + "\"}}'}\n";
    }

    @Test
    void whatAGuardHoldsIsReleasedByAnApprovalOfWhatIsLeft() {
        world.repository.with("shop/b.yaml", configMap("b", "1")).commit("first");
        world.sync(Mode.APPLY, NO_DELETES);
        world.awaitData("b", "1");
        world.repository
                .with("shop/a.yaml", configMap("a", "2"))
                .without("shop/b.yaml")
                .commit("second");

        SyncEvent.Held held = world.await(SyncEvent.Held.class, 1);

        assertThat(world.data("a")).as("the rest goes on").contains("2");
        assertThat(held.holds()).singleElement().satisfies(hold -> {
            assertThat(hold.code()).isEqualTo(ApplyCode.DELETE_BUDGET);
            assertThat(hold.objects()).hasSize(1);
        });
        assertThat(held.plan().changes())
                .as("the plan to approve is what is left")
                .hasSize(1);
        world.control().approve(held.plan().id(), "ada", false);
        await().until(() -> world.find("b").isEmpty());
        world.await(SyncEvent.Released.class, 1);
    }

    @Test
    void putBackFilesReleaseWithoutADelete() {
        world.repository.with("shop/b.yaml", configMap("b", "1")).commit("first");
        world.sync(Mode.APPLY, NO_DELETES);
        world.awaitData("b", "1");
        String uid = world.find("b").orElseThrow().at("/metadata/uid").asText();
        world.repository.without("shop/b.yaml").commit("second");
        world.await(SyncEvent.Held.class, 1);

        world.repository.with("shop/b.yaml", configMap("b", "1")).commit("third");

        world.await(SyncEvent.Released.class, 1);
        assertThat(world.find("b").orElseThrow().at("/metadata/uid").asText()).isEqualTo(uid);
    }

    @Test
    void aSuspendedSyncTellsDriftAndCommitsAndWritesNothingUntilItIsResumed() {
        world.repository.commit("first");
        world.sync(Mode.APPLY, Policy.STANDARD);
        world.awaitData("a", "1");

        world.control().suspend(new Suspension("an incident", "ada", Optional.empty()));
        world.await(SyncEvent.Held.class, 1);
        world.edit("a", "by hand");
        assertThat(world.await(SyncEvent.DriftFound.class, 1).healing()).isFalse();
        world.repository.with("shop/b.yaml", configMap("b", "1")).commit("second");
        await().until(() ->
                world.last(SyncEvent.Held.class).holds().get(0).objects().size() == 2);
        Hold hold = world.last(SyncEvent.Held.class).holds().get(0);
        assertThat(hold.code()).isEqualTo(HoldCode.SUSPENDED);
        assertThat(hold.text()).contains("ada", "an incident");
        assertThat(hold.approvable()).isFalse();
        assertThat(world.data("a")).contains("by hand");
        assertThat(world.find("b")).isEmpty();

        world.control().resume();
        world.awaitData("a", "1");
        world.awaitData("b", "1");
        world.await(SyncEvent.Released.class, 1);
    }

    @Test
    void aSuspensionIsKnownToANewProcessBeforeItsFirstWriteAndEndsInItsTime() {
        world.control()
                .suspend(new Suspension(
                        "over night", "ada", Optional.of(world.clock.instant().plus(Duration.ofHours(8)))));
        world.repository.commit("first");
        world.sync(Mode.APPLY, Policy.STANDARD);
        world.await(SyncEvent.Held.class, 1);
        assertThat(world.find("a")).isEmpty();

        world.clock.advance(Duration.ofHours(8));

        world.awaitData("a", "1");
    }

    @Test
    void aSuspensionInTheClusterSyncHoldsToo() {
        Instant end = world.clock.instant().plus(Duration.ofHours(1));
        world.repository.commit("first");
        world.sync(
                Mode.APPLY,
                new Policy(
                        Guards.STANDARD,
                        Windows.ALWAYS,
                        Optional.of(new Suspension("migration", "", Optional.of(end)))));
        assertThat(world.await(SyncEvent.Held.class, 1).holds().get(0).until()).contains(end);

        world.clock.advance(Duration.ofHours(1));

        world.awaitData("a", "1");
    }

    @Test
    void nothingIsWrittenOutsideTheWindowAndWhatWaitedGoesOnWhenItOpens() {
        world.clock.set("2026-11-24T12:00:00Z");
        Windows nights = new Windows(List.of(
                new Window(Kind.ALLOW, CronSchedule.parse("0 22 * * *"), Duration.ofHours(8), ZoneId.of("UTC"))));
        world.repository.commit("first");
        world.sync(Mode.APPLY, new Policy(Guards.STANDARD, nights, Optional.empty()));
        Hold hold = world.await(SyncEvent.Held.class, 1).holds().get(0);
        assertThat(hold.code()).isEqualTo(HoldCode.WINDOW);
        assertThat(hold.until()).contains(Instant.parse("2026-11-24T22:00:00Z"));
        assertThat(world.find("a")).isEmpty();

        world.clock.set("2026-11-24T22:00:01Z");
        world.awaitData("a", "1");

        world.clock.set("2026-11-25T06:00:00Z");
        world.edit("a", "by hand");
        assertThat(world.await(SyncEvent.DriftFound.class, 1).healing()).isFalse();
        assertThat(world.data("a")).contains("by hand");
    }

    @Test
    void anApprovalMayOverrideWindowsWhenItSaysSo() {
        world.clock.set("2026-11-24T12:00:00Z");
        Windows never = new Windows(List.of(
                new Window(Kind.DENY, CronSchedule.parse("0 0 * * *"), Duration.ofHours(24), ZoneId.of("UTC"))));
        world.repository.commit("first");
        world.sync(Mode.APPLY, new Policy(Guards.STANDARD, never, Optional.empty()));
        SyncEvent.Held held = world.await(SyncEvent.Held.class, 1);

        world.control().approve(held.plan().id(), "ada", true);

        world.awaitData("a", "1");
    }

    @Test
    void aRewrittenHistoryIsHeldUntilApproved() {
        String first = world.repository.commit("first");
        world.sync(Mode.APPLY, Policy.STANDARD);
        world.awaitData("a", "1");
        world.repository.with("shop/a.yaml", configMap("a", "2")).rewrite("another history");

        SyncEvent.Held held = world.await(SyncEvent.Held.class, 1);

        assertThat(held.holds()).singleElement().satisfies(hold -> {
            assertThat(hold.code()).isEqualTo(HoldCode.HISTORY_REWRITTEN);
            assertThat(hold.text()).contains(first.substring(0, 7));
        });
        assertThat(world.data("a")).contains("1");
        world.control().approve(held.plan().id(), "ada", false);
        world.awaitData("a", "2");
    }

    @Test
    void reconcileNowLooksAtOnceAndHardComparesEverything() {
        world.repository.commit("first");
        world.sync(Mode.OBSERVE, Policy.STANDARD);
        world.await(SyncEvent.Planned.class, 1);
        int before = world.of(SyncEvent.Planned.class).size();
        world.control().requestReconcile(world.clock.instant(), true);
        world.repository.with("shop/a.yaml", configMap("a", "2")).commit("second");
        world.await(SyncEvent.Planned.class, before + 1);
        assertThat(world.of(SyncEvent.Broken.class)).isEmpty();
    }
}
