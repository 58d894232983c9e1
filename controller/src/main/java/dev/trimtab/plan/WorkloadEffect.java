package dev.trimtab.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.codes.Code;
import dev.trimtab.inplace.Abilities;
import dev.trimtab.inplace.OpenKruise;
import dev.trimtab.inplace.PodView;
import dev.trimtab.inplace.Resizing;
import dev.trimtab.inplace.RolloutRecord;
import dev.trimtab.inplace.RolloutTerms;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.inplace.Verdict;
import dev.trimtab.inplace.Verdicts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the change of a workload does to its pods, and why. A pure decision but for the pods, which are asked for only when the
 * answer needs them.
 */
record WorkloadEffect(Action action, Reason reason, PodImpact pods, Optional<InPlaceRollout> rollout) {

    /**
     * What Trimtab has to roll itself, because the workload's own controller would replace the pods.
     *
     * @param containers that restart
     * @param restarts those of them that restart with the image they have
     * @param resizes containers whose cpu or memory changes
     */
    record InPlaceRollout(int maxUnavailable, Set<String> containers, Set<String> restarts, Set<String> resizes) {}

    private static final int NAMES = 20;

    WorkloadEffect(Action action, Reason reason, PodImpact pods) {
        this(action, reason, pods, Optional.empty());
    }

    /**
     * @param live as it is
     * @param answer as the server would have it, defaults and admission included
     * @param written as Git has it
     * @param policy for workloads of Kubernetes' own kinds that do not say
     * @param facts of the cluster
     * @return empty when the object keeps no pods, or when neither its template nor its number of replicas changes
     */
    static Optional<WorkloadEffect> of(
            ObjectNode live, ObjectNode answer, ObjectNode written, UpdateStrategy.Policy policy, RolloutFacts facts) {
        // The strategy of the answer counts: when one commit changes strategy and template, the controller sees both at
        // once.
        return RolloutTerms.of(written, answer, policy, RolloutRecord.of(live).isPresent())
                .flatMap(strategy -> template(live, answer, strategy, facts).or(() -> scale(live, answer)));
    }

    /** What a workload that is not there yet brings. */
    static PodImpact created(ObjectNode workload) {
        String kind = workload.path("kind").asText();
        JsonNode spec = workload.path("spec");
        int count = switch (kind) {
            case "Pod" -> 1;
            case "Job" ->
                Math.min(
                        spec.path("parallelism").asInt(1),
                        spec.path("completions").asInt(Integer.MAX_VALUE));
            // How many nodes take a pod of it is known only when it is there.
            case "DaemonSet" -> 0;
            default -> UpdateStrategy.of(workload).isPresent() ? replicas(workload) : 0;
        };
        return count == 0 ? PodImpact.NONE : new PodImpact(PodImpact.Effect.ADD, count, List.of(), List.of(), 0, 0);
    }

    /** What goes with an object. */
    static PodImpact removed(List<String> pods) {
        return pods.isEmpty()
                ? PodImpact.NONE
                : new PodImpact(PodImpact.Effect.REMOVE, pods.size(), List.of(), first(pods), 0, 0);
    }

    /** What goes with an object and comes back with it. */
    static PodImpact recreated(List<String> pods) {
        return pods.isEmpty()
                ? PodImpact.NONE
                : new PodImpact(PodImpact.Effect.RECREATE, pods.size(), List.of(), first(pods), 1, pods.size());
    }

    private static Optional<WorkloadEffect> template(
            ObjectNode live, ObjectNode answer, UpdateStrategy strategy, RolloutFacts facts) {
        Verdict verdict = verdict(live, answer, strategy, facts);
        Set<String> restarts = restarts(verdict, live, answer);
        if (verdict.reasons().isEmpty()) {
            return Optional.empty();
        }
        Reason reason = reason(verdict.reasons());
        Action action = action(verdict);
        if (action == Action.APPLY) {
            return Optional.of(new WorkloadEffect(action, reason, PodImpact.NONE));
        }
        if (strategy.paused() && RolloutRecord.of(live).isEmpty()) {
            Reason paused = new Reason(
                    PlanCode.PAUSED,
                    "the " + strategy.kind() + " is paused; once it goes on: " + reason.text() + " ["
                            + reason.code().id() + "]",
                    reason.fields(),
                    reason.advice());
            return Optional.of(new WorkloadEffect(Action.APPLY, paused, PodImpact.NONE));
        }
        return Optional.of(new WorkloadEffect(
                action,
                reason,
                impact(verdict, answer, strategy, facts.pods()),
                rollout(verdict, live, answer, strategy, restarts)));
    }

