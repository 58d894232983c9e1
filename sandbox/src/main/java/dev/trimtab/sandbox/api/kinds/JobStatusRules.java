package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import java.time.Instant;
import java.util.List;

/**
 * What a controller may write into a Job's status: the end is announced before it is declared, and cannot be taken back. A rule
 * binds only writes that change what it is about.
 */
final class JobStatusRules {

    private static final List<String> COUNTS = List.of("active", "succeeded", "failed", "ready", "terminating");

    private final JsonNode spec;
    private final JsonNode next;
    private final JsonNode live;
    private final List<Cause> causes;

    JobStatusRules(ObjectNode next, ObjectNode live, List<Cause> causes) {
        this.spec = next.path("spec");
        this.next = next.path("status");
        this.live = live.path("status");
        this.causes = causes;
    }

    void validate() {
        for (String count : COUNTS) {
            if (next.path(count).asLong() < 0) {
                causes.add(Cause.invalidValue(
                        "status." + count, next.path(count).asText(), "must be greater than or equal to 0"));
            }
        }
        completion();
        announcement();
        start();
        pods();
        past();
    }

    private void announcement() {
        if (is(next, "Complete") && is(next, "Failed") && (turned("Complete") || turned("Failed"))) {
            conditions("cannot set Complete=True and Failed=true conditions");
        }
        if (is(next, "Failed") && !is(next, "FailureTarget") && turned("Failed")) {
            conditions("cannot set Failed=True condition without the FailureTarget=true condition");
        }
        if (is(next, "Complete")
                && !is(next, "SuccessCriteriaMet")
                && (turned("Complete") || turned("SuccessCriteriaMet"))) {
            conditions("cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
        }
        if (is(next, "SuccessCriteriaMet") && is(next, "Failed")) {
            conditions("cannot set SuccessCriteriaMet=True and Failed=true conditions");
        }
        if (is(next, "SuccessCriteriaMet") && is(next, "FailureTarget")) {
            conditions("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
        }
    }

    private void completion() {
        JsonNode completion = next.path("completionTime");
        boolean complete = is(next, "Complete");
        if (changed("completionTime") || turned("Complete")) {
            if (completion.isTextual() && !complete) {
                causes.add(Cause.invalidValue(
                        "status.completionTime",
                        completion.toString(),
                        "cannot set completionTime when there is no Complete=True condition"));
            }
            if (!completion.isTextual() && complete) {
                causes.add(Cause.required("status.completionTime", "completionTime is required for Complete jobs"));
            }
        }
        JsonNode start = next.path("startTime");
        if (completion.isTextual()
                && start.isTextual()
                && (changed("completionTime") || changed("startTime"))
                && Instant.parse(completion.asText()).isBefore(Instant.parse(start.asText()))) {
            causes.add(Cause.invalidValue(
                    "status.completionTime", completion.toString(), "must be equal to or after `startTime`"));
        }
    }

    private void start() {
        JsonNode start = next.path("startTime");
        if (finished(next) && !start.isTextual() && (finished(live) != finished(next) || changed("startTime"))) {
            causes.add(Cause.required("status.startTime", "startTime is required for finished job"));
        }
        boolean resumed = is(live, "Suspended") && !is(next, "Suspended");
        if (live.path("startTime").isTextual()
                && changed("startTime")
                && !resumed
                && !spec.path("suspend").asBoolean()) {
            causes.add(Cause.invalidValue(
                    "status.startTime",
                    start.isTextual() ? start.toString() : "null",
                    "field is immutable for unsuspended job once set"));
        }
    }

    private void pods() {
        boolean ends = finished(next) != finished(live);
        if (finished(next) && next.path("active").asInt() > 0 && (ends || changed("active"))) {
            causes.add(Cause.invalidValue(
                    "status.active", next.path("active").asText(), "active>0 is invalid for finished job"));
        }
        if (finished(next) && next.path("terminating").asInt() > 0 && (ends || changed("terminating"))) {
            causes.add(Cause.invalidValue(
                    "status.terminating",
                    next.path("terminating").asText(),
                    "terminating>0 is invalid for finished job"));
        }
        JsonNode uncounted = next.path("uncountedTerminatedPods");
        boolean some = !uncounted.path("succeeded").isEmpty()
                || !uncounted.path("failed").isEmpty();
        if (finished(next) && some && (ends || changed("uncountedTerminatedPods"))) {
            causes.add(Cause.invalidValue(
                    "status.uncountedTerminatedPods", uncounted.toString(), "must be empty for finished job"));
        }
        if (next.path("ready").asInt() > next.path("active").asInt() && (changed("ready") || changed("active"))) {
            causes.add(Cause.invalidValue(
                    "status.ready", next.path("ready").asText(), "cannot set more ready pods than active"));
        }
    }

    private void past() {
        for (String condition : List.of("Complete", "Failed")) {
            if (is(live, condition) && !is(next, condition)) {
                conditions("cannot disable the terminal " + condition + "=True condition");
            }
        }
        for (String condition : List.of("FailureTarget", "SuccessCriteriaMet")) {
            if (is(live, condition) && !is(next, condition)) {
                conditions("cannot disable the " + condition + "=True condition");
            }
        }
        boolean indexed = spec.path("completionMode").asText().equals("Indexed");
        boolean elastic = indexed && Json.same(spec.path("completions"), spec.path("parallelism"));
        for (String count : elastic ? List.of("failed") : List.of("succeeded", "failed")) {
            if (next.path(count).asInt() < live.path(count).asInt()) {
                causes.add(Cause.invalidValue(
                        "status." + count,
                        String.valueOf(next.path(count).asInt()),
                        "cannot decrease the " + count + " counter"));
            }
        }
    }

    private void conditions(String what) {
        causes.add(new Cause("FieldValueInvalid", "status.conditions", "Invalid value: " + what));
    }

    private boolean changed(String field) {
        return !Json.same(next.path(field), live.path(field));
    }

    private boolean turned(String condition) {
        return is(next, condition) != is(live, condition);
    }

    private static boolean finished(JsonNode status) {
        return is(status, "Complete") || is(status, "Failed");
    }

    private static boolean is(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }
}
