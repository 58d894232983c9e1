package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import java.time.Instant;
import java.util.List;

/** Pods. */
final class PodStrategy implements Strategy {

    @Override
    public void defaults(ObjectNode object) {
        ObjectNode spec = Json.child(object, "spec");
        PodSpecDefaults.podOnly(spec);
        PodSpecDefaults.spec(spec);
    }

    @Override
    public void beforeCreate(ObjectNode object, Instant now) {
        ObjectNode spec = Json.child(object, "spec");
        PodAdmission.admit(spec);
        object.putObject("status").put("phase", "Pending").put("qosClass", QualityOfService.of(spec));
    }

    @Override
    public void validate(ObjectNode object, List<Cause> causes) {
        new PodSpecValidation("spec", causes).validate(object.path("spec"));
    }

    @Override
    public void validateUpdate(ObjectNode next, ObjectNode live, List<Cause> causes) {
        PodUpdate.validate(Json.child(next, "spec"), Json.child(live, "spec"), causes);
    }
}