    private static Verdict verdict(ObjectNode live, ObjectNode answer, UpdateStrategy strategy, RolloutFacts facts) {
        if (Verdicts.same(template(live), template(answer))) {
            return new Verdict.Unchanged(List.of());
        }
        Optional<OpenKruise> kruise = strategy.kind().equals("CloneSet") ? facts.openKruise() : Optional.empty();
        if (kruise.isPresent()) {
            return kruise.get().decide(live, answer, strategy, facts.resizes());
        }
        Verdict verdict = Verdicts.decide(
                template(live),
                template(answer),
                strategy,
                facts.resizes() ? Abilities.WITH_RESIZE : Abilities.ROLLOUT);
        Set<String> restarts = restarts(verdict, live, answer);
        if (restarts.isEmpty()) {
            return verdict;
        }
        return facts.unrepeatable(restarts)
                .map(why -> Verdicts.withoutRestart(verdict, why))
                .map(recreate -> strategy.policy() == UpdateStrategy.Policy.IN_PLACE_ONLY
                        ? new Verdict.Refused(recreate.reasons())
                        : recreate)
                .orElse(verdict);
    }

    /** A CloneSet has a controller that patches pods. */
    private static Optional<InPlaceRollout> rollout(
            Verdict verdict, ObjectNode live, ObjectNode answer, UpdateStrategy strategy, Set<String> restarts) {
        if (strategy.kind().equals("CloneSet") || action(verdict) != Action.IN_PLACE) {
            return Optional.empty();
        }
        Set<String> containers = verdict instanceof Verdict.InPlace inPlace ? inPlace.containers() : Set.of();
        return Optional.of(new InPlaceRollout(
                strategy.maxUnavailable(replicas(answer)),
                containers,
                restarts,
                Resizing.changed(template(live), template(answer))));
    }

    /** The containers that restart though their image stays. */
    private static Set<String> restarts(Verdict verdict, ObjectNode live, ObjectNode answer) {
        Set<String> restarts =
                verdict instanceof Verdict.InPlace inPlace ? new TreeSet<>(inPlace.containers()) : new TreeSet<>();
        PodView was = new PodView(template(live));
        PodView is = new PodView(template(answer));
        restarts.removeIf(name -> !was.image(name).equals(is.image(name)));
        return restarts;
    }

    private static ObjectNode template(ObjectNode workload) {
        return workload.path("spec").path("template") instanceof ObjectNode template
                ? template
                : JsonNodeFactory.instance.objectNode();
    }

    private static Action action(Verdict verdict) {
        if (verdict instanceof Verdict.Recreate) {
            return Action.RECREATE;
        }
        return verdict instanceof Verdict.Unchanged || verdict instanceof Verdict.Refused
                ? Action.APPLY
                : Action.IN_PLACE;
    }

    private static PodImpact impact(
            Verdict verdict, ObjectNode answer, UpdateStrategy strategy, RunningPods.Pods running) {
        int replicas = answer.path("spec").has("replicas") ? replicas(answer) : running.count();
        int count = Math.max(0, running.count() - strategy.partition(replicas));
        List<String> names = count == running.count() ? first(running.names()) : List.of();
        if (verdict instanceof Verdict.MetadataOnly) {
            return new PodImpact(PodImpact.Effect.METADATA_ONLY, count, List.of(), names, 0, 0);
        }
        if (verdict instanceof Verdict.Resize resize) {
            return new PodImpact(
                    PodImpact.Effect.NONE, count, List.copyOf(new TreeSet<>(resize.containers())), names, 0, 0);
        }
        int unavailable = strategy.maxUnavailable(replicas);
        // With maxUnavailable 0 a surge pod makes room for one after the other.
        int batch = Math.max(1, unavailable);
        int batches = (count + batch - 1) / batch;
        if (verdict instanceof Verdict.InPlace inPlace) {
            List<String> containers = List.copyOf(new TreeSet<>(inPlace.containers()));
            return new PodImpact(PodImpact.Effect.RESTART_IN_PLACE, count, containers, names, batches, unavailable);
        }
        return new PodImpact(PodImpact.Effect.RECREATE, count, List.of(), names, batches, unavailable);
    }

    private static Optional<WorkloadEffect> scale(ObjectNode live, ObjectNode answer) {
        int before = replicas(live);
        int after = replicas(answer);
        if (before == after) {
            return Optional.empty();
        }
        PodImpact.Effect effect = after > before ? PodImpact.Effect.ADD : PodImpact.Effect.REMOVE;
        Reason reason = new Reason(
                PlanCode.SCALED, "replicas " + before + " -> " + after, List.of("spec.replicas"), Optional.empty());
        return Optional.of(new WorkloadEffect(
                Action.APPLY, reason, new PodImpact(effect, Math.abs(after - before), List.of(), List.of(), 0, 0)));
    }

    /** The first reason of a verdict decides; others of the same code add their paths. */
    private static Reason reason(List<dev.trimtab.inplace.Reason> reasons) {
        dev.trimtab.inplace.Reason first = reasons.get(0);
        Code code = first.code();
        List<String> paths = reasons.stream()
                .filter(reason -> reason.code().id().equals(code.id()))
                .map(reason -> reason.path().value())
                .distinct()
                .toList();
        return new Reason(code, first.text(), paths, first.gentler());
    }

    /** 1 is the default of every workload that has replicas. */
    private static int replicas(ObjectNode workload) {
        return workload.path("spec").path("replicas").asInt(1);
    }

    private static List<String> first(List<String> names) {
        return names.subList(0, Math.min(NAMES, names.size()));
    }
}
