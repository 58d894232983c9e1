package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The {@code labelSelector} of list and watch requests: requirements joined by commas, all of which must hold. */
public final class LabelSelector implements Predicate<JsonNode> {

    /** One of the requirements, as a predicate on the labels of an object. */
    record Requirement(String key, String operator, Set<String> values) implements Predicate<JsonNode> {

        @Override
        public boolean test(JsonNode labels) {
            boolean present = labels.has(key);
            String value = labels.path(key).asText();
            return switch (operator) {
                case "exists" -> present;
                case "!" -> !present;
                case "!=", "notin" -> !present || !values.contains(value);
                case ">" -> present && number(value) > number(only());
                case "<" -> present && number(value) < number(only());
                default -> present && values.contains(value);
            };
        }

        private String only() {
            return values.iterator().next();
        }

        private static double number(String text) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                return Double.NaN;
            }
        }
    }

    private final List<Requirement> requirements;

    private LabelSelector(List<Requirement> requirements) {
        this.requirements = requirements;
    }

    /** @throws StatusException 400 when the text is not a selector */
    public static LabelSelector parse(String text) {
        return new LabelSelector(new LabelSelectorParser(text).requirements());
    }

    /** True when it selects everything. */
    public boolean everything() {
        return requirements.isEmpty();
    }

    /** Whether the labels of {@code object} are selected. */
    @Override
    public boolean test(JsonNode object) {
        JsonNode labels = object.path("metadata").path("labels");
        return requirements.stream().allMatch(requirement -> requirement.test(labels));
    }
}
