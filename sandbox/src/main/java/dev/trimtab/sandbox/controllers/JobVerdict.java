package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/** Whether and why a Job is over. */
final class JobVerdict {

    /** How a Job ends, as its conditions tell it. */
    record End(boolean success, String reason, String message) {

        /** The condition that announces it, while pods are still about. */
        String announcement() {
            return success ? "SuccessCriteriaMet" : "FailureTarget";
        }

        String condition() {
            return success ? "Complete" : "Failed";
        }
    }

    private JobVerdict() {}

    /** An end that was announced before, or a failure. */
    static Optional<End> of(JsonNode job, JsonNode status, JobPods pods, Instant now) {
        Optional<End> announced = announced(job, true).or(() -> announced(job, false));
        if (announced.isPresent()) {
            return announced;
        }
        Optional<End> policy = pods.failed().stream()
                .flatMap(pod -> PodFailurePolicy.failsJob(job, pod).stream())
                .findFirst()
                .map(message -> new End(false, "PodFailurePolicy", message));
        if (policy.isPresent()) {
            return policy;
        }
        int limit = job.path("spec").path("backoffLimit").asInt();
        if (pods.failures() > limit || restartedTooOften(job, pods, limit)) {
            return Optional.of(new End(false, "BackoffLimitExceeded", "Job has reached the specified backoff limit"));
        }
        return deadline(job, status)
                .filter(at -> !at.isAfter(now))
                .map(at -> new End(false, "DeadlineExceeded", "Job was active longer than specified deadline"));
    }

    private static Optional<End> announced(JsonNode job, boolean success) {
        End end = new End(success, "", "");
        JsonNode condition = Conditions.find(job, end.announcement());
        return condition.path("status").asText().equals("True")
                ? Optional.of(new End(
                        success,
                        condition.path("reason").asText(),
                        condition.path("message").asText()))
                : Optional.empty();
    }

    /** Where containers are restarted in their pods, restarts are what counts. */
    private static boolean restartedTooOften(JsonNode job, JobPods pods, int limit) {
        if (!job.path("spec")
                .path("template")
                .path("spec")
                .path("restartPolicy")
                .asText()
                .equals("OnFailure")) {
            return false;
        }
        int restarts = pods.restarts();
        return limit == 0 ? restarts > 0 : restarts >= limit;
    }

    /** Success, once nothing runs any more. */
    static Optional<End> success(ObjectNode job, JobPods pods) {
        JsonNode completions = job.path("spec").path("completions");
        int wanted = completions.isNumber() ? completions.asInt() : 1;
        return pods.active().isEmpty() && pods.successes() >= wanted
                ? Optional.of(new End(true, "CompletionsReached", "Reached expected number of succeeded pods"))
                : Optional.empty();
    }

    /** When a Job that is not suspended has been active for too long. */
    static Optional<Instant> deadline(JsonNode job, JsonNode status) {
        JsonNode seconds = job.path("spec").path("activeDeadlineSeconds");
        JsonNode start = status.path("startTime");
        return seconds.isNumber()
                        && start.isTextual()
                        && !job.path("spec").path("suspend").asBoolean()
                ? Optional.of(Instant.parse(start.asText()).plusSeconds(seconds.asLong()))
                : Optional.empty();
    }
}
