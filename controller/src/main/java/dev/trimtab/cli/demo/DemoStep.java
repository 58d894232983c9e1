package dev.trimtab.cli.demo;

import dev.trimtab.cli.demo.PodChange.Fate;
import dev.trimtab.codes.Count;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PodImpact.Effect;
import dev.trimtab.review.Counts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One thing that a person did, what the plan said, and what the pods then did.
 *
 * @param deed in words
 * @param commit empty when nothing was committed
 * @param took from the deed until the cluster was at rest again
 */
record DemoStep(String name, String deed, Optional<String> commit, Plan plan, List<PodChange> pods, Duration took) {

    DemoStep {
        pods = List.copyOf(pods);
    }

    /** Where reality was not what the plan said; empty when it came true. */
    List<String> differences() {
        Counts promised = Counts.of(plan);
        List<String> differences = new ArrayList<>();
        compare(differences, "restarted in place", promised.pods(Effect.RESTART_IN_PLACE), Fate.RESTARTED_IN_PLACE);
        compare(differences, "relabelled", promised.pods(Effect.METADATA_ONLY), Fate.RELABELLED);
        compare(differences, "new", promised.pods(Effect.RECREATE) + promised.pods(Effect.ADD), Fate.NEW);
        compare(differences, "gone", promised.pods(Effect.RECREATE) + promised.pods(Effect.REMOVE), Fate.GONE);
        pods.stream()
                .filter(pod -> !pod.keptAddress())
                .forEach(pod -> differences.add("pod " + pod.name() + " changed its address"));
        pods.stream()
                .filter(pod -> pod.fate() == Fate.RESTARTED_IN_PLACE)
                .filter(pod -> pod.after().orElseThrow().restarts()
                        != pod.before().orElseThrow().restarts() + 1)
                .forEach(pod -> differences.add("pod " + pod.name() + " restarted more than once"));
        return differences;
    }

    private void compare(List<String> differences, String words, int promised, Fate fate) {
        long seen = pods.stream().filter(pod -> pod.fate() == fate).count();
        if (seen != promised) {
            differences.add("the plan said " + Count.of(promised, "pod") + " " + words + ", " + seen
                    + (seen == 1 ? " was" : " were"));
        }
    }
}
