package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Jobs: run to the end, select their pods by their own uid, and keep their template. */
final class JobStrategy implements Strategy {

    private static final String UID_LABEL = "batch.kubernetes.io/controller-uid";

    @Override
    public void defaults(ObjectNode object) {
        spec(Json.child(object, "spec"));
    }

    static void spec(ObjectNode spec) {
        if (!spec.has("completions") && !spec.has("parallelism")) {
            spec.put("completions", 1);
        }
        Json.defaultTo(spec, "parallelism", 1);
        Json.defaultTo(spec, "backoffLimit", spec.has("backoffLimitPerIndex") ? Integer.MAX_VALUE : 6);
        Json.defaultTo(spec, "completionMode", "NonIndexed");
        Json.defaultTo(spec, "suspend", false);
        Json.defaultTo(spec, "manualSelector", false);
        Json.defaultTo(spec, "podReplacementPolicy", spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        PodSpecDefaults.template(spec);
    }

    @Override
    public void beforeCreate(ObjectNode object, Instant now) {
        object.putObject("status");
        ObjectNode spec = Json.child(object, "spec");
        if (!spec.path("manualSelector").asBoolean()) {
            ObjectNode labels = Json.child(Json.metadata(Json.child(spec, "template")), "labels");
            generatedLabels(object).forEach((label, value) -> Json.defaultTo(labels, label, value));
            Json.defaultTo(
                    Json.child(Json.child(spec, "selector"), "matchLabels"),
                    UID_LABEL,
                    object.path("metadata").path("uid").asText());
        }
        JsonNode template = spec.path("template").path("metadata").path("labels");
        if (object.path("metadata").path("labels").isEmpty() && !template.isEmpty()) {
            Json.metadata(object).set("labels", template.deepCopy());
        }
    }

    /** What makes the pods of this Job its own, under the names of today and those of before. */
    static Map<String, String> generatedLabels(JsonNode job) {
        String uid = job.path("metadata").path("uid").asText();
        String name = Json.name(job);
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("controller-uid", uid);
        labels.put("job-name", name);
        labels.put(UID_LABEL, uid);
        labels.put("batch.kubernetes.io/job-name", name);
        return labels;
    }

    @Override
    public void validate(ObjectNode object, List<Cause> causes) {
        JobRules.generatedSelector(object, causes);
        new JobRules("spec", object.path("spec"), causes).validate();
        JobRules.hostName(object, causes);
    }

    @Override
    public void validateUpdate(ObjectNode next, ObjectNode live, List<Cause> causes) {
        JobRules.update(next.path("spec"), live, causes);
    }

    @Override
    public void validateStatusUpdate(ObjectNode next, ObjectNode live, List<Cause> causes) {
        new JobStatusRules(next, live, causes).validate();
    }
}
