/**
 * Notices that the cluster is no longer what was applied. Comes in: watches on managed objects. Goes out: keys to look
 * at again, what drifted and by whom, and when it may be put back. Must not know how drift is healed.
 */
@NullMarked
package dev.trimtab.drift;

import org.jspecify.annotations.NullMarked;
