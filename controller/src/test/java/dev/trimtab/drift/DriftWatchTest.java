package dev.trimtab.drift;

import static dev.trimtab.drift.FakeWatch.CONFIG_MAP;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient.EventType;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.ResourceType;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DriftWatchTest {

    private static final String US = "trimtab-shop";
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final ObjectKey WEB = new ObjectKey("", "ConfigMap", Optional.of("shop"), "web");

    private final FakeWatch cluster = new FakeWatch();
    private final List<ObjectKey> suspects = new ArrayList<>();
    private final DriftWatch watch =
            new DriftWatch(cluster.client(), "shop", US, Clock.fixed(NOW, ZoneOffset.UTC), suspects::add);

    @BeforeEach
    void open() {
        watch.watch(Set.of(CONFIG_MAP));
    }

    @Test
    void onlyLabelledObjectsAreWatched() {
        assertThat(cluster.selectors).containsExactly("trimtab.dev/sync=shop");
    }

    @Test
    void objectThatNobodyConfirmedIsSuspectOnceWhateverItsStatusDoes() {
        cluster.play(EventType.ADDED, Metadata.of(US, "5"));
        cluster.play(EventType.MODIFIED, Metadata.of(US, "6"));
        cluster.play(EventType.MODIFIED, Metadata.of(US, "7"));

        assertThat(suspects).containsExactly(WEB);
        assertThat(watch.suspectSince(WEB)).contains(NOW);
    }

    @Test
    void objectIsConfirmedOnceTheWatchShowsItAsItWasConfirmed() {
        watch.confirm(WEB, Metadata.of(US, "5"));
        assertThat(watch.confirmed()).isEmpty();

        cluster.play(EventType.ADDED, Metadata.of(US, "5"));

        assertThat(watch.confirmed()).containsExactly(WEB);
        assertThat(suspects).isEmpty();
    }

    @Test
    void statusAndForeignFieldsNeverAskForALook() {
        confirmedAt("5");

        for (int version = 6; version < 50; version++) {
            ObjectNode churned = Metadata.of(US, Integer.toString(version));
            churned.withObject("/annotations").put("rev", Integer.toString(version));
            cluster.play(EventType.MODIFIED, churned);
        }

        assertThat(suspects).isEmpty();
        assertThat(watch.confirmed()).containsExactly(WEB);
    }

    @Test
    void changeOfOurFieldIsSuspectAtOnce() {
        confirmedAt("5");

        cluster.play(EventType.MODIFIED, Metadata.of(US, "6").put("generation", 8));

        assertThat(suspects).containsExactly(WEB);
        assertThat(watch.confirmed()).isEmpty();
        assertThat(watch.suspectSince(WEB)).contains(NOW);
    }

    @Test
    void deletionOrALostLabelIsSuspect() {
        confirmedAt("5");

        cluster.play(EventType.DELETED, Metadata.of(US, "6"));

        assertThat(suspects).containsExactly(WEB);
        assertThat(watch.confirmed()).isEmpty();
    }

    @Test
    void ownDeletionIsNotSuspect() {
        confirmedAt("5");

        watch.forget(WEB);
        cluster.play(EventType.DELETED, Metadata.of(US, "6"));

        assertThat(suspects).isEmpty();
    }

    @Test
    void readingThatTheWatchHasOvertakenConfirmsNothing() {
        confirmedAt("5");
        cluster.play(EventType.MODIFIED, Metadata.of(US, "9").put("generation", 8));
        suspects.clear();

        watch.confirm(WEB, Metadata.of(US, "7"));

        assertThat(watch.confirmed()).isEmpty();
        assertThat(suspects).containsExactly(WEB);
    }

    @Test
    void nothingIsConfirmedWhileTheWatchHasNotCaughtUp() {
        confirmedAt("5");

        cluster.synced = false;

        assertThat(watch.confirmed()).isEmpty();
    }

    @Test
    void typesNoLongerInUseAreClosedAndOthersKept() {
        ResourceType secrets = new ResourceType("", "v1", "Secret", "secrets", true, Set.of());
        watch.watch(Set.of(CONFIG_MAP, secrets));
        assertThat(cluster.open).containsOnlyKeys(CONFIG_MAP, secrets);
        assertThat(cluster.selectors).hasSize(2);

        watch.watch(Set.of(secrets));

        assertThat(cluster.open).containsOnlyKeys(secrets);
    }

    @Test
    void whatWasSeenBeforeAGapDoesNotCount() {
        confirmedAt("5");
        watch.watch(Set.of());
        assertThat(watch.confirmed()).isEmpty();

        watch.watch(Set.of(CONFIG_MAP));
        assertThat(watch.confirmed()).isEmpty();

        cluster.play(EventType.ADDED, Metadata.of(US, "6"));
        assertThat(watch.confirmed()).containsExactly(WEB);
    }

    private void confirmedAt(String version) {
        watch.confirm(WEB, Metadata.of(US, version));
        cluster.play(EventType.ADDED, Metadata.of(US, version));
        assertThat(watch.confirmed()).containsExactly(WEB);
    }
}
