/**
 * Runs the stations for one source and one cluster. Comes in: a {@link dev.trimtab.sync.ClusterSync}. Goes out:
 * {@link dev.trimtab.sync.SyncEvent}s. Schedules only enqueue; one thread a sync does the work. Must not know HTTP or how
 * anything is shown.
 */
@NullMarked
package dev.trimtab.sync;

import org.jspecify.annotations.NullMarked;
