/**
 * What would change, and what that does to running pods. Comes in: desired and live objects. Goes out: a
 * {@link dev.trimtab.plan.Plan}. Also tells where a definition contradicts the cluster that it is for. Must not know how it is shown.
 */
@NullMarked
package dev.trimtab.plan;

import org.jspecify.annotations.NullMarked;
