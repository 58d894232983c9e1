/**
 * What a cluster that was built by hand becomes. Comes in: a kubeadm configuration, a Kuboard agent's manifests, or what was read of a
 * running cluster, as JSON. Goes out: an {@link dev.trimtab.bootstrap.intake.Imported}: documents of a definition without secrets,
 * the secrets apart from them, and findings. Must not know clusters.
 */
@NullMarked
package dev.trimtab.bootstrap.intake;

import org.jspecify.annotations.NullMarked;
