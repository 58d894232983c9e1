/**
 * Running pods changed where they run. Comes in: two pod templates, or a workload and its pods. Goes out: a
 * {@link dev.trimtab.inplace.Verdict} (a pure function) and rollouts whose state lives in the cluster. Must not know Git.
 */
@NullMarked
package dev.trimtab.inplace;

import org.jspecify.annotations.NullMarked;
