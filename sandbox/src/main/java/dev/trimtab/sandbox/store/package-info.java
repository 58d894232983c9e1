/**
 * Objects in memory under one growing resource version, with the recent past kept for watches.
 * Knows nothing of kinds, validation or HTTP.
 */
@NullMarked
package dev.trimtab.sandbox.store;

import org.jspecify.annotations.NullMarked;
