/**
 * Git repositories as bare object databases. Comes in: a repository, a ref, credentials. Goes out: a
 * {@link dev.trimtab.source.Revision} and a {@link dev.trimtab.source.RepoTree}. Nothing is ever checked out. Must not know Kubernetes.
 */
@NullMarked
package dev.trimtab.source;

import org.jspecify.annotations.NullMarked;
