package dev.trimtab.apply;

import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Plan;
import dev.trimtab.render.Desired;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** When deletes wait for a person, or for the rest of the revision. */
final class PruneGuards {

    private PruneGuards() {}

    /**
     * @param managed what earlier revisions put into the cluster
     * @param results of the creates and patches of this plan
     * @return why no delete of this plan may go on; empty when they may
     */
    static Optional<Result.Held> hold(
            Plan plan,
            Collection<Change> deletes,
            Desired desired,
            Set<ObjectKey> managed,
            String syncName,
            Collection<Result> results) {
        if (deletes.isEmpty()) {
            return Optional.empty();
        }
        String byHand = "; if that is meant, delete them with kubectl, selected by -l " + Ownership.selector(syncName);
        if (desired.objects().isEmpty()) {
            return held(
                    ApplyCode.EMPTY_SET,
                    "Git holds no object any more and " + managed.size()
                            + " are in the cluster; put the files or the path right" + byHand);
        }
        Set<ObjectKey> namespaces =
                managed.stream().filter(PruneGuards::isNamespace).collect(Collectors.toSet());
        Set<ObjectKey> going = deletes.stream().map(Change::object).collect(Collectors.toSet());
        if (namespaces.size() > 1 && going.containsAll(namespaces)) {
            return held(
                    ApplyCode.ALL_NAMESPACES,
                    "all " + namespaces.size() + " namespaces are gone from Git at once; put the files back" + byHand);
        }
        long unwell = results.stream()
                        .filter(result -> !(result instanceof Result.Applied))
                        .count()
                + plan.problems().size();
        return unwell == 0
                ? Optional.empty()
                : held(
                        ApplyCode.WAITING_FOR_APPLY,
                        "waits until " + unwell + " other object" + (unwell == 1 ? " is" : "s are") + " applied");
    }

    private static boolean isNamespace(ObjectKey key) {
        return key.group().isEmpty() && key.kind().equals("Namespace");
    }

    private static Optional<Result.Held> held(ApplyCode code, String text) {
        return Optional.of(new Result.Held(code, text));
    }
}
