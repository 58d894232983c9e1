package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** CustomResourceDefinitions: established the moment they are stored. */
final class DefinitionStrategy implements Strategy {

    @Override
    public void defaults(ObjectNode object) {
        ObjectNode spec = Json.child(object, "spec");
        ObjectNode names = Json.child(spec, "names");
        String kind = names.path("kind").asText("");
        if (!kind.isEmpty()) {
            Json.defaultTo(names, "singular", kind.toLowerCase(Locale.ROOT));
            Json.defaultTo(names, "listKind", kind + "List");
        }
        Json.defaultTo(Json.child(spec, "conversion"), "strategy", "None");
    }

    @Override
    public void beforeCreate(ObjectNode object, Instant now) {
        ObjectNode status = object.putObject("status");
        ArrayNode conditions = status.putArray("conditions");
        condition(conditions, "NamesAccepted", "NoConflicts", "no conflicts found", now);
        condition(conditions, "Established", "InitialNamesAccepted", "the initial names have been accepted", now);
        accept(object, status);
    }

    @Override
    public void beforeUpdate(ObjectNode next, ObjectNode live) {
        accept(next, Json.child(next, "status"));
    }

    private static void accept(ObjectNode object, ObjectNode status) {
        JsonNode spec = object.path("spec");
        status.set("acceptedNames", spec.path("names").deepCopy());
        ArrayNode stored = status.path("storedVersions") instanceof ArrayNode present
                ? present.deepCopy()
                : Json.MAPPER.createArrayNode();
        for (JsonNode version : spec.path("versions")) {
            JsonNode name = version.path("name");
            if (version.path("storage").asBoolean() && !contains(stored, name)) {
                stored.add(name);
            }
        }
        status.set("storedVersions", stored);
    }

    private static boolean contains(ArrayNode array, JsonNode value) {
        for (JsonNode element : array) {
            if (element.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static void condition(ArrayNode conditions, String type, String reason, String message, Instant now) {
        conditions
                .addObject()
                .put("type", type)
                .put("status", "True")
                .put("lastTransitionTime", Json.time(now))
                .put("reason", reason)
                .put("message", message);
    }

    @Override
    public void validate(ObjectNode object, List<Cause> causes) {
        JsonNode spec = object.path("spec");
        String group = spec.path("group").asText("");
        String plural = spec.path("names").path("plural").asText("");
        if (group.isEmpty()) {
            causes.add(Cause.required("spec.group", ""));
        }
        if (plural.isEmpty()) {
            causes.add(Cause.required("spec.names.plural", ""));
        }
        if (spec.path("names").path("kind").asText("").isEmpty()) {
            causes.add(Cause.required("spec.names.kind", ""));
        }
        if (!Json.name(object).equals(plural + "." + group)) {
            causes.add(Cause.invalid("metadata.name", Json.name(object), "must be spec.names.plural+\".\"+spec.group"));
        }
        String scope = spec.path("scope").asText("");
        if (!scope.equals("Namespaced") && !scope.equals("Cluster")) {
            causes.add(
                    scope.isEmpty()
                            ? Cause.required("spec.scope", "")
                            : Cause.notSupported("spec.scope", scope, List.of("Cluster", "Namespaced")));
        }
        versions(spec.path("versions"), causes);
    }

    private static void versions(JsonNode versions, List<Cause> causes) {
        int storage = 0;
        for (int i = 0; i < versions.size(); i++) {
            JsonNode version = versions.get(i);
            storage += version.path("storage").asBoolean() ? 1 : 0;
            if (!version.path("schema").path("openAPIV3Schema").isObject()) {
                causes.add(Cause.required("spec.versions[" + i + "].schema.openAPIV3Schema", "schemas are required"));
            } else {
                // The server speaks of a lone version's schema as if it were that of all.
                new StructuralSchema(causes)
                        .validate(
                                (versions.size() == 1 ? "spec.validation" : "spec.versions[" + i + "].schema")
                                        + ".openAPIV3Schema",
                                version.path("schema").path("openAPIV3Schema"));
            }
        }
        if (storage != 1) {
            causes.add(Cause.invalidValue(
                    "spec.versions", versions.toString(), "must have exactly one version marked as storage version"));
        }
    }

    @Override
    public void validateUpdate(ObjectNode next, ObjectNode live, List<Cause> causes) {
        for (String field : List.of("group", "scope")) {
            Metadata.immutable(
                    "spec." + field,
                    next.path("spec").path(field),
                    live.path("spec").path(field),
                    causes);
        }
        for (String field : List.of("plural", "kind")) {
            Metadata.immutable(
                    "spec.names." + field,
                    next.path("spec").path("names").path(field),
                    live.path("spec").path("names").path(field),
                    causes);
        }
    }
}
