package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Kinds of which nothing is special but a few defaults and a few fields that never change.
 *
 * @param filled the defaults
 * @param forbidden what is said when a top-level field changes, by its name
 */
record FixedFields(Consumer<ObjectNode> filled, Map<String, String> forbidden) implements Strategy {

    private static final String RBAC = "rbac.authorization.k8s.io";

    static FixedFields defaulting(Consumer<ObjectNode> filled) {
        return new FixedFields(filled, Map.of());
    }

    static FixedFields storageClass() {
        return new FixedFields(
                object -> {
                    Json.defaultTo(object, "reclaimPolicy", "Delete");
                    Json.defaultTo(object, "volumeBindingMode", "Immediate");
                },
                Map.of(
                        "parameters", "updates to parameters are forbidden.",
                        "provisioner", "updates to provisioner are forbidden.",
                        "reclaimPolicy", "updates to reclaimPolicy are forbidden.",
                        "volumeBindingMode", "updates to volumeBindingMode are forbidden."));
    }

    static FixedFields priorityClass() {
        return new FixedFields(
                object -> {
                    Json.defaultTo(object, "preemptionPolicy", "PreemptLowerPriority");
                    Json.defaultTo(object, "value", 0);
                },
                Map.of(
                        "value", "may not be changed in an update.",
                        "preemptionPolicy", "may not be changed in an update."));
    }

    static FixedFields binding() {
        return new FixedFields(
                object -> {
                    if (object.get("roleRef") instanceof ObjectNode role) {
                        Json.defaultTo(role, "apiGroup", RBAC);
                    }
                    for (ObjectNode subject : Json.objects(object.path("subjects"))) {
                        if (!subject.path("kind").asText().equals("ServiceAccount")) {
                            Json.defaultTo(subject, "apiGroup", RBAC);
                        }
                    }
                },
                Map.of("roleRef", ""));
    }

    static FixedFields networkPolicy() {
        return defaulting(object -> {
            ObjectNode spec = Json.child(object, "spec");
            if (spec.path("policyTypes").isEmpty()) {
                var types = spec.putArray("policyTypes").add("Ingress");
                if (!spec.path("egress").isEmpty()) {
                    types.add("Egress");
                }
            }
            for (String direction : List.of("ingress", "egress")) {
                for (ObjectNode rule : Json.objects(spec.path(direction))) {
                    Json.objects(rule.path("ports")).forEach(port -> Json.defaultTo(port, "protocol", "TCP"));
                }
            }
        });
    }

    static FixedFields autoscaler() {
        return defaulting(object -> {
            ObjectNode spec = Json.child(object, "spec");
            Json.defaultTo(spec, "minReplicas", 1);
            if (spec.path("metrics").isEmpty()) {
                ObjectNode metric = spec.putArray("metrics").addObject().put("type", "Resource");
                metric.putObject("resource")
                        .put("name", "cpu")
                        .putObject("target")
                        .put("type", "Utilization")
                        .put("averageUtilization", 80);
            }
        });
    }

    static FixedFields webhooks(boolean mutating) {
        return defaulting(object -> {
            for (ObjectNode webhook : Json.objects(object.path("webhooks"))) {
                Json.defaultTo(webhook, "failurePolicy", "Fail");
                Json.defaultTo(webhook, "matchPolicy", "Equivalent");
                Json.defaultTo(webhook, "timeoutSeconds", 10);
                Json.child(webhook, "namespaceSelector");
                Json.child(webhook, "objectSelector");
                if (mutating) {
                    Json.defaultTo(webhook, "reinvocationPolicy", "Never");
                }
                if (webhook.path("clientConfig").get("service") instanceof ObjectNode service) {
                    Json.defaultTo(service, "port", 443);
                }
                Json.objects(webhook.path("rules")).forEach(rule -> Json.defaultTo(rule, "scope", "*"));
            }
        });
    }

    static FixedFields endpoints() {
        return defaulting(object -> {
            for (ObjectNode subset : Json.objects(object.path("subsets"))) {
                Json.objects(subset.path("ports")).forEach(port -> Json.defaultTo(port, "protocol", "TCP"));
            }
        });
    }

    @Override
    public void defaults(ObjectNode object) {
        filled.accept(object);
    }

    /** The internal type has no JSON names, so that Go's own show up in the message. */
    private static String asGo(JsonNode roleRef) {
        return "{\"APIGroup\":" + roleRef.path("apiGroup") + ",\"Kind\":" + roleRef.path("kind") + ",\"Name\":"
                + roleRef.path("name") + "}";
    }

    @Override
    public void validateUpdate(ObjectNode next, ObjectNode live, List<Cause> causes) {
        forbidden.forEach((field, text) -> {
            JsonNode to = next.path(field);
            if (Json.same(to, live.path(field))) {
                return;
            }
            causes.add(
                    field.equals("roleRef")
                            ? Cause.invalidValue(field, asGo(to), "cannot change roleRef")
                            : Cause.forbidden(field, text));
        });
    }
}
