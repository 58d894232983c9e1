package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Labels and finalizers by which somebody else holds a pod back: it is not touched before they are taken off, and not counted as
 * finished before they are all there again.
 *
 * @param notReady the pod is to be out of its Services while it is held back
 */
record Hook(Map<String, String> labels, Set<String> finalizers, boolean notReady) {

    Hook {
        labels = Map.copyOf(labels);
        finalizers = Set.copyOf(finalizers);
    }

    static Hook of(JsonNode field) {
        Map<String, String> labels = new TreeMap<>();
        field.path("labelsHandler")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        Set<String> finalizers = new TreeSet<>();
        field.path("finalizersHandler").forEach(finalizer -> finalizers.add(finalizer.asText()));
        return new Hook(labels, finalizers, field.path("markPodNotReady").asBoolean(false));
    }

    boolean used() {
        return !labels.isEmpty() || !finalizers.isEmpty();
    }

    boolean holds(PodView pod) {
        Set<String> has = pod.finalizers();
        return labels.entrySet().stream().anyMatch(label -> carries(pod, label))
                || finalizers.stream().anyMatch(has::contains);
    }

    boolean complete(PodView pod) {
        return labels.entrySet().stream().allMatch(label -> carries(pod, label))
                && pod.finalizers().containsAll(finalizers);
    }

    private static boolean carries(PodView pod, Map.Entry<String, String> label) {
        return pod.label(label.getKey()).equals(label.getValue());
    }
}
