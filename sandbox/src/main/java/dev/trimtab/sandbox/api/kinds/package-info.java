/**
 * What is special about each kind: defaults, what admission adds, validation, and which fields may not change.
 * Comes in: an object as a client wrote it. Goes out: the object as the API server stores it, or the causes of a 422.
 * Must not know HTTP or the store.
 */
@NullMarked
package dev.trimtab.sandbox.api.kinds;

import org.jspecify.annotations.NullMarked;
