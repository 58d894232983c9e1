package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD001;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.codes.Code;
import dev.trimtab.source.RepoPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads the fields of one mapping of Trimtab's own kinds. Each getter says what the field must be; a wrong value becomes a
 * problem and the default is given instead, so that one run finds everything. What no getter asked for is unknown.
 */
final class Fields {

    private final String path;
    private final ObjectNode json;
    private final Origin origin;
    private final Problems problems;
    private final boolean sample;
    private final Map<String, Asked> asked = new LinkedHashMap<>();
    private final List<Fields> inner = new ArrayList<>();

    /** What a getter wanted, and the mapping that it gave where it gave one. */
    private record Asked(Field field, Optional<Fields> content) {

        Field whole() {
            return content.map(fields -> field.with(fields.described())).orElse(field);
        }
    }

    /** @param path as people write it, beginning with the kind, for instance {@code Cluster.spec} */
    Fields(String path, ObjectNode json, Origin origin, Problems problems) {
        this(path, json, origin, problems, false);
    }

    private Fields(String path, ObjectNode json, Origin origin, Problems problems, boolean sample) {
        this.path = path;
        this.json = json;
        this.origin = origin;
        this.problems = problems;
        this.sample = sample;
    }

    /**
     * A document with nothing in it, for a reader to say what it asks for: optional mappings are there, and each list of mappings
     * has one. {@link #described} then holds every field.
     */
    static Fields sample(String kind) {
        Positions nowhere = Positions.of(new Position(RepoPath.ROOT, 1, 1));
        return new Fields(kind, JsonNodeFactory.instance.objectNode(), new Origin(nowhere, ""), new Problems(), true);
    }

    Origin origin() {
        return origin;
    }

    /** What was asked for so far, in that order. */
    List<Field> described() {
        return asked.values().stream().map(Asked::whole).toList();
    }

    /** Tells every field of this mapping, and of those read from it, that nobody asked for. */
    void finish() {
        for (String name : (Iterable<String>) json::fieldNames) {
            if (!asked.containsKey(name)) {
                new UnknownField(path, name, asked.keySet())
                        .tell(origin.positions().keyAt(origin.pointer() + "/" + Types.escape(name)), problems);
            }
        }
        inner.forEach(Fields::finish);
    }

    Optional<String> text(String name, String meaning) {
        return text(Field.of(name, Field.Type.TEXT, meaning));
    }

    String text(String name, String meaning, String otherwise) {
        return text(Field.of(name, Field.Type.TEXT, meaning).otherwise(otherwise))
                .orElse(otherwise);
    }

    String required(String name, String meaning) {
        int before = problems.count();
        Optional<String> text = text(Field.of(name, Field.Type.TEXT, meaning).needed());
        if (text.isEmpty() && problems.count() == before) {
            missing(name);
        }
        return text.orElse("");
    }

