/**
 * What the cluster itself is told of a sync, for whoever asks with kubectl. Comes in: what a sync tells. Goes out: one status object a
 * sync, and Kubernetes Events on it and on the objects concerned. Must not know how a person reads them.
 */
@NullMarked
package dev.trimtab.report;

import org.jspecify.annotations.NullMarked;
