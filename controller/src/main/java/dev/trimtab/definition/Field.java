package dev.trimtab.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Optional;

/**
 * One field of Trimtab's own kinds as its reader asks for it. The reader is the only place where a field is written down:
 * the JSON Schema and the reference page are made of what it asks for.
 *
 * @param otherwise what holds when the field is left out; empty where that is nothing, or depends on other fields
 * @param words all that it may hold, empty when the set is open
 * @param bounds of a number that has any
 * @param inner fields of the mapping, or of each mapping in the list
 */
public record Field(
        String name,
        Type type,
        boolean required,
        Optional<JsonNode> otherwise,
        List<String> words,
        Optional<Bounds> bounds,
        String meaning,
        List<Field> inner) {

    public Field {
        words = List.copyOf(words);
        inner = List.copyOf(inner);
    }

    /** What a value must be. */
    public enum Type {
        TEXT("text"),
        TEXT_OR_NUMBER("text or number"),
        NUMBER("number"),
        FLAG("true or false"),
        DURATION("duration"),
        TEXTS("list of texts"),
        TEXT_MAP("mapping of texts"),
        MAPPING("mapping"),
        MAPPINGS("list of mappings"),
        FREE("mapping, as Kubernetes has it");

        private final String words;

        Type(String words) {
            this.words = words;
        }

        /** As people are told. */
        public String words() {
            return words;
        }
    }

    /** Both are allowed. */
    public record Bounds(int least, int most) {

        static final Bounds PORT = new Bounds(1, 65_535);
        static final Bounds COUNT = new Bounds(0, Integer.MAX_VALUE);

        boolean hold(int value) {
            return value >= least && value <= most;
        }
    }

    static Field of(String name, Type type, String meaning) {
        return new Field(name, type, false, Optional.empty(), List.of(), Optional.empty(), meaning, List.of());
    }

    Field needed() {
        return new Field(name, type, true, otherwise, words, bounds, meaning, inner);
    }

    Field otherwise(String value) {
        return otherwise(TextNode.valueOf(value));
    }

    Field otherwise(int value) {
        return otherwise(IntNode.valueOf(value));
    }

    Field otherwise(boolean value) {
        return otherwise(BooleanNode.valueOf(value));
    }

    private Field otherwise(JsonNode value) {
        return new Field(name, type, required, Optional.of(value), words, bounds, meaning, inner);
    }

    Field of(List<String> allowed) {
        return new Field(name, type, required, otherwise, allowed, bounds, meaning, inner);
    }

    Field within(Bounds allowed) {
        return new Field(name, type, required, otherwise, words, Optional.of(allowed), meaning, inner);
    }

    Field with(List<Field> fields) {
        return new Field(name, type, required, otherwise, words, bounds, meaning, fields);
    }
}
