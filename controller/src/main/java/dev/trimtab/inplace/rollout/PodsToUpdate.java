package dev.trimtab.inplace.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.LabelSelector;
import dev.trimtab.inplace.PodView;
import dev.trimtab.inplace.RolloutRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which pods of a rollout are patched now. A pod that is out of service already costs no budget, but a template that never comes up
 * must not spread to all of those: what is at the new template and not available counts against the budget too. A pod that is not
 * ready within its deadline stops the rest.
 */
final class PodsToUpdate {

    private final Rollout rollout;
    private final List<NativePod> pods;
    private final Map<String, Integer> allowed = new HashMap<>();
    private final List<RolloutStep> steps = new ArrayList<>();
    private Optional<Duration> again = Optional.empty();
    private int unavailable;
    private int unavailableAtTarget;

    /**
     * @param pods those that are to be at the template in the end
     * @param others pods that keep what they have, and count when they are not available
     * @param wanted how many pods there should be
     */
    PodsToUpdate(Rollout rollout, List<NativePod> pods, List<NativePod> others, int wanted) {
        this.rollout = rollout;
        this.pods = pods;
        this.unavailable = (int) pods.stream().filter(pod -> !pod.available()).count()
                + (int) others.stream().filter(pod -> !pod.available()).count()
                + Math.max(0, wanted - pods.size() - others.size());
        this.unavailableAtTarget = (int)
                pods.stream().filter(pod -> pod.current() && !pod.available()).count();
    }

    /** Whether every pod is as the template wants it and has come back. */
    boolean done() {
        return pods.stream().allMatch(pod -> pod.current() && pod.available());
    }

    /** Why a pod cannot be brought to the template where it runs. */
    Optional<String> impossible() {
        return pods.stream().flatMap(pod -> pod.impossible().stream()).findFirst();
    }

    RolloutDecision choose() {
        if (RolloutRecord.paused(rollout.workload().path("metadata")).isPresent()) {
            return RolloutDecision.WAIT;
        }
        Optional<String> failed =
                pods.stream().flatMap(pod -> pod.failed().stream()).findFirst();
        List<NativePod> older = pods.stream()
                .filter(pod -> !pod.current())
                .sorted(order(rollout.kind()))
                .toList();
        pods.stream().filter(NativePod::current).forEach(this::wakeFor);
        int resizing = (int) pods.stream()
                .filter(pod -> pod.resize().left().isEmpty() && !pod.resize().given())
                .count();
        for (NativePod pod : older) {
            if (!pod.resize().left().isEmpty()) {
                // Whatever else changes comes when the pod shows this. An amount that nodes cannot give is not asked of
                // all of them.
                if (resizing < Math.max(1, rollout.record().maxUnavailable())) {
                    resizing++;
                    steps.add(new RolloutStep.ResizePod(pod.view(), pod.resize().patch()));
                }
                continue;
            }
            if (pod.busy()) {
                continue;
            }
            if (!pod.restarts()) {
                patch(pod, "labels and annotations");
            } else if (failed.isEmpty() && withinBudget(pod)) {
                patch(pod, "in place");
            }
        }
        return new RolloutDecision(steps, again, failed);
    }

    private void patch(NativePod pod, String what) {
        steps.add(new RolloutStep.PatchPod(pod.view(), pod.patch(), what));
    }

    private boolean withinBudget(NativePod pod) {
        int budget = rollout.record().maxUnavailable();
        boolean available = pod.available();
        if (unavailableAtTarget >= budget || (available && unavailable >= budget)) {
            return false;
        }
        if (available && !disruptible(pod)) {
            return false;
        }
        unavailable += available ? 1 : 0;
        unavailableAtTarget++;
        return true;
    }

    /** Every budget that selects the pod must have one to give, as for an eviction. */
    private boolean disruptible(NativePod pod) {
        List<ObjectNode> matching = rollout.disruptionBudgets().stream()
                .filter(budget -> LabelSelector.matches(
                        budget.path("spec").path("selector"),
                        pod.view().metadata().path("labels")))
                .toList();
        boolean all = matching.stream().allMatch(budget -> left(budget) > 0);
        if (all) {
            matching.forEach(budget -> allowed.put(nameOf(budget), left(budget) - 1));
        }
        return all;
    }

    /** The budget's own count does not know yet of pods that were told to restart and still show as ready. */
    private int left(JsonNode budget) {
        return allowed.computeIfAbsent(
                nameOf(budget),
                name -> budget.path("status").path("disruptionsAllowed").asInt(0)
                        - (int) pods.stream()
                                .filter(pod -> pod.view().ready() && !pod.available())
                                .count());
    }

    private static String nameOf(JsonNode budget) {
        return budget.path("metadata").path("name").asText();
    }

    /** Time passing makes a pod available, or late. */
    private void wakeFor(NativePod pod) {
        pod.availableIn().filter(left -> !left.isZero()).ifPresent(this::wakeIn);
        if (!pod.available()) {
            pod.leftUntilDeadline()
                    .filter(left -> !left.isNegative() && !left.isZero())
                    .ifPresent(this::wakeIn);
        }
    }

    private void wakeIn(Duration delay) {
        if (again.isEmpty() || delay.compareTo(again.get()) < 0) {
            again = Optional.of(delay);
        }
    }

    /** A StatefulSet's from the last ordinal down; others what is out of service first. */
    private static Comparator<NativePod> order(String kind) {
        Comparator<NativePod> byName =
                Comparator.comparing((NativePod pod) -> pod.view().name());
        return kind.equals("StatefulSet")
                ? Comparator.comparing((NativePod pod) -> ordinal(pod.view())).reversed()
                : Comparator.comparing(NativePod::available).thenComparing(byName);
    }

    static int ordinal(PodView pod) {
        String name = pod.name();
        try {
            return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
        } catch (NumberFormatException notOfAStatefulSet) {
            return -1;
        }
    }
}
