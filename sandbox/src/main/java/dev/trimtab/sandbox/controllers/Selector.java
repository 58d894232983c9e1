package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The selectors inside objects: {@code metav1.LabelSelector} and the terms of a node selector, which have the same shape but
 * for two more operators.
 */
record Selector(List<Requirement> requirements) {

    record Requirement(String key, String operator, Set<String> values) {

        boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case "In" -> value != null && values.contains(value);
                case "NotIn" -> value == null || !values.contains(value);
                case "Exists" -> value != null;
                case "DoesNotExist" -> value == null;
                case "Gt" -> value != null && compare(value) > 0;
                case "Lt" -> value != null && compare(value) < 0;
                default -> false;
            };
        }

        private int compare(String value) {
            try {
                return Long.compare(
                        Long.parseLong(value), Long.parseLong(values.iterator().next()));
            } catch (NumberFormatException notANumber) {
                return 0;
            }
        }
    }

    /** Everything in the selector must hold; a selector that asks for nothing matches everything. */
    static Selector of(JsonNode labelSelector) {
        List<Requirement> requirements = new ArrayList<>();
        labelSelector
                .path("matchLabels")
                .properties()
                .forEach(label -> requirements.add(new Requirement(
                        label.getKey(), "In", Set.of(label.getValue().asText()))));
        requirements.addAll(requirements(labelSelector.path("matchExpressions")));
        return new Selector(List.copyOf(requirements));
    }

    static List<Requirement> requirements(JsonNode expressions) {
        List<Requirement> requirements = new ArrayList<>();
        for (JsonNode expression : expressions) {
            Set<String> values = new HashSet<>();
            expression.path("values").forEach(value -> values.add(value.asText()));
            requirements.add(new Requirement(
                    expression.path("key").asText(), expression.path("operator").asText(), values));
        }
        return requirements;
    }

    boolean isEmpty() {
        return requirements.isEmpty();
    }

    boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.matches(labels));
    }
}
