package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD001;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.codes.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the fields of one mapping of Trimtab's own kinds. Each getter says what the field must be; a wrong value becomes a
 * problem and the default is given instead, so that one run finds everything. What no getter asked for is unknown.
 */
final class Fields {

    private static final Pattern DURATION =
            Pattern.compile("(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,6})s)?(?:(\\d{1,6})ms)?");

    private final String path;
    private final ObjectNode json;
    private final Origin origin;
    private final Problems problems;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<Fields> inner = new ArrayList<>();

    /** @param path as people write it, beginning with the kind, for instance {@code Cluster.spec} */
    Fields(String path, ObjectNode json, Origin origin, Problems problems) {
        this.path = path;
        this.json = json;
        this.origin = origin;
        this.problems = problems;
    }

    Origin origin() {
        return origin;
    }

    /** Tells every field of this mapping, and of those read from it, that nobody asked for. */
    void finish() {
        for (String name : (Iterable<String>) json::fieldNames) {
            if (!known.contains(name)) {
                Optional<String> closest = Suggestion.closest(name, known);
                problems.error(
                        CD001,
                        origin.positions().keyAt(origin.pointer() + "/" + Types.escape(name)),
                        "unknown field \"" + name + "\" in " + path
                                + closest.map(word -> "; did you mean \"" + word + "\"?")
                                        .orElse(""),
                        closest.map(word -> "write " + word).orElse("use one of " + String.join(", ", known)));
            }
        }
        inner.forEach(Fields::finish);
    }

    Optional<String> text(String name) {
        JsonNode value = value(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            mismatch(name, "a string", value, value.isObject() || value.isArray() ? "write a string" : "quote it");
            return Optional.empty();
        }
        return value.textValue().isEmpty() ? Optional.empty() : Optional.of(value.textValue());
    }

