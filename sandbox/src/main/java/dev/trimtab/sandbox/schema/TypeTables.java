package dev.trimtab.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.sandbox.schema.Field.PatchStrategy;
import dev.trimtab.sandbox.schema.Field.Presence;
import dev.trimtab.sandbox.schema.Schemas.GroupVersionKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * Reads tables of types. A table is text:
 *
 * <pre>
 * group apps                  the group and version of the kinds that follow
 * version v1
 *
 * kind Deployment             a kind; apiVersion and kind are added
 *   metadata meta.ObjectMeta+ #1 a field: name, type, markers; other tables' types carry their table's name
 *
 * LabelSelector atomic        owned as a whole
 *   matchLabels {string}      a map
 *   ports       [Port] map=containerPort,protocol patch=merge:containerPort
 * </pre>
 *
 * <p>Types: {@code string int number bool quantity intOrString time bytes any}, {@code {T}} a map to T, {@code [T]} a
 * list of T (atomic unless {@code set} or {@code map=keys}), a name. A suffix says how an empty value is written:
 * none, it is left out; {@code ?}, a pointer; {@code ?+}, a pointer that is written as null; {@code +}, always there.
 * Required are {@code !}, always there; {@code ?!}, a pointer that is written as null; {@code -!}, left out when empty.
 * Markers: {@code atomic} and {@code granular} against the type, {@code set}, {@code map=keys}, {@code default=value},
 * {@code patch=strategies:mergeKey}, and {@code #2} or {@code #2.1}, the number in protobuf, the latter of a field that
 * JSON shows in the object around the message it is in.
 */
final class TypeTables {

    private static final Map<String, Type> PRIMITIVES = Map.of(
            "string", new Type.Scalar(Type.Kind.STRING),
            "int", new Type.Scalar(Type.Kind.INTEGER),
            "number", new Type.Scalar(Type.Kind.NUMBER),
            "bool", new Type.Scalar(Type.Kind.BOOLEAN),
            "quantity", new Type.Scalar(Type.Kind.QUANTITY),
            "intOrString", new Type.Scalar(Type.Kind.INT_OR_STRING),
            "time", new Type.Scalar(Type.Kind.TIME),
            "bytes", new Type.Scalar(Type.Kind.BYTES),
            "any", Type.ANY);

    /** A type's fields are read only once all names of all tables are known, since types refer to each other. */
    private record Paragraph(String table, Type.Struct struct, Map<String, Field> fields, List<String> lines) {}

    private final Map<String, Paragraph> paragraphs = new HashMap<>();
    private final Map<GroupVersionKind, Type.Struct> kinds = new HashMap<>();

    void add(String table, String text) {
        String group = "";
        String version = "";
        List<String> lines = List.of();
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith(" ")) {
                lines.add(line);
                continue;
            }
            List<String> words = words(line);
            switch (words.get(0)) {
                case "group" -> group = words.get(1).equals("core") ? "" : words.get(1);
                case "version" -> version = words.get(1);
                case "kind" -> {
                    Paragraph kind = paragraph(table, words.get(1), false);
                    kind.lines().addAll(List.of("  kind string", "  apiVersion string"));
                    kinds.put(new GroupVersionKind(group, version, words.get(1)), kind.struct());
                    lines = kind.lines();
                }
                default ->
                    lines = paragraph(table, words.get(0), words.size() > 1).lines();
            }
        }
    }

    /** Split by hand: regular expressions would take most of the time of a cold start. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>(4);
        StringTokenizer tokens = new StringTokenizer(line, " ");
        while (tokens.hasMoreTokens()) {
            words.add(tokens.nextToken());
        }
        return words;
    }

    private Paragraph paragraph(String table, String name, boolean atomic) {
        Map<String, Field> fields = new LinkedHashMap<>();
        Type.Struct struct = new Type.Struct(name, Collections.unmodifiableMap(fields), false, atomic);
        Paragraph paragraph = new Paragraph(table, struct, fields, new ArrayList<>());
        paragraphs.put(table + "." + name, paragraph);
        return paragraph;
    }

    /** All kinds, with every field resolved. */
    Map<GroupVersionKind, Type.Struct> kinds() {
        for (Paragraph paragraph : paragraphs.values()) {
            for (String line : paragraph.lines()) {
                Field field = field(paragraph.table(), words(line));
                paragraph.fields().put(field.name(), field);
            }
            paragraph.lines().clear();
        }
        return Map.copyOf(kinds);
    }

    Type.Struct struct(String qualifiedName) {
        Paragraph paragraph = paragraphs.get(qualifiedName);
        if (paragraph == null) {
            throw new IllegalStateException("no table has the type " + qualifiedName);
        }
        return paragraph.struct();
    }

    private Field field(String table, List<String> words) {
        String notation = words.get(1);
        int end = notation.length();
        while ("?!+-".indexOf(notation.charAt(end - 1)) >= 0) {
            end--;
        }
        boolean required = notation.endsWith("!");
        Optional<Boolean> atomic = Optional.empty();
        Type.ListKind listKind = Type.ListKind.ATOMIC;
        List<String> keys = List.of();
        List<PatchStrategy> patch = List.of();
        Optional<String> mergeKey = Optional.empty();
        Optional<JsonNode> defaultValue = Optional.empty();
        List<Integer> numbers = List.of();
        for (String marker : words.subList(2, words.size())) {
            if (marker.startsWith("#")) {
                numbers = numbers(marker.substring(1));
                continue;
            }
            int equals = marker.indexOf('=');
            String value = marker.substring(equals + 1);
            switch (equals < 0 ? marker : marker.substring(0, equals)) {
                case "atomic" -> atomic = Optional.of(true);
                case "granular" -> atomic = Optional.of(false);
                case "set" -> listKind = Type.ListKind.SET;
                case "map" -> {
                    listKind = Type.ListKind.MAP;
                    keys = List.of(value.split(",", -1));
                }
                case "default" -> defaultValue = Optional.of(TextNode.valueOf(value));
                case "patch" -> {
                    int colon = value.indexOf(':');
                    patch = strategies(colon < 0 ? value : value.substring(0, colon));
                    mergeKey = colon < 0 ? Optional.empty() : Optional.of(value.substring(colon + 1));
                }
                default -> throw new IllegalStateException("unknown marker " + marker + " of " + words.get(0));
            }
        }
        Type type = withAtomic(resolve(table, notation.substring(0, end), listKind, keys), atomic);
        Presence presence = presence(type, notation.substring(end));
        return new Field(words.get(0), type, patch, mergeKey, defaultValue, required, presence, numbers);
    }

    private static List<Integer> numbers(String path) {
        List<Integer> numbers = new ArrayList<>(1);
        StringTokenizer steps = new StringTokenizer(path, ".");
        while (steps.hasMoreTokens()) {
            numbers.add(Integer.valueOf(steps.nextToken()));
        }
        return List.copyOf(numbers);
    }

    /** A field may see its value otherwise than the value's type says. */
    private static Type withAtomic(Type type, Optional<Boolean> atomic) {
        if (type instanceof Type.Struct struct) {
            boolean wanted = atomic.orElse(struct.atomic());
            return wanted == struct.atomic()
                    ? struct
                    : new Type.Struct(struct.name(), struct.fields(), struct.preserveUnknown(), wanted);
        }
        return type instanceof Type.MapOf map ? new Type.MapOf(map.value(), atomic.orElse(false)) : type;
    }

    private static List<PatchStrategy> strategies(String names) {
        List<PatchStrategy> strategies = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            strategies.add(
                    name.equals("retainKeys")
                            ? PatchStrategy.RETAIN_KEYS
                            : PatchStrategy.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        return List.copyOf(strategies);
    }

    private static Presence presence(Type type, String suffix) {
        boolean byValue = type instanceof Type.Struct || type instanceof Type.Scalar;
        return switch (suffix) {
            case "", "-!" -> Presence.OMIT_EMPTY;
            case "?" -> Presence.POINTER;
            case "+", "!" -> byValue ? Presence.ALWAYS : Presence.NULLABLE;
            case "?+", "?!" -> Presence.NULLABLE;
            default -> throw new IllegalStateException("unknown suffix " + suffix);
        };
    }

    private Type resolve(String table, String notation, Type.ListKind listKind, List<String> keys) {
        if (notation.startsWith("[")) {
            return new Type.ListOf(element(table, notation), listKind, keys);
        }
        if (notation.startsWith("{")) {
            return new Type.MapOf(element(table, notation), false);
        }
        Type primitive = PRIMITIVES.get(notation);
        return primitive != null ? primitive : struct(notation.indexOf('.') >= 0 ? notation : table + "." + notation);
    }

    private Type element(String table, String notation) {
        return resolve(table, notation.substring(1, notation.length() - 1), Type.ListKind.ATOMIC, List.of());
    }
}
