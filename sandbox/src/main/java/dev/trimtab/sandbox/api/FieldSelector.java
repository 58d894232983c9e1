package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The {@code fieldSelector} of list and watch requests: equality on the few fields a kind allows. */
public final class FieldSelector implements Predicate<JsonNode> {

    private static final Set<String> ALWAYS = Set.of("metadata.name", "metadata.namespace");
    private static final Map<String, Set<String>> BY_RESOURCE = Map.of(
            "pods",
                    Set.of(
                            "spec.nodeName",
                            "spec.restartPolicy",
                            "spec.schedulerName",
                            "spec.serviceAccountName",
                            "spec.hostNetwork",
                            "status.phase",
                            "status.podIP",
                            "status.nominatedNodeName"),
            "nodes", Set.of("spec.unschedulable"),
            "namespaces", Set.of("status.phase"),
            "secrets", Set.of("type"),
            "services", Set.of("spec.clusterIP", "spec.type"),
            "events",
                    Set.of(
                            "involvedObject.kind",
                            "involvedObject.namespace",
                            "involvedObject.name",
                            "involvedObject.uid",
                            "involvedObject.apiVersion",
                            "involvedObject.resourceVersion",
                            "involvedObject.fieldPath",
                            "reason",
                            "reportingComponent",
                            "source",
                            "type"),
            "replicasets.apps", Set.of("status.replicas"),
            "jobs.batch", Set.of("status.successful"));

    private final List<Requirement> requirements;

    private record Requirement(List<String> path, boolean equal, String value) {}

    /** Kinds that can be selected by more than their names word their refusal themselves. */
    private static StatusException unknown(Resource resource, String field) {
        boolean own = resource.is(Resource.Trait.CUSTOM) || BY_RESOURCE.containsKey(resource.name());
        return Failures.badRequest(
                own
                        ? "field label not supported: " + field
                        : '"' + field
                                + "\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
    }

    private FieldSelector(List<Requirement> requirements) {
        this.requirements = requirements;
    }

    /** @throws StatusException 400 when the text is not a selector, or names a field the resource cannot be selected by */
    public static FieldSelector parse(String text, Resource resource, Set<String> selectable) {
        List<Requirement> requirements = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (part.isBlank()) {
                continue;
            }
            int at = part.indexOf('=');
            if (at < 1) {
                throw Failures.badRequest("invalid selector: '" + text + "'; can't understand '" + part + "'");
            }
            boolean equal = part.charAt(at - 1) != '!';
            String field = part.substring(0, equal ? at : at - 1).strip();
            String value =
                    part.substring(part.startsWith("==", at) ? at + 2 : at + 1).strip();
            if (!ALWAYS.contains(field)
                    && !selectable.contains(field)
                    && !BY_RESOURCE.getOrDefault(resource.name(), Set.of()).contains(field)) {
                throw unknown(resource, field);
            }
            requirements.add(new Requirement(List.of(field.split("\\.", -1)), equal, value));
        }
        return new FieldSelector(List.copyOf(requirements));
    }

    /** True when it selects everything. */
    public boolean everything() {
        return requirements.isEmpty();
    }

    @Override
    public boolean test(JsonNode object) {
        return requirements.stream().allMatch(requirement -> {
            JsonNode value = object;
            for (String step : requirement.path()) {
                value = value.path(step);
            }
            String text = value.isObject() ? value.path("component").asText("") : value.asText("");
            return text.equals(orFalse(requirement, value)) == requirement.equal();
        });
    }

    /** An unset boolean reads as false: {@code spec.unschedulable=false} finds all nodes that can be used. */
    private static String orFalse(Requirement requirement, JsonNode value) {
        return value.isMissingNode() && requirement.value().equals("false") ? "" : requirement.value();
    }
}
