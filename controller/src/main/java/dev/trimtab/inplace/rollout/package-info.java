/**
 * Rollouts in place of Deployments, StatefulSets and DaemonSets. Comes in: a workload that carries a
 * {@link dev.trimtab.inplace.RolloutRecord}, and its pods. Goes out: patches of running pods, and the end of the record. All state is
 * in the cluster, and every decision is a pure function of it. Must not know Git.
 */
@NullMarked
package dev.trimtab.inplace.rollout;

import org.jspecify.annotations.NullMarked;