    String text(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    String required(String name) {
        int before = problems.count();
        Optional<String> text = text(name);
        if (text.isEmpty() && problems.count() == before) {
            missing(name);
        }
        return text.orElse("");
    }

    List<String> requiredTexts(String name) {
        int before = problems.count();
        List<String> texts = texts(name);
        if (texts.isEmpty() && problems.count() == before) {
            missing(name);
        }
        return texts;
    }

    void missing(String name) {
        problems.error(CD001, origin.at(), path + " lacks \"" + name + "\"", "add " + name);
    }

    void wrong(Code code, String name, String text, String fix) {
        wrongAt(code, "/" + Types.escape(name), text, fix);
    }

    void wrongAt(Code code, String relativePointer, String text, String fix) {
        problems.error(code, origin.at(relativePointer), text, fix);
    }

    /** A word or a whole number, as text. */
    Optional<String> scalar(String name) {
        JsonNode value = value(name);
        return value.isIntegralNumber() ? Optional.of(value.asText()) : text(name);
    }

    int number(String name, int otherwise) {
        JsonNode value = value(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isInt()) {
            mismatch(name, "a whole number", value, value.isTextual() ? "write it without quotes" : "write a number");
            return otherwise;
        }
        return value.intValue();
    }

    boolean flag(String name, boolean otherwise) {
        JsonNode value = value(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            mismatch(name, "true or false", value, "write true or false, without quotes");
            return otherwise;
        }
        return value.booleanValue();
    }

    /** Hours, minutes, seconds and milliseconds in this order, for instance {@code 1h30m}, {@code 15m}, {@code 2s}. */
    Optional<Duration> duration(String name) {
        return text(name).flatMap(written -> {
            Matcher matcher = DURATION.matcher(written);
            if (!matcher.matches()) {
                wrong(CD001, name, path + "." + name + " must be a duration such as 15m or 1h30m", "write 15m");
                return Optional.empty();
            }
            return Optional.of(Duration.ofHours(part(matcher, 1))
                    .plusMinutes(part(matcher, 2))
                    .plusSeconds(part(matcher, 3))
                    .plusMillis(part(matcher, 4)));
        });
    }

    private static int part(Matcher matcher, int group) {
        String digits = matcher.group(group);
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    <E extends Enum<E> & Choice> E choice(String name, E otherwise) {
        return choice(name, otherwise, CD001, path + "." + name, "unknown");
    }

    /**
     * @param code of the problem when the field holds another word
     * @param subject how the problem's text calls the field
     * @param fault what it says about the word, for instance {@code unknown}
     */
    <E extends Enum<E> & Choice> E choice(String name, E otherwise, Code code, String subject, String fault) {
        Optional<String> written = text(name);
        if (written.isEmpty()) {
            return otherwise;
        }
        E[] words = otherwise.getDeclaringClass().getEnumConstants();
        return Arrays.stream(words)
                .filter(word -> word.written().equals(written.get()))
                .findFirst()
                .orElseGet(() -> {
                    List<String> all = Arrays.stream(words).map(Choice::written).toList();
                    String use = String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.get(all.size() - 1);
                    wrong(
                            code,
                            name,
                            subject + " \"" + written.get() + "\" is " + fault + "; use " + use,
                            "write " + Suggestion.closest(written.get(), all).orElse(use));
                    return otherwise;
                });
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        int index = 0;
        for (JsonNode item : list(name, "a list of strings")) {
            if (item.isTextual()) {
                texts.add(item.textValue());
            } else {
                mismatch(name + "/" + index, "a string", item, item.isValueNode() ? "quote it" : "write a string");
            }
            index++;
        }
        return List.copyOf(texts);
    }

    /** A mapping of strings. */
    SortedMap<String, String> map(String name) {
        SortedMap<String, String> map = new TreeMap<>();
        JsonNode value = value(name);
        if (!value.isMissingNode() && !value.isObject()) {
            mismatch(name, "a mapping of strings", value, "write key: value lines");
        }
        value.properties().forEach(entry -> {
            if (entry.getValue().isTextual()) {
                map.put(entry.getKey(), entry.getValue().textValue());
            } else {
                String fix = entry.getValue().isValueNode() ? "quote it" : "write a string";
                mismatch(name + "/" + Types.escape(entry.getKey()), "a string", entry.getValue(), fix);
            }
        });
        return map;
    }

    /** The fields of a mapping, none of them when it was left out. */
    Fields object(String name) {
        return optional(name)
                .orElseGet(
                        () -> new Fields(path + "." + name, JsonNodeFactory.instance.objectNode(), origin, problems));
    }

    Optional<Fields> optional(String name) {
        JsonNode value = value(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!(value instanceof ObjectNode object)) {
            mismatch(name, "a mapping", value, "write key: value lines");
            return Optional.empty();
        }
        return Optional.of(inner(name, object));
    }

    List<Fields> objects(String name) {
        List<Fields> objects = new ArrayList<>();
        int index = 0;
        for (JsonNode item : list(name, "a list of mappings")) {
            if (item instanceof ObjectNode object) {
                objects.add(inner(name + "/" + index, object));
            } else {
                mismatch(name + "/" + index, "a mapping", item, "write key: value lines");
            }
            index++;
        }
        return List.copyOf(objects);
    }

    /** A mapping whose content others judge. */
    ObjectNode free(String name) {
        JsonNode value = value(name);
        if (!value.isMissingNode() && !value.isObject()) {
            mismatch(name, "a mapping", value, "write key: value lines");
        }
        return value instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    }

    private Fields inner(String relative, ObjectNode object) {
        Fields fields = new Fields(
                path + "." + dotted(relative),
                object,
                new Origin(origin.positions(), origin.pointer() + "/" + relative),
                problems);
        inner.add(fields);
        return fields;
    }

    /** Missing where the field was left out or is null. */
    private JsonNode value(String name) {
        known.add(name);
        JsonNode value = json.path(name);
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    private JsonNode list(String name, String expected) {
        JsonNode value = value(name);
        if (value.isMissingNode() || value.isArray()) {
            return value;
        }
        mismatch(name, expected, value, "write - in front of each item");
        return JsonNodeFactory.instance.arrayNode();
    }

    private void mismatch(String relative, String expected, JsonNode value, String fix) {
        problems.error(
                CD001,
                origin.at("/" + relative),
                path + "." + dotted(relative) + " must be " + expected + "; found " + Types.found(value),
                fix);
    }

    /** {@code nodes/0} as {@code nodes[0]}. */
    private static String dotted(String relative) {
        return Arrays.stream(relative.split("/", -1))
                .map(part -> part.matches("\\d+") ? "[" + part + "]" : "." + part)
                .collect(Collectors.joining())
                .substring(1);
    }
}
