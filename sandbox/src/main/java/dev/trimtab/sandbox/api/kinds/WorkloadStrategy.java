package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Kinds that keep pods running from a template: their template, their selector, their replicas. */
final class WorkloadStrategy implements Strategy {

    private final Consumer<ObjectNode> specDefaults;
    private final List<String> statusCounts;

    private WorkloadStrategy(Consumer<ObjectNode> specDefaults, List<String> statusCounts) {
        this.specDefaults = specDefaults;
        this.statusCounts = statusCounts;
    }

    static WorkloadStrategy deployment() {
        return new WorkloadStrategy(
                spec -> {
                    Json.defaultTo(spec, "replicas", 1);
                    Json.defaultTo(spec, "revisionHistoryLimit", 10);
                    Json.defaultTo(spec, "progressDeadlineSeconds", 600);
                    ObjectNode strategy = Json.child(spec, "strategy");
                    Json.defaultTo(strategy, "type", "RollingUpdate");
                    if (strategy.path("type").asText().equals("RollingUpdate")) {
                        ObjectNode rolling = Json.child(strategy, "rollingUpdate");
                        Json.defaultTo(rolling, "maxUnavailable", "25%");
                        Json.defaultTo(rolling, "maxSurge", "25%");
                    }
                },
                List.of());
    }

    static WorkloadStrategy replicaSet() {
        return new WorkloadStrategy(spec -> Json.defaultTo(spec, "replicas", 1), List.of("replicas"));
    }

    static WorkloadStrategy statefulSet() {
        return new WorkloadStrategy(
                spec -> {
                    Json.defaultTo(spec, "replicas", 1);
                    Json.defaultTo(spec, "revisionHistoryLimit", 10);
                    Json.defaultTo(spec, "podManagementPolicy", "OrderedReady");
                    ObjectNode strategy = Json.child(spec, "updateStrategy");
                    Json.defaultTo(strategy, "type", "RollingUpdate");
                    if (strategy.path("type").asText().equals("RollingUpdate")) {
                        Json.defaultTo(Json.child(strategy, "rollingUpdate"), "partition", 0);
                    }
                    ObjectNode retention = Json.child(spec, "persistentVolumeClaimRetentionPolicy");
                    Json.defaultTo(retention, "whenDeleted", "Retain");
                    Json.defaultTo(retention, "whenScaled", "Retain");
                    for (ObjectNode claim : Json.objects(spec.path("volumeClaimTemplates"))) {
                        Json.defaultTo(claim, "apiVersion", "v1");
                        Json.defaultTo(claim, "kind", "PersistentVolumeClaim");
                        Json.defaultTo(Json.child(claim, "spec"), "volumeMode", "Filesystem");
                        Json.defaultTo(Json.child(claim, "status"), "phase", "Pending");
                    }
                },
                List.of("replicas", "availableReplicas"));
    }

    static WorkloadStrategy daemonSet() {
        return new WorkloadStrategy(
                spec -> {
                    Json.defaultTo(spec, "revisionHistoryLimit", 10);
                    ObjectNode strategy = Json.child(spec, "updateStrategy");
                    Json.defaultTo(strategy, "type", "RollingUpdate");
                    if (strategy.path("type").asText().equals("RollingUpdate")) {
                        ObjectNode rolling = Json.child(strategy, "rollingUpdate");
                        Json.defaultTo(rolling, "maxUnavailable", 1);
                        Json.defaultTo(rolling, "maxSurge", 0);
                    }
                },
                List.of("currentNumberScheduled", "desiredNumberScheduled", "numberMisscheduled", "numberReady"));
    }

    @Override
    public void defaults(ObjectNode object) {
        ObjectNode spec = Json.child(object, "spec");
        specDefaults.accept(spec);
        PodSpecDefaults.template(spec);
    }

    @Override
    public void beforeCreate(ObjectNode object, Instant now) {
        ObjectNode status = object.putObject("status");
        statusCounts.forEach(count -> status.put(count, 0));
    }

    @Override
    public void validate(ObjectNode object, List<Cause> causes) {
        JsonNode spec = object.path("spec");
        JsonNode replicas = spec.path("replicas");
        if (replicas.isNumber() && replicas.asInt() < 0) {
            causes.add(Cause.invalidValue("spec.replicas", replicas.asText(), "must be greater than or equal to 0"));
        }
        selector(spec, causes);
        JsonNode strategy = spec.path("strategy");
        if (strategy.path("type").asText().equals("Recreate")
                && strategy.path("rollingUpdate").isObject()) {
            causes.add(Cause.forbidden(
                    "spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'"));
        }
        JsonNode template = spec.path("template");
        Metadata.labels("spec.template.labels", template.path("metadata").path("labels"), causes);
        new PodSpecValidation("spec.template.spec", causes).validate(template.path("spec"));
        String restart = template.path("spec").path("restartPolicy").asText("Always");
        if (!restart.equals("Always")) {
            causes.add(Cause.notSupported("spec.template.spec.restartPolicy", restart, List.of("Always")));
        }
    }

    private static void selector(JsonNode spec, List<Cause> causes) {
        JsonNode selector = spec.path("selector");
        JsonNode labels = spec.path("template").path("metadata").path("labels");
        if (!selector.isObject()) {
            causes.add(Cause.required("spec.selector", ""));
        } else if (selector.path("matchLabels").isEmpty()
                && selector.path("matchExpressions").isEmpty()) {
            causes.add(Cause.invalidValue(
                    "spec.selector", selector.toString(), "empty selector is invalid for deployment"));
        } else if (!Selectors.matches(selector, labels)) {
            causes.add(Cause.invalidValue(
                    "spec.template.metadata.labels",
                    labels.isMissingNode() ? "null" : labels.toString(),
                    "`selector` does not match template `labels`"));
        }
    }

    @Override
    public void validateUpdate(ObjectNode next, ObjectNode live, List<Cause> causes) {
        JsonNode to = next.path("spec");
        JsonNode from = live.path("spec");
        if (next.path("kind").asText().equals("StatefulSet")) {
            ObjectNode rest = to.deepCopy();
            for (String field : List.of(
                    "replicas",
                    "ordinals",
                    "template",
                    "updateStrategy",
                    "revisionHistoryLimit",
                    "persistentVolumeClaimRetentionPolicy",
                    "minReadySeconds")) {
                Json.carry((ObjectNode) from, rest, field);
            }
            if (!Json.same(rest, from)) {
                causes.add(Cause.forbidden(
                        "spec",
                        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
                                + " 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and"
                                + " 'minReadySeconds' are forbidden"));
            }
            return;
        }
        Metadata.immutable("spec.selector", to.path("selector"), from.path("selector"), causes);
    }
}
