package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * When a Job may make pods again: 10 s after a pod has failed, twice as long after each further failure, never more than 10
 * minutes; a success forgets the failures before it.
 *
 * @param failures since the last success
 */
record JobBackOff(int failures, Optional<Instant> lastFailure) {

    static final JobBackOff NONE = new JobBackOff(0, Optional.empty());

    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** @param succeeded pods that have ended since the last time, as {@code failed} */
    JobBackOff after(List<ObjectNode> succeeded, List<ObjectNode> failed) {
        Optional<Instant> success = succeeded.stream().map(JobBackOff::endOf).max(Comparator.naturalOrder());
        List<Instant> counted = failed.stream()
                .map(JobBackOff::endOf)
                .filter(end -> success.isEmpty() || end.isAfter(success.get()))
                .toList();
        JobBackOff base = success.isPresent() ? NONE : this;
        return counted.isEmpty()
                ? base
                : new JobBackOff(
                        base.failures + counted.size(), counted.stream().max(Comparator.naturalOrder()));
    }

    /** When it is over; empty when there is none. */
    Optional<Instant> earliest() {
        Duration delay = FIRST;
        for (int i = 1; i < failures && delay.compareTo(LONGEST) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        Duration wait = delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
        return lastFailure.map(at -> at.plus(wait));
    }

    /** When a pod ended, as far as anybody knows. */
    static Instant endOf(JsonNode pod) {
        JsonNode containers = pod.path("status").path("containerStatuses");
        Instant latest = Instant.EPOCH;
        boolean all = !containers.isEmpty();
        for (JsonNode container : containers) {
            JsonNode finished = container.path("state").path("terminated").path("finishedAt");
            all &= finished.isTextual();
            Instant at = ObjectMeta.time(finished, Instant.EPOCH);
            latest = at.isAfter(latest) ? at : latest;
        }
        if (all) {
            return latest;
        }
        JsonNode ready = Conditions.find(pod, "Ready");
        if (ready.path("status").asText().equals("False")) {
            return ObjectMeta.time(ready.path("lastTransitionTime"), ObjectMeta.created(pod));
        }
        JsonNode metadata = pod.path("metadata");
        long grace = metadata.path("deletionGracePeriodSeconds").asLong();
        return ObjectMeta.deleting(pod)
                ? ObjectMeta.time(metadata.path("deletionTimestamp"), Instant.EPOCH)
                        .minusSeconds(grace)
                : ObjectMeta.created(pod);
    }
}
