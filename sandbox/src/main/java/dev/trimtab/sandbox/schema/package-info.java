/**
 * What the API server knows of the shape of objects: built-in kinds and custom resource definitions.
 * Comes in: tables of built-in types (resources beside this package), or a CRD's schema. Goes out:
 * {@link dev.trimtab.sandbox.schema.Type} trees.
 * Must not know how objects are stored or served.
 */
@NullMarked
package dev.trimtab.sandbox.schema;

import org.jspecify.annotations.NullMarked;
