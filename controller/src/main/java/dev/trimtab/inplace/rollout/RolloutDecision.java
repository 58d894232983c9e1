package dev.trimtab.inplace.rollout;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a rollout does next.
 *
 * @param again when to look again though nothing was seen to happen
 * @param halted why no further pod is touched
 */
record RolloutDecision(List<RolloutStep> steps, Optional<Duration> again, Optional<String> halted) {

    static final RolloutDecision WAIT = new RolloutDecision(List.of(), Optional.empty(), Optional.empty());

    RolloutDecision {
        steps = List.copyOf(steps);
    }

    static RolloutDecision step(RolloutStep step) {
        return new RolloutDecision(List.of(step), Optional.empty(), Optional.empty());
    }
}
