/**
 * The {@code LocalApi} of a real cluster, so that the stand-in nodes and kubelets can serve a control plane that has none. Comes
 * in: a kubeconfig. Goes out: the same verbs, events and Status bodies as in the sandbox. It knows nothing of the sandbox's own
 * API server.
 */
@NullMarked
package dev.trimtab.sandbox.remote;

import org.jspecify.annotations.NullMarked;
