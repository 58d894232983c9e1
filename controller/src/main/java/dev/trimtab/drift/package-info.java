/**
 * Notices that the cluster is no longer what was applied. Comes in: watches on managed objects. Goes out: keys to look
 * at again. Must not know how drift is healed.
 */
@NullMarked
package dev.trimtab.drift;

import org.jspecify.annotations.NullMarked;
