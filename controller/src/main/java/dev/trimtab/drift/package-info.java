/**
 * Notices that the cluster is no longer what was applied. Comes in: watches on managed objects, or a definition and an inventory. Goes
 * out: keys to look at again, what drifted and by whom, and when it may be put back; a report of one comparison. Must not know how drift
 * is healed.
 */
@NullMarked
package dev.trimtab.drift;

import org.jspecify.annotations.NullMarked;
