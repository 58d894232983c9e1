/**
 * One cluster as raw JSON: discovery, reads, watches, server-side apply, dry-run, patches, deletes with preconditions,
 * field ownership and error classes. Comes in: a kubeconfig. Goes out: Jackson trees. Must not know Git.
 */
@NullMarked
package dev.trimtab.kube;

import org.jspecify.annotations.NullMarked;
