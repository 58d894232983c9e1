/**
 * The documents of a cluster definition. Comes in: a {@link dev.trimtab.source.RepoTree}. Goes out: a
 * {@link dev.trimtab.definition.Definition}, each value with its file, line and column, and the problems found. Must not know clusters.
 */
@NullMarked
package dev.trimtab.definition;

import org.jspecify.annotations.NullMarked;
