package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.codes.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Pods to bring to the wanted revision. A pod that is out of service already costs no budget; the cap on pods at the wanted revision
 * keeps a template that never comes up from spreading to all of those.
 */
final class Updating {

    private final CloneSetState state;
    private final Lifecycle lifecycle;
    private final TemplateRevision wanted;
    private final RolloutNumbers numbers;
    private final Function<PodView, Verdict> verdicts;
    private final PodResizes resizes;
    private final List<Step> steps = new ArrayList<>();
    private final Set<String> refusals = new TreeSet<>();
    private final Set<String> waiting = new TreeSet<>();
    private final List<PodView> restarting = new ArrayList<>();
    private int refused;
    private int unavailable;
    private int resizing;
    private int unavailableAtWanted;
    private Optional<Duration> again = Optional.empty();

    Updating(
            CloneSetState state,
            TemplateRevision wanted,
            RolloutNumbers numbers,
            Function<PodView, Verdict> verdicts,
            PodResizes resizes) {
        this.state = state;
        this.lifecycle = state.cloneSet().lifecycle();
        this.wanted = wanted;
        this.numbers = numbers;
        this.verdicts = verdicts;
        this.resizes = resizes;
        for (PodView pod : state.pods()) {
            if (!state.available(pod) && state.counted(pod)) {
                unavailable++;
                unavailableAtWanted += wanted.isLabelOf(pod) ? 1 : 0;
            }
        }
    }

    /** @param act false while the number of pods is being put right: then only refusals are found */
    void choose(List<PodView> older, boolean act) {
        List<PodView> candidates = older.stream()
                .filter(pod -> !pod.preparingDelete() && !state.specifiedDelete(pod))
                .filter(pod -> !refused(pod))
                .toList();
        List<PodView> chosen = new UpdateOrder(state)
                .of(candidates).stream().limit(numbers.update()).toList();
        chosen.stream()
                .filter(pod -> verdicts.apply(pod) instanceof Verdict.InPlace)
                .forEach(restarting::add);
        if (act) {
            resizing = (int) chosen.stream().filter(this::isBeingResized).count();
            chosen.forEach(this::update);
            older.stream()
                    .filter(pod -> pod.lifecycle().equals(CloneSetKeys.PREPARING_UPDATE) && !chosen.contains(pod))
                    .forEach(this::callOff);
        }
    }

    /** Pods that have their turn to restart in place, within the budget or not. */
    List<PodView> restarting() {
        return restarting;
    }

    List<Step> steps() {
        return steps;
    }

    /** Pods in their grace period or held back by a hook, by uid. */
    Set<String> waiting() {
        return waiting;
    }

    /** When a grace period ends. */
    Optional<Duration> again() {
        return again;
    }

