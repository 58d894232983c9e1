package dev.trimtab.inplace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Pods to add and to remove. */
final class Scaling {

    private final CloneSetState state;
    private final Claims claims;
    private final TemplateRevision wanted;
    private final TemplateRevision current;
    private final List<PodView> older;
    private final List<PodView> newer;
    private final RolloutNumbers numbers;
    private int readyToRemove;

    Scaling(
            CloneSetState state,
            TemplateRevision wanted,
            TemplateRevision current,
            List<PodView> older,
            List<PodView> newer,
            RolloutNumbers numbers) {
        this.state = state;
        this.claims = new Claims(state);
        this.wanted = wanted;
        this.current = current;
        this.older = older;
        this.newer = newer;
        this.numbers = numbers;
        this.readyToRemove = numbers.removeReady();
    }

    /** Empty when the number of pods is right, or has to wait. */
    List<Step> steps() {
        List<PodView> leaving = state.pods().stream()
                .filter(pod -> pod.preparingDelete() || state.specifiedDelete(pod))
                .toList();
        List<Step> steps = new ArrayList<>(stay(leaving));
        if (!steps.isEmpty()) {
            return steps;
        }
        if (numbers.create() > 0) {
            Deque<String> leftBehind = claims.leftBehind();
            for (int i = 0; i < numbers.create(); i++) {
                steps.add(new Step.CreatePod(
                        i < numbers.createOld() ? current : wanted, Optional.ofNullable(leftBehind.poll())));
            }
            return steps;
        }
        if (!leaving.isEmpty()) {
            // Who is on the way already has had a share of the budget.
            leaving.stream().filter(PodView::preparingDelete).forEach(pod -> {
                readyToRemove -= pod.ready() ? 1 : 0;
                Deletion.of(state, pod, false, "what held it back is off").ifPresent(steps::add);
            });
            remove(
                    leaving.stream().filter(pod -> !pod.preparingDelete()),
                    "it was asked for by name or label",
                    true,
                    steps);
            return steps;
        }
        if (numbers.remove() > 0) {
            Comparator<PodView> order = PodOrder.toDelete(state);
            Stream<PodView> old = older.stream().sorted(order).limit(numbers.removeOld());
            Stream<PodView> rest = newer.stream().sorted(order).limit(numbers.remove() - numbers.removeOld());
            remove(Stream.concat(old, rest), "more pods than replicas", false, steps);
        }
        return steps;
    }

    /** A pod that was to go because there were too many stays when there are not any more. */
    private List<Step> stay(List<PodView> leaving) {
        if (state.cloneSet().excludesPreparingDelete()) {
            return List.of();
        }
        int wantedOfLeaving = state.cloneSet().replicas() - (state.pods().size() - leaving.size());
        return leaving.stream()
                .filter(pod -> !state.specifiedDelete(pod))
                .sorted(Comparator.comparing(PodView::name))
                .limit(Math.max(wantedOfLeaving, 0))
                .map(pod -> (Step)
                        Lifecycle.to(CloneSetKeys.NORMAL, pod, state.now(), "it stays: there are no pods too many"))
                .toList();
    }

    private void remove(Stream<PodView> pods, String why, boolean forGood, List<Step> steps) {
        pods.forEach(pod -> {
            if (!pod.ready() || readyToRemove > 0) {
                readyToRemove -= pod.ready() ? 1 : 0;
                Deletion.of(state, pod, forGood, why).ifPresent(steps::add);
            }
        });
    }
}
