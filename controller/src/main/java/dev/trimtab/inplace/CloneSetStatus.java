package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The status of a CloneSet, with OpenKruise's fields and meanings. */
final class CloneSetStatus {

    private CloneSetStatus() {}

    /**
     * @param scaleProblem what stands in condition FailedScale
     * @param updateProblem what stands in condition FailedUpdate
     */
    static ObjectNode of(
            CloneSetState state, Decision decision, Optional<String> scaleProblem, Optional<String> updateProblem) {
        CloneSet cloneSet = state.cloneSet();
        Predicate<PodView> updated =
                pod -> decision.wanted().map(wanted -> wanted.isLabelOf(pod)).orElse(false);
        int replicas = state.pods().size();
        int updatedReplicas = count(state, updated);
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("observedGeneration", cloneSet.generation())
                .put("replicas", replicas)
                .put("readyReplicas", count(state, PodView::ready))
                .put("availableReplicas", count(state, state::available))
                .put("updatedReplicas", updatedReplicas)
                .put("updatedReadyReplicas", count(state, updated.and(PodView::ready)))
                .put("updatedAvailableReplicas", count(state, updated.and(state::available)))
                .put(
                        "expectedUpdatedReplicas",
                        cloneSet.replicas() - cloneSet.strategy().partition(cloneSet.replicas()));
        boolean everyPod = updatedReplicas == replicas && replicas == cloneSet.replicas();
        decision.wanted().ifPresent(wanted -> status.put("updateRevision", wanted.name()));
        (everyPod ? decision.wanted() : decision.current())
                .ifPresent(current -> status.put("currentRevision", current.name()));
        if (cloneSet.collisionCount() > 0) {
            status.put("collisionCount", cloneSet.collisionCount());
        }
        status.put("labelSelector", selector(cloneSet.spec().path("selector")));
        ArrayNode conditions = JsonNodeFactory.instance.arrayNode();
        scaleProblem.ifPresent(problem -> conditions.add(condition(state, "FailedScale", problem)));
        updateProblem.ifPresent(problem -> conditions.add(condition(state, "FailedUpdate", problem)));
        new Progress(state, status).condition().ifPresent(conditions::add);
        status.set("conditions", conditions);
        return status;
    }

    /** A merge patch from the status the CloneSet has; empty when it has this one. */
    static Optional<ObjectNode> patch(CloneSet cloneSet, ObjectNode status) {
        ObjectNode changes = JsonNodeFactory.instance.objectNode();
        status.properties().forEach(field -> {
            JsonNode has = cloneSet.status().path(field.getKey());
            boolean bothEmpty = field.getValue().isArray() && field.getValue().isEmpty() && has.isEmpty();
            if (!bothEmpty && !same(has, field.getValue())) {
                changes.set(field.getKey(), field.getValue());
            }
        });
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.set("status", changes);
        return Optional.of(patch);
    }

    private static boolean same(JsonNode has, JsonNode wanted) {
        return has.equals(wanted) || (has.isNumber() && wanted.isNumber() && has.asLong() == wanted.asLong());
    }

    private static int count(CloneSetState state, Predicate<PodView> which) {
        return (int) state.pods().stream().filter(which).count();
    }

    private static ObjectNode condition(CloneSetState state, String type, String message) {
        String since = Containers.stream(state.cloneSet().status().path("conditions"))
                .filter(had -> had.path("type").asText().equals(type))
                .map(had -> had.path("lastTransitionTime").asText(""))
                .filter(time -> !time.isEmpty())
                .findFirst()
                .orElse(state.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("status", "True")
                .put("lastTransitionTime", since)
                .put("message", message);
    }

    /** A label selector as a query writes it; the scale subresource hands it to autoscalers. */
    static String selector(JsonNode selector) {
        TreeMap<String, String> labels = new TreeMap<>();
        selector.path("matchLabels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        List<String> terms = new ArrayList<>();
        labels.forEach((key, value) -> terms.add(key + "=" + value));
        for (JsonNode expression : selector.path("matchExpressions")) {
            String key = expression.path("key").asText();
            List<String> values = new ArrayList<>();
            expression.path("values").forEach(value -> values.add(value.asText()));
            values.sort(null);
            String list = "(" + String.join(",", values) + ")";
            terms.add(
                    switch (expression.path("operator").asText()) {
                        case "In" -> key + " in " + list;
                        case "NotIn" -> key + " notin " + list;
                        case "DoesNotExist" -> "!" + key;
                        default -> key;
                    });
        }
        return String.join(",", terms);
    }

    /** Of a set with an update under way; empty where all pods are as they are to be. */
    static Stream<RolloutProgress> progress(ObjectNode cloneSet) {
        JsonNode status = cloneSet.path("status");
        int expected = status.path("expectedUpdatedReplicas").asInt(0);
        int told = status.path("updatedReplicas").asInt(0);
        int available = status.path("updatedAvailableReplicas").asInt(0);
        if (Math.min(told, available) >= expected) {
            return Stream.empty();
        }
        Optional<String> stalled = Containers.stream(status.path("conditions"))
                .filter(condition -> condition.path("reason").asText().equals("ProgressDeadlineExceeded")
                        || (condition.path("type").asText().equals("FailedUpdate")
                                && condition.path("status").asText().equals("True")))
                .map(condition -> condition.path("message").asText())
                .findFirst();
        return Stream.of(new RolloutProgress(
                ObjectKey.of(cloneSet),
                available,
                Math.max(0, told - available),
                Math.max(0, expected - told),
                stalled));
    }
}
