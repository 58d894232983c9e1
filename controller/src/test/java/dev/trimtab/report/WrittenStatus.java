package dev.trimtab.report;

import dev.trimtab.drift.Drift;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.source.Revision;
import dev.trimtab.sync.ClusterSync;
import dev.trimtab.sync.SyncStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Writes a status as a reporter does, for tests of those who read it. */
public final class WrittenStatus {

    private WrittenStatus() {}

    /** With a last apply where a revision was applied: three changes, one pod restarted. */
    public static void write(
            ClusterClient cluster, ClusterSync spec, SyncStatus status, List<Drift> drifts, Instant now) {
        write(cluster, spec, status, drifts, Optional.empty(), now);
    }

    /** @param handled the last wish to look now that is said to be followed */
    public static void write(
            ClusterClient cluster,
            ClusterSync spec,
            SyncStatus status,
            List<Drift> drifts,
            Optional<String> handled,
            Instant now) {
        Optional<LastApply> apply =
                status.lastApplied().map(revision -> apply(revision, now.minus(Duration.ofMinutes(5))));
        Standing standing =
                new Standing(spec, "https://git.example.com/shop.git", status, drifts, apply, handled, "1.2.3");
        new StatusObject(cluster, spec.name()).write(StatusJson.of(standing), now);
    }

    private static LastApply apply(Revision revision, Instant at) {
        return new LastApply(revision, at, Duration.ofMillis(420), 3, 0, 1, 0);
    }
}
