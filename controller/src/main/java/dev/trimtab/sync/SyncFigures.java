package dev.trimtab.sync;

import dev.trimtab.drift.Drift;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What of a sync can be measured at any moment.
 *
 * @param fetched when its repository last answered
 * @param compared up to when it is known how its cluster stands to Git, as a whole
 * @param applying whether it is writing to the cluster
 * @param drifts what stands otherwise than in Git
 * @param alive whether it was started and works on
 * @param retries how often something failed that is tried again, by what failed; every reason is there
 */
public record SyncFigures(
        Optional<Instant> fetched,
        Optional<Instant> compared,
        boolean applying,
        List<Drift> drifts,
        boolean alive,
        Backlog backlog,
        Map<RetryReason, Long> retries) {

    public SyncFigures {
        drifts = List.copyOf(drifts);
        retries = Map.copyOf(retries);
    }
}
