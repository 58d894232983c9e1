package dev.trimtab.sandbox.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@code metadata.managedFields}, with field sets as readable paths such as {@code .data.a} or {@code .env[name=A].value}. */
record Ownership(List<Entry> entries) {

    record Entry(String manager, String operation, String subresource, String apiVersion, Set<String> fields) {}

    static Ownership of(JsonNode object) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            Set<String> fields = new TreeSet<>();
            collect("", entry.path("fieldsV1"), fields);
            entries.add(new Entry(
                    entry.path("manager").asText(),
                    entry.path("operation").asText(),
                    entry.path("subresource").asText(),
                    entry.path("apiVersion").asText(),
                    fields));
        }
        return new Ownership(entries);
    }

    /** Fields of this manager's Apply entry; none if it has none. */
    Set<String> applied(String manager) {
        return fields(manager, "Apply", "");
    }

    Set<String> updated(String manager) {
        return fields(manager, "Update", "");
    }

    Set<String> fields(String manager, String operation, String subresource) {
        return entries.stream()
                .filter(entry -> entry.manager().equals(manager)
                        && entry.operation().equals(operation)
                        && entry.subresource().equals(subresource))
                .flatMap(entry -> entry.fields().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@code manager/operation} of all entries, a subresource appended if there is one. */
    Set<String> managers() {
        return entries.stream()
                .map(entry -> entry.manager() + "/" + entry.operation()
                        + (entry.subresource().isEmpty() ? "" : "/" + entry.subresource()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void collect(String path, JsonNode fields, Set<String> into) {
        if (fields.isEmpty()) {
            into.add(path);
        }
        fields.properties().forEach(field -> {
            if (field.getKey().equals(".")) {
                into.add(path);
            } else {
                collect(path + element(field.getKey()), field.getValue(), into);
            }
        });
    }

    private static String element(String key) {
        String rest = key.substring(2);
        return switch (key.charAt(0)) {
            case 'f' -> "." + rest;
            case 'k' ->
                "["
                        + json(rest).properties().stream()
                                .map(part ->
                                        part.getKey() + "=" + part.getValue().asText())
                                .collect(Collectors.joining(","))
                        + "]";
            case 'v' -> "[=" + json(rest).asText() + "]";
            default -> "[" + rest + "]";
        };
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not a FieldsV1 key: " + text, e);
        }
    }
}
