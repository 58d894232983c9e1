package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Decides the next writes for one CloneSet from what its cluster looks like. Pure: it keeps nothing between two decisions, so it does
 * not matter who made the last one, or when.
 */
final class CloneSetPlanner {

    private final CloneSetState state;
    private final CloneSet cloneSet;
    /** What the template says. */
    private final TemplateRevision written;
    /** What pods are brought to: the same, or where they come from when the update is taken back. */
    private final TemplateRevision wanted;

    private final TemplateRevision current;
    private final Optional<String> takenBack;
    private final PodResizes resizes;
    private final List<PodView> older = new ArrayList<>();
    private final List<PodView> newer = new ArrayList<>();
    private final Map<String, Verdict> verdicts = new HashMap<>();

    private CloneSetPlanner(CloneSetState state, TemplateRevision wanted) {
        this.state = state;
        this.cloneSet = state.cloneSet();
        this.written = wanted;
        this.current = Revisions.current(state, wanted);
        this.takenBack = RolloutRecord.undone(cloneSet.json())
                .filter(why -> !current.name().equals(written.name()));
        this.wanted = takenBack.isPresent() ? current : written;
        this.resizes = new PodResizes(state, this.wanted);
        for (PodView pod : state.pods()) {
            (this.wanted.isLabelOf(pod) ? newer : older).add(pod);
        }
    }

