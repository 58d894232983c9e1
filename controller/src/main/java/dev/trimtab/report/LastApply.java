package dev.trimtab.report;

import dev.trimtab.apply.Result;
import dev.trimtab.codes.Count;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.PodImpact.Effect;
import dev.trimtab.source.Revision;
import dev.trimtab.sync.SyncEvent;
import java.time.Duration;
import java.time.Instant;

/**
 * The last time that a sync wrote to its cluster.
 *
 * @param done changes that were made
 * @param failed changes that the server refused
 * @param restarted pods of the changes that were made that restart where they run
 * @param replaced pods of the changes that were made that others take the place of
 */
record LastApply(Revision revision, Instant at, Duration took, int done, int failed, int restarted, int replaced) {

    static LastApply of(SyncEvent.Applied event, Instant now) {
        int done = 0;
        int failed = 0;
        int restarted = 0;
        int replaced = 0;
        for (Change change : event.outcome().plan().changes()) {
            Result result = event.outcome().results().get(change.object());
            if (result instanceof Result.Applied || result instanceof Result.Deleted) {
                done++;
                Effect effect = change.pods().effect();
                restarted += effect == Effect.RESTART_IN_PLACE ? change.pods().count() : 0;
                replaced += effect == Effect.RECREATE ? change.pods().count() : 0;
            } else if (result instanceof Result.Failed) {
                failed++;
            }
        }
        return new LastApply(event.outcome().plan().head(), now, event.took(), done, failed, restarted, replaced);
    }

    /** What it did, in a few words. */
    String words() {
        return Count.of(done, "change") + " made"
                + (failed == 0 ? "" : ", " + failed + " failed")
                + (restarted == 0 ? "" : ", " + Count.of(restarted, "pod") + " restarted in place")
                + (replaced == 0 ? "" : ", " + Count.of(replaced, "pod") + " replaced");
    }
}
