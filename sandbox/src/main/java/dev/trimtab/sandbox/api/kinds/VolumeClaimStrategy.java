package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import java.time.Instant;
import java.util.List;

/** PersistentVolumeClaims: fixed after creation but for the size they ask for. */
final class VolumeClaimStrategy implements Strategy {

    @Override
    public void defaults(ObjectNode object) {
        Json.defaultTo(Json.child(object, "spec"), "volumeMode", "Filesystem");
    }

    @Override
    public void beforeCreate(ObjectNode object, Instant now) {
        object.putObject("status").put("phase", "Pending");
    }

    @Override
    public void validate(ObjectNode object, List<Cause> causes) {
        if (object.path("spec").path("accessModes").isEmpty()) {
            causes.add(Cause.required("spec.accessModes", "at least 1 access mode is required"));
        }
        if (!object.path("spec").path("resources").path("requests").has("storage")) {
            causes.add(Cause.required("spec.resources[storage]", ""));
        }
    }

    @Override
    public void validateUpdate(ObjectNode next, ObjectNode live, List<Cause> causes) {
        ObjectNode to = Json.child(next, "spec").deepCopy();
        ObjectNode from = Json.child(live, "spec");
        Json.carry(from, to, "resources");
        Json.carry(from, to, "volumeAttributesClassName");
        if (from.path("volumeName").asText("").isEmpty()) {
            Json.carry(from, to, "volumeName");
        }
        if (!Json.same(to, from)) {
            causes.add(Cause.forbidden(
                    "spec",
                    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound"
                            + " claims"));
        }
    }
}