    static Decision decide(CloneSetState state) {
        Optional<String> problems = CloneSetProblems.of(state.cloneSet());
        if (problems.isPresent()) {
            Optional<TemplateRevision> wanted = Revisions.wanted(state);
            return new Decision(
                    wanted,
                    wanted.map(revision -> Revisions.current(state, revision)),
                    List.of(),
                    problems,
                    problems,
                    Optional.empty());
        }
        // Nothing is made from a template before it is written down: a pod of a forgotten template cannot be compared.
        return Revisions.wanted(state)
                .map(wanted -> new CloneSetPlanner(state, wanted).decide())
                .orElseGet(() -> new Decision(
                        Optional.empty(),
                        Optional.empty(),
                        List.of(Revisions.add(state)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private Decision decide() {
        Failure failure = new Failure(state, written, current);
        if (takenBack.isEmpty() && failure.takesBack()) {
            String why = failure.reason().orElse("");
            return new Decision(
                    Optional.of(written),
                    Optional.of(current),
                    List.of(new Step.PatchSpec(
                            RolloutRecord.undo(cloneSet.json(), why), "its update is taken back: " + why)),
                    Optional.empty(),
                    Optional.of("taken back: " + why),
                    Optional.empty());
        }
        RolloutNumbers numbers = numbers();
        List<Step> steps = new ArrayList<>(Revisions.keep(state, written, current));
        List<Step> scaling = new Scaling(state, wanted, current, older, newer, numbers).steps();
        steps.addAll(scaling);
        Updating updating = new Updating(state, wanted, numbers, this::verdict, resizes);
        boolean updates =
                !cloneSet.strategy().paused() && cloneSet.strategy().policy() != UpdateStrategy.Policy.ON_DELETE;
        if (updates) {
            updating.choose(older, scaling.isEmpty());
        }
        steps.addAll(updating.steps());
        Set<String> taken = touched(steps);
        taken.addAll(updating.waiting());
        // While pods are added or removed, a pod about to be updated stays closed: it is the first to be chosen after
        // that.
        steps.addAll(withoutGonePods());
        steps.addAll(new Claims(state).keep(pod -> !taken.contains(pod.uid())));
        List<Step> restored = resizes.restore(newer, pod -> !taken.contains(pod.uid()));
        taken.addAll(touched(restored));
        steps.addAll(restored);
        List<Step> nextBatches = nextBatches(pod -> !taken.contains(pod.uid()));
        taken.addAll(touched(nextBatches));
        steps.addAll(nextBatches);
        List<Step> opened =
                open(pod -> !taken.contains(pod.uid()) && (scaling.isEmpty() || !updates || wantedOrNew(pod)));
        taken.addAll(touched(opened));
        steps.addAll(opened);
        steps.addAll(moved(pod -> !taken.contains(pod.uid())));
        return new Decision(
                Optional.of(written),
                Optional.of(current),
                steps,
                Optional.empty(),
                takenBack.map(why -> "taken back: " + why).or(updating::refusal),
                // On the way back pods get what they ran a moment ago: nothing has to be pulled first.
                takenBack.isPresent() ? List.of() : updating.restarting(),
                earliest(failure.sooner(updating.again())));
    }

    private RolloutNumbers numbers() {
        UpdateStrategy strategy = cloneSet.strategy();
        int replicas = cloneSet.replicas();
        int maxUnavailable = strategy.maxUnavailable(replicas);
        boolean replaces = older.stream().anyMatch(pod -> verdict(pod) instanceof Verdict.Recreate);
        return RolloutNumbers.of(
                new RolloutNumbers.Wanted(
                        replicas,
                        takenBack.isPresent() ? 0 : strategy.partition(replicas),
                        maxUnavailable,
                        strategy.maxSurge(replicas),
                        cloneSet.scaleMaxUnavailable()),
                side(older),
                side(newer),
                replaces || maxUnavailable == 0);
    }

    private RolloutNumbers.Side side(List<PodView> pods) {
        Predicate<PodView> staying = pod -> !pod.preparingDelete();
        return new RolloutNumbers.Side(
                count(pods, state::counted),
                count(pods, pod -> pod.preparingDelete() && state.counted(pod)),
                count(pods, staying.and(state::specifiedDelete)),
                count(pods, staying.and(pod -> !state.specifiedDelete(pod)).and(pod -> !state.available(pod))));
    }

    private static int count(List<PodView> pods, Predicate<PodView> which) {
        return (int) pods.stream().filter(which).count();
    }

    /** Decided from the revision that the pod itself is at, which need not be the one before the wanted. */
    private Verdict verdict(PodView pod) {
        return possible(pod, ofRevision(pod));
    }

    private Verdict ofRevision(PodView pod) {
        return verdicts.computeIfAbsent(
                pod.revision(),
                label -> state.revisionOf(pod)
                        .map(from -> Verdicts.decide(
                                from.template(), wanted.template(), cloneSet.strategy(), state.abilities()))
                        .orElseGet(() -> unknown(label)));
    }

    /** A container whose image stays can start again in this pod only if another reference to that image is known. */
    private Verdict possible(PodView pod, Verdict verdict) {
        Optional<String> infeasible = resizes.infeasible(pod, verdict);
        if (infeasible.isPresent()) {
            return orRefused(Verdicts.withoutResize(verdict, infeasible.get()));
        }
        if (!(verdict instanceof Verdict.InPlace inPlace)) {
            return verdict;
        }
        return Restarts.of(state, pod, wanted, inPlace)
                .impossible()
                .map(why -> orRefused(Verdicts.withoutRestart(inPlace, why)))
                .orElse(verdict);
    }

    private Verdict orRefused(Verdict recreate) {
        return cloneSet.strategy().policy() == UpdateStrategy.Policy.IN_PLACE_ONLY
                ? new Verdict.Refused(recreate.reasons())
                : recreate;
    }

    private Verdict unknown(String label) {
        List<Reason> reasons = List.of(new Reason(
                VerdictCode.REVISION_UNKNOWN,
                new FieldPath("metadata.labels[" + CloneSetKeys.REVISION + "]"),
                "revision " + (label.isEmpty() ? "of the pod is not named" : label + " is not there any more")
                        + ", so nobody can say what differs",
                Optional.empty()));
        return orRefused(new Verdict.Recreate(reasons));
    }

    private static Set<String> touched(List<Step> steps) {
        Set<String> uids = new HashSet<>();
        for (Step step : steps) {
            if (step instanceof Step.DeletePod delete) {
                uids.add(delete.pod().uid());
            } else if (step instanceof Step.PatchPod patch) {
                uids.add(patch.pod().uid());
            } else if (step instanceof Step.PatchStatus patch) {
                uids.add(patch.pod().uid());
            } else if (step instanceof Step.ResizePod resize) {
                uids.add(resize.pod().uid());
            } else if (step instanceof Step.PatchLifecycle patch) {
                uids.add(patch.pod().uid());
            }
        }
        return uids;
    }

    private boolean wantedOrNew(PodView pod) {
        return wanted.isLabelOf(pod) || !pod.gateClosed();
    }

    /** New pods, pods that did what they were told, and pods whose update was called off before it began. */
    private List<Step> open(Predicate<PodView> free) {
        List<Step> steps = new ArrayList<>();
        for (PodView pod : state.pods()) {
            boolean closed =
                    pod.gated() && !pod.gateOpen() && !cloneSet.lifecycle().keepsOut(pod);
            if (closed && free.test(pod) && Completion.done(pod)) {
                steps.add(new Step.PatchStatus(
                        pod, PodPatch.openGate(pod, state.now()), pod.gateClosed() ? "updated" : "new"));
            }
        }
        return steps;
    }

    /** An update that has begun is finished, also when the set is paused or the pod's place is taken by others. */
    private List<Step> nextBatches(Predicate<PodView> free) {
        List<Step> steps = new ArrayList<>();
        for (PodView pod : state.pods()) {
            if (free.test(pod)) {
                InPlaceState.of(pod)
                        .filter(begun -> Completion.nextMayGo(pod, begun))
                        .ifPresent(begun -> steps.add(new Step.PatchPod(
                                pod,
                                PodPatch.nextBatch(pod, begun, state.now()),
                                "the containers of higher priority are ready")));
            }
        }
        return steps;
    }

    /** A name that stays on the list would hit a later pod that happens to get it again. */
    private List<Step> withoutGonePods() {
        Set<String> there = state.pods().stream().map(PodView::name).collect(Collectors.toSet());
        Set<String> listed = cloneSet.podsToDelete();
        if (there.containsAll(listed)) {
            return List.of();
        }
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata")
                .put(
                        "resourceVersion",
                        cloneSet.json().path("metadata").path("resourceVersion").asText());
        ArrayNode left = patch.putObject("spec").putObject("scaleStrategy").putArray("podsToDelete");
        listed.stream().filter(there::contains).forEach(left::add);
        return List.of(new Step.PatchSpec(patch, "pods that are gone are taken off spec.scaleStrategy.podsToDelete"));
    }

    /** Pods of which somebody else has done their part, and pods that wait for nothing any more. */
    private List<Step> moved(Predicate<PodView> free) {
        Lifecycle lifecycle = cloneSet.lifecycle();
        List<Step> steps = new ArrayList<>();
        for (PodView pod : state.pods()) {
            if (free.test(pod)) {
                lifecycle
                        .next(pod, wanted.isLabelOf(pod))
                        .ifPresent(next -> steps.add(Lifecycle.to(next, pod, state.now(), "it is " + next)));
            }
        }
        return steps;
    }

    /** Time alone makes a ready pod available, and no event tells. */
    private Optional<Duration> earliest(Optional<Duration> other) {
        Optional<Duration> available = state.pods().stream()
                .flatMap(pod -> pod.availableIn(cloneSet.minReady(), state.now()).stream())
                .filter(left -> !left.isZero())
                .min(Duration::compareTo);
        if (available.isEmpty() || other.isEmpty()) {
            return available.or(() -> other);
        }
        return available.get().compareTo(other.get()) < 0 ? available : other;
    }
}