    private Optional<String> text(Field field) {
        JsonNode value = value(field);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            mismatch(
                    field.name(),
                    "a string",
                    value,
                    value.isObject() || value.isArray() ? "write a string" : "quote it");
            return Optional.empty();
        }
        return value.textValue().isEmpty() ? Optional.empty() : Optional.of(value.textValue());
    }

    List<String> requiredTexts(String name, String meaning) {
        int before = problems.count();
        List<String> texts = texts(Field.of(name, Field.Type.TEXTS, meaning).needed());
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

    /** A whole number, 0 or more. */
    int number(String name, String meaning, int otherwise) {
        return number(Field.of(name, Field.Type.NUMBER, meaning)
                        .otherwise(otherwise)
                        .within(Field.Bounds.COUNT))
                .orElse(otherwise);
    }

    /** A whole number that may be left out. */
    OptionalInt number(String name, String meaning, Field.Bounds bounds) {
        return number(Field.of(name, Field.Type.NUMBER, meaning).within(bounds));
    }

    /** A port, 1 to 65535. */
    int port(String name, String meaning, int otherwise) {
        return number(Field.of(name, Field.Type.NUMBER, meaning)
                        .otherwise(otherwise)
                        .within(Field.Bounds.PORT))
                .orElse(otherwise);
    }

    /** A whole number of any size. */
    int anyNumber(String name, String meaning, int otherwise) {
        return number(Field.of(name, Field.Type.NUMBER, meaning).otherwise(otherwise))
                .orElse(otherwise);
    }

    private OptionalInt number(Field field) {
        JsonNode value = value(field);
        if (value.isMissingNode()) {
            return OptionalInt.empty();
        }
        if (!value.isInt()) {
            mismatch(
                    field.name(),
                    "a whole number",
                    value,
                    value.isTextual() ? "write it without quotes" : "write a number");
            return OptionalInt.empty();
        }
        int number = value.intValue();
        if (field.bounds().filter(bounds -> !bounds.hold(number)).isPresent()) {
            Field.Bounds bounds = field.bounds().orElseThrow();
            String range = bounds.most() == Integer.MAX_VALUE
                    ? bounds.least() + " or more"
                    : "between " + bounds.least() + " and " + bounds.most();
            wrong(CD001, field.name(), path + "." + field.name() + " must be " + range, "write a number in this range");
            return OptionalInt.empty();
        }
        return OptionalInt.of(number);
    }

    boolean flag(String name, String meaning, boolean otherwise) {
        JsonNode value = value(Field.of(name, Field.Type.FLAG, meaning).otherwise(otherwise));
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            mismatch(name, "true or false", value, "write true or false, without quotes");
            return otherwise;
        }
        return value.booleanValue();
    }

    Optional<Duration> duration(String name, String meaning) {
        return duration(Field.of(name, Field.Type.DURATION, meaning));
    }

    Duration duration(String name, String meaning, Duration otherwise) {
        return duration(Field.of(name, Field.Type.DURATION, meaning).otherwise(DurationText.of(otherwise)))
                .orElse(otherwise);
    }

    private Optional<Duration> duration(Field field) {
        return text(field).flatMap(written -> {
            Optional<Duration> duration = DurationText.parse(written);
            if (duration.isEmpty()) {
                wrong(
                        CD001,
                        field.name(),
                        path + "." + field.name() + " must be a duration such as 15m or 1h30m",
                        "write 15m");
            }
            return duration;
        });
    }

    <E extends Enum<E> & Choice> E choice(String name, String meaning, E otherwise) {
        return choice(name, meaning, otherwise, CD001, path + "." + name, "unknown");
    }

    /**
     * @param code of the problem when the field holds another word
     * @param subject how the problem's text calls the field
     * @param fault what it says about the word, for instance {@code unknown}
     */
    <E extends Enum<E> & Choice> E choice(
            String name, String meaning, E otherwise, Code code, String subject, String fault) {
        Field field = Field.of(name, Field.Type.TEXT, meaning).otherwise(otherwise.written());
        return choice(field, otherwise, code, subject, fault).orElse(otherwise);
    }

    /** A word that must be written; {@code instead} is given when it is not. */
    <E extends Enum<E> & Choice> E requiredChoice(
            String name, String meaning, E instead, Code code, String subject, String fault) {
        int before = problems.count();
        Field field = Field.of(name, Field.Type.TEXT, meaning).needed();
        Optional<E> word = choice(field, instead, code, subject, fault);
        if (word.isEmpty() && problems.count() == before) {
            missing(name);
        }
        return word.orElse(instead);
    }

    /** A word, or a whole number for which people forget the quotes. */
    <E extends Enum<E> & Choice> E choiceOrNumber(String name, String meaning, E otherwise) {
        Field field = Field.of(name, Field.Type.TEXT_OR_NUMBER, meaning).otherwise(otherwise.written());
        return choice(field, otherwise, CD001, path + "." + name, "unknown").orElse(otherwise);
    }

    private <E extends Enum<E> & Choice> Optional<E> choice(
            Field field, E example, Code code, String subject, String fault) {
        List<String> all = Choice.words(example.getDeclaringClass());
        Optional<String> written = word(field.of(all));
        return written.flatMap(word ->
                known(example.getDeclaringClass(), word, "/" + Types.escape(field.name()), code, subject, fault));
    }

    private <E extends Enum<E> & Choice> Optional<E> known(
            Class<E> words, String written, String relativePointer, Code code, String subject, String fault) {
        Optional<E> known = Choice.of(words, written);
        if (known.isEmpty()) {
            List<String> all = Choice.words(words);
            String use = Suggestion.list(all, "or");
            wrongAt(
                    code,
                    relativePointer,
                    subject + " \"" + written + "\" is " + fault + "; use " + use,
                    "write " + Suggestion.closest(written, all).orElse(use));
        }
        return known;
    }

    private Optional<String> word(Field field) {
        if (field.type() == Field.Type.TEXT_OR_NUMBER && json.path(field.name()).isIntegralNumber()) {
            return Optional.of(value(field).asText());
        }
        return text(field);
    }

    <E extends Enum<E> & Choice> Set<E> choices(String name, String meaning, Class<E> words, String noun) {
        Set<E> chosen = EnumSet.noneOf(words);
        int index = 0;
        for (String written : texts(Field.of(name, Field.Type.TEXTS, meaning).of(Choice.words(words)))) {
            known(words, written, "/" + name + "/" + index, CD001, noun, "unknown")
                    .ifPresent(chosen::add);
            index++;
        }
        return chosen;
    }

    List<String> texts(String name, String meaning) {
        return texts(Field.of(name, Field.Type.TEXTS, meaning));
    }

    private List<String> texts(Field field) {
        String name = field.name();
        List<String> texts = new ArrayList<>();
        int index = 0;
        for (JsonNode item : list(field, "a list of strings")) {
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
    SortedMap<String, String> map(String name, String meaning) {
        SortedMap<String, String> map = new TreeMap<>();
        JsonNode value = value(Field.of(name, Field.Type.TEXT_MAP, meaning));
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
    Fields object(String name, String meaning) {
        return optional(name, meaning)
                .orElseGet(
                        () -> new Fields(path + "." + name, JsonNodeFactory.instance.objectNode(), origin, problems));
    }

    Optional<Fields> optional(String name, String meaning) {
        Field field = Field.of(name, Field.Type.MAPPING, meaning);
        JsonNode value = sample ? JsonNodeFactory.instance.objectNode() : value(field);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!(value instanceof ObjectNode object)) {
            mismatch(name, "a mapping", value, "write key: value lines");
            return Optional.empty();
        }
        Fields content = inner(name, object);
        asked.put(name, new Asked(field, Optional.of(content)));
        return Optional.of(content);
    }

    List<Fields> objects(String name, String meaning) {
        Field field = Field.of(name, Field.Type.MAPPINGS, meaning);
        if (sample) {
            Fields one = inner(name + "/0", JsonNodeFactory.instance.objectNode());
            asked.put(name, new Asked(field, Optional.of(one)));
            return List.of(one);
        }
        List<Fields> objects = new ArrayList<>();
        int index = 0;
        for (JsonNode item : list(field, "a list of mappings")) {
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
    ObjectNode free(String name, String meaning) {
        JsonNode value = value(Field.of(name, Field.Type.FREE, meaning));
        if (!value.isMissingNode() && !value.isObject()) {
            mismatch(name, "a mapping", value, "write key: value lines");
        }
        return value instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    }

    Optional<SecretRef> secretRef(String name, String meaning) {
        return optional(name, meaning)
                .map(ref -> new SecretRef(
                        ref.required("name", "name of the Secret"), ref.required("key", "which of its keys")));
    }

    SecretRef requiredSecretRef(String name, String meaning) {
        Optional<SecretRef> written = secretRef(name, meaning);
        asked.computeIfPresent(name, (key, known) -> new Asked(known.field().needed(), known.content()));
        return written.orElseGet(() -> {
            missing(name);
            return new SecretRef("", "");
        });
    }

    private Fields inner(String relative, ObjectNode object) {
        Fields fields = new Fields(
                path + "." + dotted(relative),
                object,
                new Origin(origin.positions(), origin.pointer() + "/" + relative),
                problems,
                sample);
        inner.add(fields);
        return fields;
    }

    /** Missing where the field was left out or is null. */
    private JsonNode value(Field field) {
        asked.putIfAbsent(field.name(), new Asked(field, Optional.empty()));
        JsonNode value = json.path(field.name());
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    private JsonNode list(Field field, String expected) {
        JsonNode value = value(field);
        if (value.isMissingNode() || value.isArray()) {
            return value;
        }
        mismatch(field.name(), expected, value, "write - in front of each item");
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
