package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import java.time.Instant;
import java.util.List;

/** Ingresses. */
final class IngressStrategy implements Strategy {

    @Override
    public void beforeCreate(ObjectNode object, Instant now) {
        object.putObject("status").putObject("loadBalancer");
    }

    @Override
    public void validate(ObjectNode object, List<Cause> causes) {
        JsonNode spec = object.path("spec");
        if (spec.path("rules").isEmpty() && !spec.has("defaultBackend")) {
            causes.add(Cause.invalid("spec", "", "either `defaultBackend` or `rules` must be specified"));
        }
        for (int r = 0; r < spec.path("rules").size(); r++) {
            JsonNode paths = spec.path("rules").get(r).path("http").path("paths");
            for (int p = 0; p < paths.size(); p++) {
                path("spec.rules[" + r + "].http.paths[" + p + "]", paths.get(p), causes);
            }
        }
    }

    private static void path(String field, JsonNode path, List<Cause> causes) {
        if (!path.has("pathType")) {
            causes.add(Cause.required(field + ".pathType", "pathType must be specified"));
        }
        JsonNode backend = path.path("backend");
        if (!backend.has("service") && !backend.has("resource")) {
            causes.add(Cause.required(field + ".backend", "must specify a backend"));
        }
    }
}
