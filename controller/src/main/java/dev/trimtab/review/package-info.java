/**
 * How plans, outcomes and problems are told: terminal text and JSON. Comes in: a {@link dev.trimtab.plan.Plan}, an
 * {@link dev.trimtab.apply.Outcome}, problems. Goes out: text. Must not know how any of it was made.
 */
@NullMarked
package dev.trimtab.review;

import org.jspecify.annotations.NullMarked;
