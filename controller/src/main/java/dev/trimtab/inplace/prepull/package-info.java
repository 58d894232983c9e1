/**
 * New images are brought to the nodes before the first pod stops. Comes in: a workload whose pods are about to restart with other
 * images. Goes out: short-lived pods that pull these, and whether the workload's pods may be touched by now. All state is in the
 * cluster: the pull pods are the record. Must not know how a workload is rolled out.
 */
@NullMarked
package dev.trimtab.inplace.prepull;

import org.jspecify.annotations.NullMarked;
