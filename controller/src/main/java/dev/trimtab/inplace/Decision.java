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
 * @param again when to look again though nothing happens in the cluster
 */
record Decision(
        Optional<TemplateRevision> wanted,
        Optional<TemplateRevision> current,
        List<Step> steps,
        Optional<String> scaleProblem,
        Optional<String> updateProblem,
        Optional<Duration> again) {

    Decision {
        steps = List.copyOf(steps);
    }
}
