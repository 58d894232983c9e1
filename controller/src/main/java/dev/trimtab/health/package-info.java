/**
 * Whether an object works, told by the object alone. Comes in: a live object. Goes out: a {@link dev.trimtab.health.Health}, a
 * pure function of it. Must not know a cluster, Git, or who waits.
 */
@NullMarked
package dev.trimtab.health;

import org.jspecify.annotations.NullMarked;
