package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code labelSelector} of list and watch requests: requirements joined by commas, all of which must hold. */
public final class LabelSelector implements Predicate<JsonNode> {

    private static final String KEY = "([A-Za-z0-9](?:[A-Za-z0-9./_-]*[A-Za-z0-9])?)";
    private static final Pattern EXISTS = Pattern.compile("(!?)\\s*" + KEY);
    private static final Pattern EQUALITY = Pattern.compile(KEY + "\\s*(==|=|!=|<|>)\\s*([A-Za-z0-9._-]*)");
    private static final Pattern SET = Pattern.compile(KEY + "\\s+(in|notin)\\s*\\(([^()]*)\\)");

    private final List<Predicate<JsonNode>> requirements;

    private LabelSelector(List<Predicate<JsonNode>> requirements) {
        this.requirements = requirements;
    }

    /** @throws StatusException 400 when the text is not a selector */
    public static LabelSelector parse(String text) {
        List<Predicate<JsonNode>> requirements = new ArrayList<>();
        for (String part : split(text)) {
            if (!part.isBlank()) {
                requirements.add(requirement(part.strip()));
            }
        }
        return new LabelSelector(List.copyOf(requirements));
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

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static Predicate<JsonNode> requirement(String part) {
        Matcher exists = EXISTS.matcher(part);
        if (exists.matches()) {
            boolean wanted = exists.group(1).isEmpty();
            String key = exists.group(2);
            return labels -> labels.has(key) == wanted;
        }
        Matcher equality = EQUALITY.matcher(part);
        if (equality.matches()) {
            return comparison(equality.group(1), equality.group(2), equality.group(3));
        }
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            return membership(set.group(1), set.group(2).equals("in"), set.group(3));
        }
        String[] words = part.split("\\s+", -1);
        throw Failures.badRequest("unable to parse requirement: found '" + words[words.length > 1 ? 1 : 0]
                + "', expected: in, notin, =, ==, !=, gt, lt");
    }

    private static Predicate<JsonNode> comparison(String key, String operator, String value) {
        return switch (operator) {
            case "!=" -> labels -> !labels.path(key).asText().equals(value) || !labels.has(key);
            case "<" -> labels -> number(labels.path(key)) < Double.parseDouble(value);
            case ">" -> labels -> number(labels.path(key)) > Double.parseDouble(value);
            default -> labels -> labels.has(key) && labels.path(key).asText().equals(value);
        };
    }

    private static double number(JsonNode label) {
        try {
            return Double.parseDouble(label.asText());
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static Predicate<JsonNode> membership(String key, boolean in, String list) {
        List<String> parts = new ArrayList<>();
        for (String value : list.split(",", -1)) {
            parts.add(value.strip());
        }
        Set<String> values = Set.copyOf(parts);
        return in
                ? labels -> labels.has(key) && values.contains(labels.path(key).asText())
                : labels ->
                        !labels.has(key) || !values.contains(labels.path(key).asText());
    }
}
