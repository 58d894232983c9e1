package dev.trimtab.sandbox.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Kinds that run pods. */
final class WorkloadColumns {

    private static final Column CONTAINERS = template("Containers", "name");
    private static final Column IMAGES = template("Images", "image");
    private static final Column SELECTOR = Column.text("Selector", object -> labels(object.at("/spec/selector")))
            .wide();

    static final Map<String, List<Column>> BY_RESOURCE = Map.of(
            "deployments.apps",
                    List.of(
                            Column.objectName(),
                            ready("/status/readyReplicas"),
                            Column.number("Up-to-date", "/status/updatedReplicas"),
                            Column.number("Available", "/status/availableReplicas"),
                            Column.age(),
                            CONTAINERS,
                            IMAGES,
                            SELECTOR),
            "replicasets.apps",
                    List.of(
                            Column.objectName(),
                            Column.number("Desired", "/spec/replicas"),
                            Column.number("Current", "/status/replicas"),
                            Column.number("Ready", "/status/readyReplicas"),
                            Column.age(),
                            CONTAINERS,
                            IMAGES,
                            SELECTOR),
            "statefulsets.apps",
                    List.of(Column.objectName(), ready("/status/readyReplicas"), Column.age(), CONTAINERS, IMAGES),
            "daemonsets.apps",
                    List.of(
                            Column.objectName(),
                            Column.number("Desired", "/status/desiredNumberScheduled"),
                            Column.number("Current", "/status/currentNumberScheduled"),
                            Column.number("Ready", "/status/numberReady"),
                            Column.number("Up-to-date", "/status/updatedNumberScheduled"),
                            Column.number("Available", "/status/numberAvailable"),
                            Column.text(
                                    "Node Selector", object -> pairs(object.at("/spec/template/spec/nodeSelector"))),
                            Column.age(),
                            CONTAINERS,
                            IMAGES,
                            SELECTOR),
            "jobs.batch",
                    List.of(
                            Column.objectName(),
                            Column.text("Status", WorkloadColumns::jobStatus),
                            Column.text("Completions", WorkloadColumns::completions),
                            new Column("Duration", "string", "", 0, "", WorkloadColumns::duration),
                            Column.age(),
                            CONTAINERS,
                            IMAGES,
                            SELECTOR),
            "cronjobs.batch",
                    List.of(
                            Column.objectName(),
                            Column.text("Schedule", "/spec/schedule"),
                            Column.text("Timezone", object -> PodColumns.orNone(object.at("/spec/timeZone"))),
                            Column.text(
                                    "Suspend",
                                    object -> object.at("/spec/suspend").asBoolean() ? "True" : "False"),
                            new Column(
                                    "Active",
                                    "integer",
                                    "",
                                    0,
                                    "",
                                    (object, now) -> object.at("/status/active").size()),
                            Column.since("Last Schedule", "/status/lastScheduleTime"),
                            Column.age(),
                            ofRuns("Containers", "name"),
                            ofRuns("Images", "image"),
                            Column.text("Selector", object -> labels(object.at("/spec/jobTemplate/spec/selector")))
                                    .wide()));

    private WorkloadColumns() {}

    private static Column ready(String pointer) {
        return Column.text(
                "Ready",
                object -> object.at(pointer).asInt() + "/"
                        + object.at("/spec/replicas").asInt());
    }

    private static Column template(String name, String field) {
        return ofContainers(name, "/spec/template/spec/containers", field).wide();
    }

    private static Column ofRuns(String name, String field) {
        return ofContainers(name, "/spec/jobTemplate/spec/template/spec/containers", field)
                .wide();
    }

    /** One field of all containers at a JSON pointer. */
    static Column ofContainers(String name, String pointer, String field) {
        return Column.text(name, object -> {
            List<String> values = new ArrayList<>();
            object.at(pointer).forEach(each -> values.add(each.path(field).asText()));
            return String.join(",", values);
        });
    }

    private static String jobStatus(ObjectNode job) {
        Set<String> conditions = new HashSet<>();
        for (JsonNode condition : job.at("/status/conditions")) {
            if (condition.path("status").asText().equals("True")) {
                conditions.add(condition.path("type").asText());
            }
        }
        if (job.at("/metadata/deletionTimestamp").isTextual()) {
            conditions.add("Terminating");
        }
        return Stream.of("Complete", "Failed", "Terminating", "Suspended", "FailureTarget", "SuccessCriteriaMet")
                .filter(conditions::contains)
                .findFirst()
                .orElse("Running");
    }

    private static String completions(ObjectNode job) {
        int succeeded = job.at("/status/succeeded").asInt();
        int parallelism = job.at("/spec/parallelism").asInt(1);
        JsonNode completions = job.at("/spec/completions");
        if (completions.isNumber()) {
            return succeeded + "/" + completions.asInt();
        }
        return succeeded + "/1" + (parallelism > 1 ? " of " + parallelism : "");
    }

    private static String duration(ObjectNode job, Instant now) {
        JsonNode start = job.at("/status/startTime");
        JsonNode end = job.at("/status/completionTime");
        return start.isTextual() ? Ages.since(start, end.isTextual() ? Instant.parse(end.asText()) : now) : "";
    }

    /** A selector as text; expressions are shown as they would be typed. */
    static String labels(JsonNode selector) {
        List<String> parts = new ArrayList<>();
        selector.path("matchLabels")
                .properties()
                .forEach(label ->
                        parts.add(label.getKey() + "=" + label.getValue().asText()));
        for (JsonNode expression : selector.path("matchExpressions")) {
            List<String> values = new ArrayList<>();
            expression.path("values").forEach(value -> values.add(value.asText()));
            String key = expression.path("key").asText();
            parts.add(
                    switch (expression.path("operator").asText()) {
                        case "In" -> key + " in (" + String.join(",", values) + ")";
                        case "NotIn" -> key + " notin (" + String.join(",", values) + ")";
                        case "DoesNotExist" -> "!" + key;
                        default -> key;
                    });
        }
        return parts.isEmpty() ? "<none>" : String.join(",", parts);
    }

    static String pairs(JsonNode map) {
        List<String> parts = new ArrayList<>();
        map.properties()
                .forEach(entry ->
                        parts.add(entry.getKey() + "=" + entry.getValue().asText()));
        return parts.isEmpty() ? "<none>" : String.join(",", parts);
    }
}
