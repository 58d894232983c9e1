/**
 * What the cluster should hold. Comes in: a {@link dev.trimtab.definition.Definition}. Goes out:
 * {@link dev.trimtab.render.Desired} objects with origin, digest and dependencies. Must not know live state.
 */
@NullMarked
package dev.trimtab.render;

import org.jspecify.annotations.NullMarked;
