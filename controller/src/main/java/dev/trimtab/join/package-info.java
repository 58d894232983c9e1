/**
 * Carries out a {@link dev.trimtab.bootstrap.join.JoinPlan}: machines over SSH on one side, the cluster on the other. Comes in: a
 * definition, machines, a cluster. Goes out: a {@link dev.trimtab.join.JoinResult} for each machine. A station of its own, since
 * {@code bootstrap} must not know clusters; only a command that a person runs uses it, never the controller.
 */
@NullMarked
package dev.trimtab.join;

import org.jspecify.annotations.NullMarked;
