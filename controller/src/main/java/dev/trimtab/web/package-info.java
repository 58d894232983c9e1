/**
 * What others ask over HTTP. Comes in: requests of forges. Goes out: wishes to the syncs, which decide themselves what to do. Must not
 * read a repository or a cluster.
 */
@NullMarked
package dev.trimtab.web;

import org.jspecify.annotations.NullMarked;
