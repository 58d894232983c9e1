/**
 * What it takes to make one machine a node of a cluster that is there. Comes in: the machine's rendered folder, facts about the
 * machine, facts about the cluster. Goes out: a {@link dev.trimtab.bootstrap.join.JoinPlan}, with every command that may be run.
 * Decisions only: must not know how a machine or a cluster is reached.
 */
@NullMarked
package dev.trimtab.bootstrap.join;

import org.jspecify.annotations.NullMarked;