    Optional<String> refusal() {
        return refusals.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Count.all(refused, "pod", "stay") + " at an old revision: " + String.join("; ", refusals));
    }

    /** One pod that cannot be updated does not stop the others. */
    private boolean refused(PodView pod) {
        if (!(verdicts.apply(pod) instanceof Verdict.Refused verdict)) {
            return false;
        }
        refused++;
        verdict.reasons().forEach(reason -> refusals.add(reason.path() + ": " + reason.text()));
        return true;
    }

    private void update(PodView pod) {
        Verdict verdict = goingOn(pod, verdicts.apply(pod));
        if (resizes(pod)) {
            resize(pod, verdict);
        } else if (verdict instanceof Verdict.Resize
                || verdict instanceof Verdict.MetadataOnly
                || verdict instanceof Verdict.Unchanged) {
            steps.add(new Step.PatchPod(pod, patch(pod, Set.of()), because(verdict, "same template")));
        } else if (state.imagesMissing() && verdict instanceof Verdict.InPlace) {
            // Neither is it taken out of its Services.
            return;
        } else if (withinBudget(pod)) {
            if (verdict instanceof Verdict.InPlace inPlace) {
                inPlace(pod, inPlace);
            } else {
                Deletion.of(state, pod, true, because(verdict, "to be replaced"))
                        .ifPresent(steps::add);
            }
        }
    }

    private boolean resizes(PodView pod) {
        PodResize resize = resizes.of(pod);
        return !(verdicts.apply(pod) instanceof Verdict.Recreate)
                && (!resize.left().isEmpty() || !resize.given());
    }

    private boolean isBeingResized(PodView pod) {
        return resizes(pod) && resizes.of(pod).left().isEmpty();
    }

    /**
     * Before anything else of its update, so that the label of its revision tells the truth. No more at once than may be out of service:
     * an amount that nodes cannot give is not asked of all of them.
     */
    private void resize(PodView pod, Verdict verdict) {
        PodResize resize = resizes.of(pod);
        if (resize.left().isEmpty()) {
            waiting.add(pod.uid());
            Resizing.deferred(pod).ifPresent(why -> {
                refused++;
                refusals.add(why);
            });
        } else if (resizing < Math.max(1, numbers.updateBudget())) {
            resizing++;
            steps.add(new Step.ResizePod(pod, resize.patch(), because(verdict, "to be resized")));
        }
    }

    /** Containers that were still to restart for the revision in between restart for the wanted one. */
    private static Verdict goingOn(PodView pod, Verdict verdict) {
        Set<String> containers = InPlaceState.of(pod)
                .map(state -> new TreeSet<>(state.next().images().keySet()))
                .orElseGet(TreeSet::new);
        if (containers.isEmpty() || verdict instanceof Verdict.Recreate || verdict instanceof Verdict.Refused) {
            return verdict;
        }
        if (verdict instanceof Verdict.InPlace inPlace) {
            containers.addAll(inPlace.containers());
        }
        return new Verdict.InPlace(containers, verdict.reasons());
    }

    private boolean withinBudget(PodView pod) {
        boolean available = state.available(pod);
        if (unavailableAtWanted >= numbers.updateBudget() || (available && unavailable >= numbers.updateBudget())) {
            return false;
        }
        unavailable += available ? 1 : 0;
        // From here on it is counted as if it were at the wanted revision already.
        unavailableAtWanted++;
        return true;
    }

    /** The partition was raised, for instance: nobody would take the pod on from here. */
    private void callOff(PodView pod) {
        steps.add(Lifecycle.to(
                lifecycle.afterUpdate(pod), pod, state.now(), "the update it was prepared for is not wanted any more"));
    }

    private void inPlace(PodView pod, Verdict.InPlace verdict) {
        if (Restarts.of(state, pod, wanted, verdict).tooEarly()) {
            waiting.add(pod.uid());
            return;
        }
        if (!prepared(pod)) {
            return;
        }
        if (pod.gated() && !pod.gateClosed()) {
            steps.add(new Step.PatchStatus(
                    pod, PodPatch.closeGate(pod, state.now()), because(verdict, "to be updated in place")));
            return;
        }
        Duration left = graceLeft(pod);
        if (left.isZero()) {
            ObjectNode patch = patch(pod, verdict.containers());
            steps.add(new Step.PatchPod(
                    pod,
                    lifecycle.inPlaceUpdate().used()
                            ? Lifecycle.state(patch, CloneSetKeys.UPDATING, state.now())
                            : patch,
                    because(verdict, "to be updated in place")));
            return;
        }
        waiting.add(pod.uid());
        if (again.isEmpty() || left.compareTo(again.get()) < 0) {
            again = Optional.of(left);
        }
    }

    /** False while a hook holds the pod back; the step that says so to whoever put it on is among the steps. */
    private boolean prepared(PodView pod) {
        if (!lifecycle.inPlaceUpdate().used()) {
            return true;
        }
        switch (pod.lifecycle()) {
            case CloneSetKeys.UPDATED -> {
                steps.add(lifecycle.prepareAgain(pod, state.now()));
                return false;
            }
            case CloneSetKeys.UPDATING -> {
                return true;
            }
            default -> {}
        }
        if (!lifecycle.inPlaceUpdate().holds(pod)) {
            return true;
        }
        if (!pod.lifecycle().equals(CloneSetKeys.PREPARING_UPDATE)) {
            steps.add(Lifecycle.to(CloneSetKeys.PREPARING_UPDATE, pod, state.now(), "its hook is on"));
        } else if (lifecycle.keepsOut(pod) && pod.gated() && !pod.gateClosed()) {
            steps.add(new Step.PatchStatus(pod, PodPatch.closeGate(pod, state.now()), "its hook asks for it"));
        } else {
            waiting.add(pod.uid());
        }
        return false;
    }

    /**
     * The gate's own transition time is the clock, so that the wait outlives this process. It has whole seconds, which can make it up
     * to one shorter.
     */
    private Duration graceLeft(PodView pod) {
        Duration grace = state.cloneSet().grace();
        if (grace.isZero() || !pod.gateClosed()) {
            return Duration.ZERO;
        }
        Duration left =
                Duration.between(state.now(), pod.since(CloneSetKeys.GATE).plus(grace));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private ObjectNode patch(PodView pod, Set<String> restarting) {
        var from = state.revisionOf(pod)
                .map(TemplateRevision::template)
                .orElseThrow(() -> new IllegalStateException(pod + " has no revision to be patched from"));
        return PodPatch.update(pod, from, wanted, restarting, state.now());
    }

    private static String because(Verdict verdict, String otherwise) {
        return verdict.reasons().stream()
                .findFirst()
                .map(reason -> reason.path() + ": " + reason.text() + " ["
                        + reason.code().id() + "]")
                .orElse(otherwise);
    }
}
