/**
 * What machines need to become nodes. Comes in: a {@link dev.trimtab.definition.Definition}. Goes out: a
 * {@link dev.trimtab.bootstrap.FileTree}, the same to the byte for the same definition and without a secret. Must not know clusters.
 */
@NullMarked
package dev.trimtab.bootstrap;

import org.jspecify.annotations.NullMarked;
