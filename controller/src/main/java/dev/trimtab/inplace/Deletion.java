package dev.trimtab.inplace;

import java.util.Optional;

/** How a pod is removed: at once, or, where a hook holds it, when that is off. */
final class Deletion {

    private Deletion() {}

    /**
     * The next step; empty while the hook is on.
     *
     * @param forGood it is to be replaced, also when there turn out to be too few pods
     */
    static Optional<Step> of(CloneSetState state, PodView pod, boolean forGood, String why) {
        Lifecycle lifecycle = state.cloneSet().lifecycle();
        if (!lifecycle.preDelete().holds(pod)) {
            return Optional.of(new Step.DeletePod(pod, new Claims(state).of(pod), why));
        }
        if (!pod.preparingDelete()) {
            return Optional.of(Lifecycle.prepareDelete(pod, forGood, state.now(), why));
        }
        if (lifecycle.keepsOut(pod) && pod.gated() && !pod.gateClosed()) {
            return Optional.of(new Step.PatchStatus(pod, PodPatch.closeGate(pod, state.now()), why));
        }
        return Optional.empty();
    }
}
