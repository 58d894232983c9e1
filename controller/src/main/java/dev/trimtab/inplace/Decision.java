package dev.trimtab.inplace;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to do with one CloneSet now.
 *
 * @param wanted the revision of the template it has; empty until that is written down
 * @param current the revision that pods below the partition are made from
 * @param scaleProblem why pods cannot be added or removed
 * @param updateProblem why pods stay at an old revision
 * @param restarting pods that have their turn to restart in place with a new image, within the budget or not
 * @param again when to look again though nothing happens in the cluster
 */
record Decision(
        Optional<TemplateRevision> wanted,
        Optional<TemplateRevision> current,
        List<Step> steps,
        Optional<String> scaleProblem,
        Optional<String> updateProblem,
        List<PodView> restarting,
        Optional<Duration> again) {

    Decision {
        steps = List.copyOf(steps);
        restarting = List.copyOf(restarting);
    }

    /** One that restarts nothing. */
    Decision(
            Optional<TemplateRevision> wanted,
            Optional<TemplateRevision> current,
            List<Step> steps,
            Optional<String> scaleProblem,
            Optional<String> updateProblem,
            Optional<Duration> again) {
        this(wanted, current, steps, scaleProblem, updateProblem, List.of(), again);
    }

    /** The same, with something more that keeps pods at an old revision, and another time to look again. */
    Decision and(Optional<String> problem, Optional<Duration> later) {
        boolean sooner = later.isPresent() && (again.isEmpty() || later.get().compareTo(again.get()) < 0);
        return new Decision(
                wanted,
                current,
                steps,
                scaleProblem,
                problem.or(() -> updateProblem),
                restarting,
                sooner ? later : again);
    }
}
