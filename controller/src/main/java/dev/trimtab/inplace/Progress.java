package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/**
 * Condition Progressing: whether an update gets anywhere within {@code progressDeadlineSeconds}. It only reports. Its clock is its
 * own update time, which moves with every step forward and does not run while the set is paused or has nothing to do.
 */
final class Progress {

    static final String TYPE = "Progressing";

    private static final String UPDATED = "CloneSetUpdated";
    private static final String AVAILABLE = "CloneSetAvailable";
    private static final String PAUSED = "CloneSetPaused";
    private static final String PARTITION = "ProgressPartitionAvailable";
    private static final String EXCEEDED = "ProgressDeadlineExceeded";
    private static final Set<String> AT_REST = Set.of(AVAILABLE, PAUSED, PARTITION);

    private final CloneSet cloneSet;
    private final ObjectNode status;
    private final Optional<JsonNode> had;
    private final Instant now;

    /** @param status as it is to be written, without this condition */
    Progress(CloneSetState state, ObjectNode status) {
        this.cloneSet = state.cloneSet();
        this.status = status;
        this.now = state.now().truncatedTo(ChronoUnit.SECONDS);
        this.had = condition(cloneSet.status());
    }

    private static Optional<JsonNode> condition(JsonNode status) {
        return Containers.stream(status.path("conditions"))
                .filter(condition -> condition.path("type").asText().equals(TYPE))
                .findFirst();
    }

    /** Empty where there is no deadline. */
    Optional<ObjectNode> condition() {
        return cloneSet.progressDeadline().map(this::condition);
    }

    private ObjectNode condition(Duration deadline) {
        if (everyPodAvailable()) {
            return condition(AVAILABLE, "every pod is at the newest template and available", atRestSince(AVAILABLE));
        }
        if (cloneSet.strategy().paused()) {
            return condition(PAUSED, "paused", atRestSince(PAUSED));
        }
        if (partitionAvailable()) {
            return condition(
                    PARTITION,
                    "as many pods as the partition lets are at the newest template and available",
                    atRestSince(PARTITION));
        }
        Instant since = forward() ? now : updateTime().orElse(now);
        if (now.isBefore(since.plus(deadline))) {
            return condition(UPDATED, "pods are brought to the newest template", since);
        }
        return condition(
                EXCEEDED,
                "revision " + status.path("updateRevision").asText() + " has made no progress for "
                        + deadline.toSeconds() + " s (spec.progressDeadlineSeconds); "
                        + status.path("updatedAvailableReplicas").asInt() + " of "
                        + status.path("expectedUpdatedReplicas").asInt()
                        + " pods are updated and available. See what the other ones wait for, or take the template back",
                since);
    }

    /** How long until the deadline is over; empty when no clock runs. */
    static Optional<Duration> left(CloneSet cloneSet, JsonNode status, Instant now) {
        return condition(status)
                .filter(condition -> condition.path("reason").asText().equals(UPDATED))
                .flatMap(Progress::updateTime)
                .flatMap(since -> cloneSet.progressDeadline().map(since::plus))
                .map(end -> Duration.between(now, end))
                .map(left -> left.isNegative() ? Duration.ZERO : left.plusSeconds(1));
    }

    /** Whether the update has nothing more to do: as many pods as it is for are at the newest template and available. */
    boolean arrived() {
        return everyPodAvailable() || partitionAvailable();
    }

    private boolean everyPodAvailable() {
        int replicas = cloneSet.replicas();
        return count("replicas") == replicas
                && count("updatedReplicas") == replicas
                && count("updatedAvailableReplicas") == replicas;
    }

    private boolean partitionAvailable() {
        int expected = count("expectedUpdatedReplicas");
        return expected < cloneSet.replicas()
                && count("updatedReplicas") >= expected
                && count("updatedAvailableReplicas") >= expected
                && count("replicas") == cloneSet.replicas();
    }

    /** Also when a new update begins, or one is resumed. */
    private boolean forward() {
        if (had.isEmpty() || AT_REST.contains(had.get().path("reason").asText())) {
            return true;
        }
        JsonNode before = cloneSet.status();
        boolean more =
                Set.of("updatedReplicas", "updatedReadyReplicas", "updatedAvailableReplicas", "availableReplicas")
                        .stream()
                        .anyMatch(field -> count(field) > before.path(field).asInt());
        int old = count("replicas") - count("updatedReplicas");
        boolean fewerOld = old
                < before.path("replicas").asInt()
                        - before.path("updatedReplicas").asInt();
        return more || fewerOld || !before.path("updateRevision").equals(status.path("updateRevision"));
    }

    private int count(String field) {
        return status.path(field).asInt();
    }

    private Instant atRestSince(String reason) {
        return had.filter(condition -> condition.path("reason").asText().equals(reason))
                .flatMap(Progress::updateTime)
                .orElse(now);
    }

    private Optional<Instant> updateTime() {
        return had.flatMap(Progress::updateTime);
    }

    private static Optional<Instant> updateTime(JsonNode condition) {
        try {
            return Optional.of(Instant.parse(condition.path("lastUpdateTime").asText("")));
        } catch (DateTimeParseException unset) {
            return Optional.empty();
        }
    }

    private ObjectNode condition(String reason, String message, Instant since) {
        String status = reason.equals(EXCEEDED) ? "False" : "True";
        String transition = had.filter(
                        condition -> condition.path("status").asText().equals(status))
                .map(condition -> condition.path("lastTransitionTime").asText(""))
                .filter(time -> !time.isEmpty())
                .orElse(now.toString());
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", TYPE)
                .put("status", status)
                .put("reason", reason)
                .put("message", message)
                .put("lastUpdateTime", since.toString())
                .put("lastTransitionTime", transition);
    }
}
