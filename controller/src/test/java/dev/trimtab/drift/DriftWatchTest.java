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
        assertThat(watch.sighting(WEB)).map(Sighting::since).contains(NOW);
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
        assertThat(watch.sighting(WEB)).map(Sighting::since).contains(NOW);
    }

    @Test
    void deletionOrALostLabelIsSuspect() {
        confirmedAt("5");

        cluster.play(EventType.DELETED, Metadata.of(US, "6"));

        assertThat(suspects).containsExactly(WEB);
        assertThat(watch.confirmed()).isEmpty();
    }

    @Test
    void deletedObjectHasDriftedSinceItWasFirstSuspect() {
        confirmedAt("5");
        cluster.play(EventType.MODIFIED, Metadata.of(US, "6").put("generation", 8));

        cluster.play(EventType.DELETED, Metadata.of(US, "7"));

        assertThat(suspects).containsExactly(WEB, WEB);
        assertThat(watch.sighting(WEB)).contains(new Sighting(NOW, "", Optional.empty()));
    }

    /** Nothing of ours moves when somebody changes a field back that was taken from us. */
    @Test
    void contestedFieldIsWatchedAlthoughOthersOwnIt() {
        confirmedAt("5");
        cluster.play(EventType.MODIFIED, taken("6", "2026-11-21T10:00:05Z"));
        watch.contest(WEB, Set.of("data[a]"), watch.sighting(WEB).orElseThrow());
        suspects.clear();

        cluster.play(EventType.MODIFIED, taken("7", "2026-11-21T10:00:05Z").put("note", "status moved"));
        assertThat(suspects).isEmpty();
        cluster.play(EventType.MODIFIED, taken("8", "2026-11-21T10:00:09Z"));

        assertThat(suspects).containsExactly(WEB);
    }

    @Test
    void toleratedObjectIsConfirmedUntilItsContestedFieldMoves() {
        confirmedAt("5");
        cluster.play(EventType.MODIFIED, taken("6", "2026-11-21T10:00:05Z"));
        watch.contest(WEB, Set.of("data[a]"), watch.sighting(WEB).orElseThrow());
        suspects.clear();

        watch.tolerate(WEB, watch.sighting(WEB).orElseThrow());
        assertThat(watch.confirmed()).containsExactly(WEB);
        cluster.play(EventType.MODIFIED, taken("9", "2026-11-21T10:00:30Z"));

        assertThat(watch.confirmed()).isEmpty();
        assertThat(suspects).containsExactly(WEB);
    }

    @Test
    void sightThatTheWatchHasOvertakenIsNotTolerated() {
        confirmedAt("5");
        cluster.play(EventType.MODIFIED, taken("6", "2026-11-21T10:00:05Z"));
        Sighting before = watch.sighting(WEB).orElseThrow();
        cluster.play(EventType.MODIFIED, taken("7", "2026-11-21T10:00:07Z"));
        suspects.clear();

        watch.tolerate(WEB, before);

        assertThat(watch.confirmed()).isEmpty();
        assertThat(suspects).containsExactly(WEB);
    }

    private static ObjectNode taken(String version, String time) {
        ObjectNode metadata = Metadata.of(US, version);
        ((ObjectNode) metadata.at("/managedFields/0/fieldsV1")).remove("f:data");
        ObjectNode theirs = Metadata.entry(metadata, "kubectl-edit", "f:data");
        theirs.withObject("/f:data").putObject("f:a");
        ((ObjectNode) metadata.at("/managedFields/1"))
                .put("operation", "Update")
                .put("time", time);
        return metadata;
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
