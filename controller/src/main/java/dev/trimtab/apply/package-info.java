/**
 * Carries out a plan. Comes in: a {@link dev.trimtab.plan.Plan}. Goes out: an {@link dev.trimtab.apply.Outcome}.
 * Dependency order, inventory and prune guards live here. Must not know how it is shown.
 */
@NullMarked
package dev.trimtab.apply;

import org.jspecify.annotations.NullMarked;
