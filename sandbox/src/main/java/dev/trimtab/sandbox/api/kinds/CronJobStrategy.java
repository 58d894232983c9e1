package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import java.time.Instant;
import java.util.List;

/** CronJobs. */
final class CronJobStrategy implements Strategy {

    @Override
    public void defaults(ObjectNode object) {
        ObjectNode spec = Json.child(object, "spec");
        Json.defaultTo(spec, "concurrencyPolicy", "Allow");
        Json.defaultTo(spec, "suspend", false);
        Json.defaultTo(spec, "successfulJobsHistoryLimit", 3);
        Json.defaultTo(spec, "failedJobsHistoryLimit", 1);
        // the job's own defaults come when it is made; only its pod has some here
        if (spec.path("jobTemplate").get("spec") instanceof ObjectNode job) {
            PodSpecDefaults.template(job);
        }
    }

    @Override
    public void beforeCreate(ObjectNode object, Instant now) {
        object.putObject("status");
    }

    @Override
    public void validate(ObjectNode object, List<Cause> causes) {
        if (object.path("spec").path("schedule").asText("").isEmpty()) {
            causes.add(Cause.required("spec.schedule", ""));
        }
        new JobRules(
                        "spec.jobTemplate.spec",
                        object.path("spec").path("jobTemplate").path("spec"),
                        causes)
                .validateTemplate();
    }
}
