/**
 * Who decides what is right in a run of the conformance suite. Comes in: what is asked for and what the machine has. Goes out: one
 * running API server as a kubeconfig, or the reason why there is none. It knows nothing of the rules that are tested.
 */
@NullMarked
package dev.trimtab.sandbox.judge;

import org.jspecify.annotations.NullMarked;
