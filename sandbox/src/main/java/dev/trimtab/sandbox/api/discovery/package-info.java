/**
 * The documents by which clients find out what is served: groups, versions, resources, OpenAPI.
 * Comes in: the catalog. Goes out: JSON. Must not know HTTP or the store.
 */
@NullMarked
package dev.trimtab.sandbox.api.discovery;

import org.jspecify.annotations.NullMarked;
