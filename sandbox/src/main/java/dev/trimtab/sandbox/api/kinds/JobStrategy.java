package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import java.time.Instant;
import java.util.List;

/** Jobs: run to the end, select their pods by their own uid, and keep their template. */
final class JobStrategy implements Strategy {

    @Override
    public void defaults(ObjectNode object) {
        spec(Json.child(object, "spec"));
    }

    static void spec(ObjectNode spec) {
        if (!spec.has("completions") && !spec.has("parallelism")) {
            spec.put("completions", 1);
        }
        Json.defaultTo(spec, "parallelism", 1);
        Json.defaultTo(spec, "backoffLimit", 6);
        Json.defaultTo(spec, "completionMode", "NonIndexed");
        Json.defaultTo(spec, "suspend", false);
        Json.defaultTo(spec, "podReplacementPolicy", spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        PodSpecDefaults.template(spec);
    }

    @Override
    public void beforeCreate(ObjectNode object, Instant now) {
        object.putObject("status");
        ObjectNode spec = Json.child(object, "spec");
        if (spec.path("manualSelector").asBoolean()) {
            return;
        }
        JsonNode uid = object.path("metadata").path("uid");
        ObjectNode labels = Json.child(Json.metadata(Json.child(spec, "template")), "labels");
        labels.set("batch.kubernetes.io/controller-uid", uid);
        labels.put("batch.kubernetes.io/job-name", Json.name(object));
        labels.set("controller-uid", uid);
        labels.put("job-name", Json.name(object));
        spec.putObject("selector").putObject("matchLabels").set("batch.kubernetes.io/controller-uid", uid);
    }

    @Override
    public void validate(ObjectNode object, List<Cause> causes) {
        template("spec", object.path("spec"), causes);
    }

    static void template(String path, JsonNode spec, List<Cause> causes) {
        JsonNode pod = spec.path("template").path("spec");
        new PodSpecValidation(path + ".template.spec", causes).validate(pod);
        if (pod.path("restartPolicy").asText().equals("Always")) {
            causes.add(new Cause(
                    "FieldValueRequired",
                    path + ".template.spec.restartPolicy",
                    "Required value: valid values: \"OnFailure\", \"Never\""));
        }
    }

    @Override
    public void validateUpdate(ObjectNode next, ObjectNode live, List<Cause> causes) {
        for (String field : List.of("selector", "template", "completionMode", "podFailurePolicy")) {
            Metadata.immutable(
                    "spec." + field,
                    next.path("spec").path(field),
                    live.path("spec").path(field),
                    causes);
        }
    }
}
