package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.YML001;
import static dev.trimtab.definition.DefinitionCode.YML002;
import static dev.trimtab.definition.DefinitionCode.YML004;
import static dev.trimtab.definition.DefinitionCode.YML005;
import static dev.trimtab.definition.DefinitionCode.YML008;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.definition.Written.Entry;
import dev.trimtab.source.RepoPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the documents of one JSON file. JSON is not read as YAML: tabs, long keys and numbers such as {@code 1e400} mean
 * other things there.
 */
final class JsonReader {

    private static final JsonFactory JSON = JsonFactory.builder()
            // Depth is counted here, so that the refusal has a place.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();

    private final RepoPath file;
    private final Limits limits;
    private final Problems problems;
    private final JsonParser parser;

    private JsonReader(RepoPath file, JsonParser parser, Limits limits, Problems problems) {
        this.file = file;
        this.limits = limits;
        this.problems = problems;
        this.parser = parser;
    }

    /** The documents up to the first one that cannot be read; {@code null} documents are left out. */
    static List<Written> read(RepoPath file, String text, Limits limits, Problems problems) {
        List<Written> documents = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(text)) {
            JsonReader reader = new JsonReader(file, parser, limits, problems);
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                Written document = reader.value(token, 0);
                if (!document.json().isNull()) {
                    documents.add(document);
                }
            }
        } catch (TooMuch e) {
            problems.error(e.code, e.at, e.text, "no Kubernetes object needs this; look for a broken generator");
        } catch (JsonProcessingException e) {
            // The library's own words quote the text around the fault, which could be part of a Secret.
            String fault = e instanceof JsonEOFException ? "the JSON ends too early" : "not well-formed JSON";
            problems.error(
                    YML001,
                    position(file, e.getLocation()),
                    fault,
                    "correct the JSON; nothing of this revision is applied");
        } catch (IOException e) {
            throw new UncheckedIOException("reading from a string does not fail", e);
        }
        return documents;
    }

    private static final class TooMuch extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient DefinitionCode code;
        private final transient Position at;
        private final String text;

        TooMuch(DefinitionCode code, Position at, String text) {
            super(text);
            this.code = code;
            this.at = at;
            this.text = text;
        }
    }

    private Written value(JsonToken token, int depth) throws IOException {
        Position at = position(file, parser.currentTokenLocation());
        if (token.isScalarValue()) {
            return Written.scalar(scalar(token, at), at.line(), at.column());
        }
        if (depth >= limits.depth()) {
            throw new TooMuch(YML005, at, "lists and mappings are nested more than " + limits.depth() + " deep");
        }
        Written collection = token == JsonToken.START_OBJECT ? object(at, depth + 1) : array(at, depth + 1);
        if (collection.size() > limits.values()) {
            throw new TooMuch(YML004, at, "holds more than " + limits.values() + " values");
        }
        return collection;
    }

    private JsonNode scalar(JsonToken token, Position at) throws IOException {
        return switch (token) {
            case VALUE_TRUE -> BooleanNode.TRUE;
            case VALUE_FALSE -> BooleanNode.FALSE;
            case VALUE_NULL -> NullNode.getInstance();
            case VALUE_STRING -> new TextNode(whole(parser.getText(), at));
            default -> number(at);
        };
    }

    private String whole(String text, Position at) {
        try {
            Scalars.requireWhole(text);
        } catch (Scalars.Unrepresentable e) {
            problems.error(YML008, at, String.valueOf(e.getMessage()), "write both halves of the character");
        }
        return text;
    }

    private JsonNode number(Position at) throws IOException {
        boolean fits = parser.getNumberType() == JsonParser.NumberType.INT
                || parser.getNumberType() == JsonParser.NumberType.LONG;
        if (fits) {
            return Scalars.integer(parser.getLongValue());
        }
        double number = parser.getDoubleValue();
        if (Double.isInfinite(number)) {
            problems.error(
                    YML008, at, "the number is too large", "write a smaller number, or quote it to make it text");
            return NullNode.getInstance();
        }
        return Scalars.number(number);
    }

    private Written array(Position at, int depth) throws IOException {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        List<Entry> entries = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            Written item = value(token, depth);
            json.add(item.json());
            entries.add(new Entry(0, 0, item));
        }
        return Written.collection(json, at.line(), at.column(), entries);
    }

    private Written object(Position at, int depth) throws IOException {
        Map<String, Entry> fields = new LinkedHashMap<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_OBJECT; token = parser.nextToken()) {
            Position keyAt = position(file, parser.currentTokenLocation());
            String key = whole(parser.currentName(), keyAt);
            Entry before = fields.put(key, new Entry(keyAt.line(), keyAt.column(), value(parser.nextToken(), depth)));
            if (before != null) {
                problems.error(
                        YML002,
                        keyAt,
                        "key \"" + key + "\" is written twice; the first is in line " + before.keyLine(),
                        "keep one of the two");
            }
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        fields.forEach((key, entry) -> json.set(key, entry.value().json()));
        return Written.collection(json, at.line(), at.column(), List.copyOf(fields.values()));
    }

    private static Position position(RepoPath file, JsonLocation location) {
        return new Position(file, Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
    }
}
