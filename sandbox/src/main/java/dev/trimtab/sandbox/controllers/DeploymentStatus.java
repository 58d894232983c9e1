package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A Deployment's status: counts over its ReplicaSets, and the conditions that {@code kubectl rollout status} reads. */
final class DeploymentStatus {

    static final String PROGRESSING = "Progressing";
    static final String AVAILABLE = "Available";
    static final String REPLICA_FAILURE = "ReplicaFailure";
    static final String COMPLETE = "NewReplicaSetAvailable";
    static final String TIMED_OUT = "ProgressDeadlineExceeded";
    static final String PAUSED = "DeploymentPaused";
    static final String RESUMED = "DeploymentResumed";

    private DeploymentStatus() {}

    static ObjectNode counts(
            ObjectNode deployment, List<ReplicaSetView> all, Optional<ReplicaSetView> current, Instant now) {
        RolloutStrategy strategy = RolloutStrategy.of(deployment);
        ObjectNode status = present(deployment);
        int available = all.stream().mapToInt(ReplicaSetView::available).sum();
        int asked = all.stream().mapToInt(ReplicaSetView::size).sum();
        status.put("observedGeneration", ObjectMeta.generation(deployment));
        count(
                status,
                "replicas",
                all.stream().mapToInt(ReplicaSetView::replicas).sum());
        count(status, "updatedReplicas", current.map(ReplicaSetView::replicas).orElse(0));
        count(
                status,
                "readyReplicas",
                all.stream().mapToInt(ReplicaSetView::ready).sum());
        count(status, "availableReplicas", available);
        status.put(
                "terminatingReplicas",
                all.stream().mapToInt(ReplicaSetView::terminating).sum());
        count(status, "unavailableReplicas", Math.max(0, asked - available));
        boolean enough = available >= strategy.minAvailable();
        setCondition(
                status,
                enough
                        ? Conditions.condition(
                                AVAILABLE, true, "MinimumReplicasAvailable", "Deployment has minimum availability.")
                        : Conditions.condition(
                                AVAILABLE,
                                false,
                                "MinimumReplicasUnavailable",
                                "Deployment does not have minimum availability."),
                now);
        return status;
    }

    private static void count(ObjectNode status, String field, int number) {
        if (number == 0) {
            status.remove(field);
        } else {
            status.put(field, number);
        }
    }

    /** A copy of the status there is. */
    static ObjectNode present(JsonNode deployment) {
        return deployment.path("status").isObject()
                ? deployment.path("status").deepCopy()
                : JsonNodeFactory.instance.objectNode();
    }

    /** Adds to the counts what they say about progress. */
    static void progress(
            ObjectNode status,
            ObjectNode deployment,
            List<ReplicaSetView> all,
            Optional<ReplicaSetView> current,
            Instant now) {
        String what = current.map(set -> "ReplicaSet \"" + set.name() + "\"")
                .orElseGet(() -> "Deployment \"" + ObjectMeta.name(deployment) + "\"");
        JsonNode before = Conditions.find(deployment, PROGRESSING);
        if (deadline(deployment).isEmpty()) {
            remove(status, PROGRESSING);
        } else if (!(status.path("replicas").asInt()
                        == status.path("updatedReplicas").asInt()
                && reason(before).equals(COMPLETE))) {
            if (complete(deployment, status)) {
                setCondition(
                        status,
                        Conditions.condition(PROGRESSING, true, COMPLETE, what + " has successfully progressed."),
                        now);
            } else if (progressed(deployment.path("status"), status)) {
                ObjectNode progressing =
                        Conditions.condition(PROGRESSING, true, "ReplicaSetUpdated", what + " is progressing.");
                putLast(status, progressing, now);
            } else if (timedOut(deployment, now)) {
                setCondition(
                        status,
                        Conditions.condition(PROGRESSING, false, TIMED_OUT, what + " has timed out progressing."),
                        now);
            }
        }
        remove(status, REPLICA_FAILURE);
        all.stream()
                .map(set -> Conditions.find(set.json(), REPLICA_FAILURE))
                .filter(JsonNode::isObject)
                .findFirst()
                .ifPresent(failure -> setCondition(
                        status,
                        Conditions.condition(
                                REPLICA_FAILURE,
                                true,
                                reason(failure),
                                failure.path("message").asText()),
                        now));
    }

    static String reason(JsonNode condition) {
        return condition.path("reason").asText();
    }

    /** Sets a condition unless one with that status and reason is there. */
    static void setCondition(ObjectNode status, ObjectNode condition, Instant now) {
        ObjectNode holder = JsonNodeFactory.instance.objectNode();
        holder.set("status", status);
        JsonNode present = Conditions.find(holder, condition.path("type").asText());
        boolean same = present.path("status").equals(condition.path("status"))
                && present.path("reason").equals(condition.path("reason"));
        if (!same) {
            putLast(status, condition, now);
        }
    }

    /** The one that was set last is the last: clients show them in this order. */
    private static void putLast(ObjectNode status, ObjectNode condition, Instant now) {
        Conditions.set(status, condition.put("lastUpdateTime", ObjectMeta.time(now)), now);
        remove(status, condition.path("type").asText());
        status.withArray("conditions").add(condition);
    }

    private static void remove(ObjectNode status, String type) {
        ArrayNode conditions = status.withArray("conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            if (conditions.get(i).path("type").asText().equals(type)) {
                conditions.remove(i);
            }
        }
    }

    static boolean complete(JsonNode deployment, JsonNode status) {
        int replicas = deployment.path("spec").path("replicas").asInt(1);
        return status.path("updatedReplicas").asInt() == replicas
                && status.path("replicas").asInt() == replicas
                && status.path("availableReplicas").asInt() == replicas
                && status.path("observedGeneration").asLong() >= ObjectMeta.generation(deployment);
    }

    private static boolean progressed(JsonNode before, JsonNode after) {
        int oldBefore =
                before.path("replicas").asInt() - before.path("updatedReplicas").asInt();
        int oldAfter =
                after.path("replicas").asInt() - after.path("updatedReplicas").asInt();
        return more("updatedReplicas", before, after)
                || oldAfter < oldBefore
                || more("readyReplicas", before, after)
                || more("availableReplicas", before, after);
    }

    private static boolean more(String field, JsonNode before, JsonNode after) {
        return after.path(field).asInt() > before.path(field).asInt();
    }

    static Optional<Duration> deadline(JsonNode deployment) {
        int seconds = deployment.path("spec").path("progressDeadlineSeconds").asInt(Integer.MAX_VALUE);
        return seconds == Integer.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }

    private static boolean timedOut(JsonNode deployment, Instant now) {
        String reason = reason(Conditions.find(deployment, PROGRESSING));
        return reason.equals(TIMED_OUT)
                || deadlineAt(deployment).filter(at -> !now.isBefore(at)).isPresent();
    }

    /** When a rollout that does not move is given up; empty when none is under way. */
    static Optional<Instant> deadlineAt(JsonNode deployment) {
        JsonNode progressing = Conditions.find(deployment, PROGRESSING);
        String reason = reason(progressing);
        if (!progressing.isObject() || reason.equals(COMPLETE) || reason.equals(TIMED_OUT)) {
            return Optional.empty();
        }
        Instant lastMove = ObjectMeta.time(progressing.path("lastUpdateTime"), Instant.EPOCH);
        return deadline(deployment).map(lastMove::plus);
    }
}
