package dev.trimtab.sync;

import dev.trimtab.drift.Drift;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What of a sync can be measured at any moment.
 *
 * @param fetched when its repository last answered
 * @param compared up to when it is known how its cluster stands to Git, as a whole
 * @param applying whether it is writing to the cluster
 * @param drifts what stands otherwise than in Git
 */
public record SyncFigures(Optional<Instant> fetched, Optional<Instant> compared, boolean applying, List<Drift> drifts) {

    public SyncFigures {
        drifts = List.copyOf(drifts);
    }
}
