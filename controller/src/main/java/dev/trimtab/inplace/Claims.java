package dev.trimtab.inplace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Whose the claims of a CloneSet are. One that is to be used again belongs to the set, one that is not belongs to its pod. A pod that
 * the set itself removes is given its claims first; one that is deleted by hand leaves them behind.
 */
final class Claims {

    private final CloneSetState state;

    Claims(CloneSetState state) {
        this.state = state;
    }

    /** Those of one pod, without claims that merely carry its label. */
    List<ClaimView> of(PodView pod) {
        return state.claims().stream()
                .filter(claim -> claim.instance().equals(pod.label(CloneSetKeys.INSTANCE_ID)))
                .filter(claim -> claim.ownedBy(state.cloneSet().uid()) || claim.ownedBy(pod.uid()))
                .toList();
    }

    /** Names of pods that are gone and whose claims wait to be used again. */
    Deque<String> leftBehind() {
        if (!state.cloneSet().reusesClaims()
                || state.cloneSet().claimTemplates().isEmpty()) {
            return new ArrayDeque<>();
        }
        Set<String> going = new HashSet<>();
        Set<String> instances = new TreeSet<>();
        orphans().forEach(claim -> (claim.deleting() ? going : instances).add(claim.instance()));
        // A pod would wait for ever for a claim that is being deleted.
        instances.removeAll(going);
        return new ArrayDeque<>(instances);
    }

    /** @param staying pods that are not removed by the same decision */
    List<Step> keep(Predicate<PodView> staying) {
        List<Step> steps = new ArrayList<>();
        boolean reuses = state.cloneSet().reusesClaims();
        for (PodView pod : state.pods()) {
            for (ClaimView claim : staying.test(pod) ? of(pod) : List.<ClaimView>of()) {
                if (reuses && !claim.ownedBy(state.cloneSet().uid())) {
                    steps.add(new Step.PatchClaim(claim, claim.keptFor(state.cloneSet(), pod)));
                } else if (!reuses && !claim.ownedBy(pod.uid())) {
                    steps.add(new Step.PatchClaim(claim, claim.givenTo(pod, state.cloneSet())));
                }
            }
        }
        if (!reuses) {
            orphans().stream()
                    .filter(claim -> !claim.deleting())
                    .forEach(claim -> steps.add(new Step.DeleteClaim(claim)));
        }
        return steps;
    }

    /** Ours, and of no pod that is there, be it on its way out. */
    private List<ClaimView> orphans() {
        return state.claims().stream()
                .filter(claim -> claim.ownedBy(state.cloneSet().uid()))
                .filter(claim ->
                        !claim.instance().isEmpty() && !state.instances().contains(claim.instance()))
                .toList();
    }
}
