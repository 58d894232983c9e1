package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether an update of a CloneSet does not come up: a pod at the new revision is not available within {@code progressDeadlineSeconds}
 * of its update, or 10 minutes where that is not set.
 */
final class Failure {

    private static final Duration DEADLINE = Duration.ofMinutes(10);

    private final CloneSetState state;
    private final List<PodView> late;
    private final boolean wanted;

    Failure(CloneSetState state, TemplateRevision written, TemplateRevision current) {
        this.state = state;
        JsonNode policy =
                state.cloneSet().json().path("metadata").path("annotations").path(RolloutRecord.ON_FAILURE);
        this.wanted = policy.asText("").equals("rollback") && !written.name().equals(current.name());
        this.late = state.pods().stream()
                .filter(pod -> written.isLabelOf(pod) && !state.available(pod))
                .toList();
    }

    /** Whether the set wants such an update taken back, and there is one. */
    boolean takesBack() {
        return wanted && reason().isPresent();
    }

    Optional<String> reason() {
        return late.stream()
                .filter(pod -> left(pod).isNegative() || left(pod).isZero())
                .findFirst()
                .map(Failure::trouble);
    }

    /** The sooner of {@code other} and the next time at which a pod is late. */
    Optional<Duration> sooner(Optional<Duration> other) {
        Optional<Duration> next = late.stream()
                .map(this::left)
                .filter(left -> wanted && !left.isNegative() && !left.isZero())
                .min(Duration::compareTo);
        return next.isEmpty()
                        || other.filter(time -> time.compareTo(next.get()) < 0).isPresent()
                ? other
                : next;
    }

    private Duration left(PodView pod) {
        Instant told = InPlaceState.of(pod).flatMap(InPlaceState::told).orElse(pod.created());
        Duration deadline = state.cloneSet().progressDeadline().orElse(DEADLINE);
        return Duration.between(
                state.now(), told.plus(deadline).plus(state.cloneSet().minReady()));
    }

    private static String trouble(PodView pod) {
        for (JsonNode status : pod.json().at("/status/containerStatuses")) {
            JsonNode waiting = status.path("state").path("waiting");
            if (waiting.isObject()) {
                return pod + ": container " + status.path("name").asText() + " waits: "
                        + waiting.path("reason").asText("unknown");
            }
        }
        return pod + ": not ready in time; look at its readiness probe and its log";
    }
}
