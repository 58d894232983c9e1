package dev.trimtab.report;

import dev.trimtab.drift.Drift;
import dev.trimtab.sync.ClusterSync;
import dev.trimtab.sync.SyncStatus;
import java.util.List;
import java.util.Optional;

/**
 * All that is said of a sync at one moment.
 *
 * @param repository as it may be shown: without credentials
 * @param drifts what stands otherwise than in Git, ordered by object
 * @param lastApply empty when this process has applied nothing
 * @param handled the last wish to look now that was followed, in the words it was told by
 * @param version of Trimtab
 */
record Standing(
        ClusterSync spec,
        String repository,
        SyncStatus status,
        List<Drift> drifts,
        Optional<LastApply> lastApply,
        Optional<String> handled,
        String version) {

    Standing {
        drifts = List.copyOf(drifts);
    }
}
