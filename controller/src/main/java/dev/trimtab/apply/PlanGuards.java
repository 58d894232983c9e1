package dev.trimtab.apply;

import dev.trimtab.codes.Count;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Operation;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.plan.Risk;
import dev.trimtab.render.Desired;
import dev.trimtab.render.DesiredObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which changes of a plan wait for a person, or for the rest of the revision. */
final class PlanGuards {

    /** Kinds whose protection ends with their last pod. */
    private static final Set<String> WHILE_PODS_RUN = Set.of("StatefulSet", "CloneSet");

    private PlanGuards() {}

    /**
     * What must not be done without a person's word. A guard that looks at the whole plan holds all changes of its sort, not some of
     * them: which would those be?
     *
     * @param managed what earlier revisions put into the cluster
     */
    static Map<ObjectKey, Result.Held> holds(Plan plan, Desired desired, Set<ObjectKey> managed, Guards guards) {
        Map<ObjectKey, Result.Held> holds = new TreeMap<>();
        List<Change> deletes = plan.changes().stream()
                .filter(change -> change.operation() == Operation.DELETE)
                .toList();
        for (Change change : deletes) {
            if (isProtected(change, guards)) {
                holds.put(change.object(), new Result.Held(ApplyCode.PROTECTED, protection(change)));
            }
        }
        deletesAtOnce(deletes, desired, managed, guards)
                .ifPresent(held -> deletes.forEach(change -> holds.put(change.object(), held)));
        for (Change change : plan.changes()) {
            if (change.operation().recreates() && !consented(change, desired)) {
                holds.put(
                        change.object(),
                        new Result.Held(
                                ApplyCode.RECREATE_CONSENT,
                                "immutable: "
                                        + String.join(", ", change.reason().fields()) + "; needs consent: "
                                        + Ownership.RECREATE_ADVICE));
            }
        }
        for (Change change : plan.changes()) {
            danger(change).ifPresent(held -> holds.put(change.object(), held));
        }
        List<Change> recreates = plan.changes().stream()
                .filter(change -> change.action() == Action.RECREATE
                        && (!change.operation().recreates() || change.pods().count() > 0))
                .toList();
        int workloads = (int)
                desired.objects().values().stream().filter(PlanGuards::runsPods).count();
        if (recreates.size() > guards.recreates().of(workloads)) {
            Result.Held held = new Result.Held(
                    ApplyCode.RECREATE_BUDGET,
                    "the plan recreates " + recreates.size() + " of " + workloads + " workloads and may recreate "
                            + guards.recreates().of(workloads) + " without a person's word");
            recreates.forEach(change -> holds.putIfAbsent(change.object(), held));
        }
        return holds;
    }

    /**
     * Deletes come last: a file that was renamed by a commit that fails halfway must not cost what it renamed.
     *
     * @param results of the creates and patches of this plan
     */
    static Optional<Result.Held> waiting(Plan plan, Collection<Result> results) {
        long unwell = results.stream()
                        .filter(result -> !(result instanceof Result.Applied))
                        .count()
                + plan.problems().stream()
                        .filter(problem -> problem.code() != PlanCode.LEAVING)
                        .count();
        return unwell == 0
                ? Optional.empty()
                : held(ApplyCode.WAITING_FOR_APPLY, "waits until " + Count.are(unwell, "other object") + " applied");
    }

    private static Optional<Result.Held> deletesAtOnce(
            List<Change> deletes, Desired desired, Set<ObjectKey> managed, Guards guards) {
        if (deletes.isEmpty()) {
            return Optional.empty();
        }
        if (desired.objects().isEmpty()) {
            return held(
                    ApplyCode.EMPTY_SET,
                    "Git holds no object any more and " + Count.are(managed.size(), "object")
                            + " in the cluster; put the files or the path right if that is not meant");
        }
        Set<ObjectKey> namespaces = Stream.concat(managed.stream(), desired.objects().keySet().stream())
                .filter(PlanGuards::isNamespace)
                .collect(Collectors.toSet());
        Set<ObjectKey> going = deletes.stream().map(Change::object).collect(Collectors.toSet());
        if (namespaces.size() > 1 && going.containsAll(namespaces)) {
            return held(
                    ApplyCode.ALL_NAMESPACES,
                    "all " + namespaces.size()
                            + " namespaces are gone from Git at once; put the files back if that is not meant");
        }
        int allowed = guards.deletes().of(managed.size());
        return deletes.size() <= allowed
                ? Optional.empty()
                : held(
                        ApplyCode.DELETE_BUDGET,
                        "the plan deletes " + deletes.size() + " of " + managed.size() + " objects and may delete "
                                + allowed + " without a person's word");
    }

    private static boolean consented(Change change, Desired desired) {
        return Optional.ofNullable(desired.objects().get(change.object()))
                .filter(object -> Ownership.recreateAllowed(object.json().path("metadata")))
                .isPresent();
    }

    /** The planner says the way out for as long as nobody has gone it. */
    private static Optional<Result.Held> danger(Change change) {
        return change.risks().stream()
                .filter(Risk::isDanger)
                .flatMap(risk -> risk.wayOut().stream()
                        .map(wayOut -> new Result.Held(
                                ApplyCode.DANGER_CONSENT,
                                risk.text() + " [" + risk.code().id() + "]; needs consent: " + wayOut)))
                .findFirst();
    }

    private static boolean isProtected(Change delete, Guards guards) {
        String kind = delete.object().kind();
        return guards.protectedKinds().contains(kind)
                && (!WHILE_PODS_RUN.contains(kind) || delete.pods().count() > 0);
    }

    private static String protection(Change delete) {
        String kind = delete.object().kind();
        return WHILE_PODS_RUN.contains(kind)
                ? "a " + kind + " is not deleted without a person's word while its pods run ("
                        + delete.pods().count() + ")"
                : "a " + kind + " is not deleted without a person's word";
    }

    private static boolean runsPods(DesiredObject object) {
        return object.key().kind().equals("Pod")
                || object.json().at("/spec/template/spec/containers").isArray();
    }

    private static boolean isNamespace(ObjectKey key) {
        return key.group().isEmpty() && key.kind().equals("Namespace");
    }

    private static Optional<Result.Held> held(ApplyCode code, String text) {
        return Optional.of(new Result.Held(code, text));
    }
}
