package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether a node takes a pod, and if not, why, in the scheduler's own words. */
final class NodeFit {

    private NodeFit() {}

    /**
     * Why not, or empty.
     *
     * @param pod a pod, or a template with a pod's spec
     */
    static Optional<String> refusal(JsonNode pod, ObjectNode node, int podsThere) {
        JsonNode spec = pod.path("spec");
        if (node.path("spec").path("unschedulable").asBoolean() && !tolerated(spec, Nodes.UNSCHEDULABLE_TAINT)) {
            return Optional.of("node(s) were unschedulable");
        }
        if (!Nodes.ready(node)) {
            return Optional.of("node(s) had untolerated taint {node.kubernetes.io/not-ready: }");
        }
        for (JsonNode taint : node.path("spec").path("taints")) {
            String effect = taint.path("effect").asText();
            if ((effect.equals("NoSchedule") || effect.equals("NoExecute")) && !tolerated(spec, taint)) {
                return Optional.of(
                        "node(s) had untolerated taint {" + taint.path("key").asText() + ": "
                                + taint.path("value").asText() + "}");
            }
        }
        if (!selected(spec, node)) {
            return Optional.of("node(s) didn't match Pod's node affinity/selector");
        }
        if (podsThere >= node.path("status").path("allocatable").path("pods").asInt(Integer.MAX_VALUE)) {
            return Optional.of("Too many pods");
        }
        return Optional.empty();
    }

    static boolean tolerated(JsonNode podSpec, JsonNode taint) {
        for (JsonNode toleration : podSpec.path("tolerations")) {
            String effect = toleration.path("effect").asText();
            String key = toleration.path("key").asText();
            boolean exists = toleration.path("operator").asText().equals("Exists");
            if ((effect.isEmpty() || effect.equals(taint.path("effect").asText()))
                    && (key.isEmpty() ? exists : key.equals(taint.path("key").asText()))
                    && (exists
                            || toleration
                                    .path("value")
                                    .asText()
                                    .equals(taint.path("value").asText()))) {
                return true;
            }
        }
        return false;
    }

    private static boolean selected(JsonNode podSpec, ObjectNode node) {
        Map<String, String> labels = ObjectMeta.labels(node);
        boolean bySelector = ObjectMeta.strings(podSpec.path("nodeSelector")).entrySet().stream()
                .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())));
        JsonNode required =
                podSpec.path("affinity").path("nodeAffinity").path("requiredDuringSchedulingIgnoredDuringExecution");
        return bySelector && (!required.isObject() || matchesOneTerm(required.path("nodeSelectorTerms"), node, labels));
    }

    private static boolean matchesOneTerm(JsonNode terms, ObjectNode node, Map<String, String> labels) {
        List<JsonNode> matching = new ArrayList<>();
        for (JsonNode term : terms) {
            Selector byLabels = new Selector(Selector.requirements(term.path("matchExpressions")));
            Selector byFields = new Selector(Selector.requirements(term.path("matchFields")));
            boolean asksForSomething = !byLabels.isEmpty() || !byFields.isEmpty();
            if (asksForSomething
                    && byLabels.matches(labels)
                    && byFields.matches(Map.of("metadata.name", ObjectMeta.name(node)))) {
                matching.add(term);
            }
        }
        return !matching.isEmpty();
    }
}
