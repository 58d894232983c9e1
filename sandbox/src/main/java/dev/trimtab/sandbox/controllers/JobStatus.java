package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.controllers.JobVerdict.End;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The next status of a Job, made from the present one step by step. */
final class JobStatus {

    private static final String UNCOUNTED = "uncountedTerminatedPods";

    private final JsonNode job;
    private final ObjectNode status;
    private final Instant now;

    JobStatus(JsonNode job, Instant now) {
        this.job = job;
        this.status =
                job.path("status").isObject() ? job.path("status").deepCopy() : JsonNodeFactory.instance.objectNode();
        this.now = now;
    }

    static boolean finished(JsonNode job) {
        return Conditions.isTrue(job, "Complete") || Conditions.isTrue(job, "Failed");
    }

    ObjectNode json() {
        return status;
    }

    void start() {
        if (!status.hasNonNull("startTime") && !job.path("spec").path("suspend").asBoolean()) {
            status.put("startTime", ObjectMeta.time(now));
        }
    }

    /** The time that a Job is active starts anew when it is resumed. */
    void suspended(boolean suspended) {
        boolean before = Conditions.isTrue(job, "Suspended");
        if (suspended == before) {
            return;
        }
        if (suspended) {
            condition("Suspended", true, "JobSuspended", "Job suspended");
            status.remove("startTime");
        } else {
            condition("Suspended", false, "JobResumed", "Job resumed");
            status.put("startTime", ObjectMeta.time(now));
        }
    }

    void count(JobPods pods) {
        number("active", pods.active().size());
        status.put("ready", (int) pods.active().stream().filter(PodState::ready).count());
        status.put("terminating", pods.terminating());
        status.withObject(UNCOUNTED);
    }

    void announce(End end) {
        if (!isTrue(end.announcement())) {
            condition(end.announcement(), true, end.reason(), end.message());
        }
    }

    /** Notes pods that are about to be let go: by their uids, or, where one success an index is enough, by their indexes. */
    void note(JobPods pods, List<ObjectNode> ended, Optional<End> end) {
        Set<Integer> indexes = new TreeSet<>(pods.completedIndexes());
        for (ObjectNode pod : ended) {
            boolean succeeded = JobPods.succeeded(pod);
            boolean failed =
                    pods.isFailed(pod) || end.filter(how -> !how.success()).isPresent();
            if (succeeded && pods.indexed()) {
                pods.index(pod).ifPresent(indexes::add);
            } else if (succeeded) {
                noteOnce("succeeded", pod);
            } else if (failed && pods.valid(pod) && PodFailurePolicy.counts(job, pod)) {
                noteOnce("failed", pod);
            }
        }
        if (pods.indexed()) {
            number("succeeded", indexes.size());
            if (indexes.isEmpty()) {
                status.remove("completedIndexes");
            } else {
                status.put("completedIndexes", JobIndexes.write(indexes));
            }
        }
    }

    private void noteOnce(String list, JsonNode pod) {
        ArrayNode noted = status.withObject(UNCOUNTED).withArray(list);
        for (JsonNode uid : noted) {
            if (uid.asText().equals(ObjectMeta.uid(pod))) {
                return;
            }
        }
        noted.add(ObjectMeta.uid(pod));
    }

    /** Adds what was noted to the counts. */
    void countNoted() {
        for (String list : List.of("succeeded", "failed")) {
            number(
                    list,
                    status.path(list).asInt()
                            + status.path(UNCOUNTED).path(list).size());
        }
        status.putObject(UNCOUNTED);
    }

    void declare(End end) {
        condition(end.condition(), true, end.reason(), end.message());
        if (end.success()) {
            status.put("completionTime", ObjectMeta.time(now));
        }
    }

    private boolean isTrue(String type) {
        return Conditions.isTrue(JsonNodeFactory.instance.objectNode().set("status", status), type);
    }

    private void condition(String type, boolean value, String reason, String message) {
        ObjectNode condition = Conditions.condition(type, value, reason, message);
        condition.put("lastProbeTime", ObjectMeta.time(now));
        Conditions.set(status, condition, now);
    }

    /** As the API's types have it: a number that is zero is left out. */
    private void number(String field, int number) {
        if (number == 0) {
            status.remove(field);
        } else {
            status.put(field, number);
        }
    }
}
