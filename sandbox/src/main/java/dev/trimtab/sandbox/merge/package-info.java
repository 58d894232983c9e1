/**
 * How one object becomes the next: server-side apply with field ownership, and the three kinds of patch.
 * Comes in: the live object, what a client sent, who it is and when. Goes out: the next object, or why not.
 * Pure functions of JSON and a {@link dev.trimtab.sandbox.schema.Type}; no store, no HTTP, no clock of their own.
 */
@NullMarked
package dev.trimtab.sandbox.merge;

import org.jspecify.annotations.NullMarked;
