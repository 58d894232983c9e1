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
        List<Step> steps = new ArrayList<>();
        if (numbers.create() > 0) {
            Deque<String> leftBehind = claims.leftBehind();
            for (int i = 0; i < numbers.create(); i++) {
                steps.add(new Step.CreatePod(
                        i < numbers.createOld() ? current : wanted, Optional.ofNullable(leftBehind.poll())));
            }
            return steps;
        }
        List<PodView> specified =
                state.pods().stream().filter(state::specifiedDelete).toList();
        if (!specified.isEmpty()) {
            remove(specified.stream(), "it was asked for by name or label", steps);
            return steps;
        }
        if (numbers.remove() > 0) {
            Comparator<PodView> order = PodOrder.toDelete(state.pods());
            Stream<PodView> old = older.stream().sorted(order).limit(numbers.removeOld());
            Stream<PodView> rest = newer.stream().sorted(order).limit(numbers.remove() - numbers.removeOld());
            remove(Stream.concat(old, rest), "more pods than replicas", steps);
        }
        return steps;
    }

    private void remove(Stream<PodView> pods, String why, List<Step> steps) {
        pods.forEach(pod -> {
            if (!pod.ready()) {
                steps.add(new Step.DeletePod(pod, claims.of(pod), why));
            } else if (readyToRemove > 0) {
                readyToRemove--;
                steps.add(new Step.DeletePod(pod, claims.of(pod), why));
            }
        });
    }
}
