package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which containers of a pod restart together: those of the highest launch priority and those of none first, the next when these are
 * ready again.
 * Containers whose environment reads the same changed label or annotation belong together, at the higher of their priorities: the
 * pod has only one value of it.
 */
final class Batches {

    private static final String PRIORITY = "KRUISE_CONTAINER_PRIORITY";
    private static final String BARRIER = "KRUISE_CONTAINER_BARRIER";
    private static final Pattern BARRIER_KEY = Pattern.compile("p_(-?\\d{1,9})");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,9}");

    /** With the first of the others, as OpenKruise has it. */
    private static final int NO_PRIORITY = Integer.MAX_VALUE;

    private Batches() {}

    /**
     * @param reads the changed labels and annotations that each container reads into its environment
     * @return those of the containers that may restart now; all of them where no priority says otherwise
     */
    static Set<String> first(PodView pod, Set<String> containers, Map<String, Set<String>> reads) {
        Map<String, Integer> priorities = new HashMap<>();
        containers.forEach(name -> priorities.put(name, priority(pod, name)));
        while (raised(priorities, reads)) {
            // One that was raised may raise those it shares another label with.
        }
        int highest = priorities.values().stream()
                .filter(priority -> priority != NO_PRIORITY)
                .max(Comparator.naturalOrder())
                .orElse(NO_PRIORITY);
        return containers.stream()
                .filter(name -> {
                    int priority = priorities.getOrDefault(name, NO_PRIORITY);
                    return priority == NO_PRIORITY || priority == highest;
                })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean raised(Map<String, Integer> priorities, Map<String, Set<String>> reads) {
        boolean raised = false;
        for (Map.Entry<String, Integer> container : priorities.entrySet()) {
            Set<String> read = reads.getOrDefault(container.getKey(), Set.of());
            int together = priorities.entrySet().stream()
                    .filter(other -> reads.getOrDefault(other.getKey(), Set.of()).stream()
                            .anyMatch(read::contains))
                    .mapToInt(Map.Entry::getValue)
                    .max()
                    .orElse(container.getValue());
            if (together > container.getValue()) {
                container.setValue(together);
                raised = true;
            }
        }
        return raised;
    }

    private static int priority(PodView pod, String name) {
        JsonNode containers = pod.json().path("spec").path("containers");
        boolean ordered = pod.annotation(CloneSetKeys.LAUNCH_PRIORITY).equals("Ordered");
        for (int i = 0; i < containers.size(); i++) {
            JsonNode container = containers.get(i);
            if (container.path("name").asText().equals(name)) {
                return said(container).orElse(ordered ? -i : NO_PRIORITY);
            }
        }
        return NO_PRIORITY;
    }

    /** OpenKruise turns the number into the key of a ConfigMap when it lets a pod in. */
    private static Optional<Integer> said(JsonNode container) {
        for (JsonNode variable : container.path("env")) {
            String name = variable.path("name").asText();
            if (name.equals(PRIORITY)) {
                String text = variable.path("value").asText("");
                return NUMBER.matcher(text).matches() ? Optional.of(Integer.parseInt(text)) : Optional.empty();
            }
            if (name.equals(BARRIER)) {
                Matcher key = BARRIER_KEY.matcher(variable.path("valueFrom")
                        .path("configMapKeyRef")
                        .path("key")
                        .asText(""));
                return key.matches() ? Optional.of(Integer.parseInt(key.group(1))) : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
