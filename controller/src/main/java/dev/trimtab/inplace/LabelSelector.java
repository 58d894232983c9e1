package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A LabelSelector of Kubernetes: as a query, and against the labels of an object. */
public final class LabelSelector {

    private LabelSelector() {}

    /** Empty when it selects nothing, or is not understood. */
    public static Optional<String> query(JsonNode selector) {
        List<String> terms = new ArrayList<>();
        selector.path("matchLabels")
                .properties()
                .forEach(label ->
                        terms.add(label.getKey() + "=" + label.getValue().asText()));
        for (JsonNode expression : selector.path("matchExpressions")) {
            String key = expression.path("key").asText();
            List<String> values = new ArrayList<>();
            expression.path("values").forEach(value -> values.add(value.asText()));
            String set = " (" + String.join(",", values) + ")";
            switch (expression.path("operator").asText()) {
                case "In" -> terms.add(key + " in" + set);
                case "NotIn" -> terms.add(key + " notin" + set);
                case "Exists" -> terms.add(key);
                case "DoesNotExist" -> terms.add("!" + key);
                default -> {
                    // A selector that is not understood selects nothing rather than everything.
                    return Optional.empty();
                }
            }
        }
        return terms.isEmpty() ? Optional.empty() : Optional.of(String.join(",", terms));
    }

    /** An empty selector matches everything, one that is absent nothing. */
    public static boolean matches(JsonNode selector, JsonNode labels) {
        if (!selector.isObject()) {
            return false;
        }
        boolean equal = selector.path("matchLabels").properties().stream()
                .allMatch(label -> label.getValue().equals(labels.get(label.getKey())));
        return equal
                && Containers.stream(selector.path("matchExpressions"))
                        .allMatch(expression -> matchesExpression(expression, labels));
    }

    private static boolean matchesExpression(JsonNode expression, JsonNode labels) {
        JsonNode value = labels.path(expression.path("key").asText());
        boolean listed = Containers.stream(expression.path("values")).anyMatch(value::equals);
        return switch (expression.path("operator").asText()) {
            case "In" -> listed;
            case "NotIn" -> !listed;
            case "Exists" -> !value.isMissingNode();
            case "DoesNotExist" -> value.isMissingNode();
            default -> false;
        };
    }
}
