package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.YML001;
import static dev.trimtab.definition.DefinitionCode.YML002;
import static dev.trimtab.definition.DefinitionCode.YML004;
import static dev.trimtab.definition.DefinitionCode.YML005;
import static dev.trimtab.definition.DefinitionCode.YML008;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Written.Entry;
import dev.trimtab.source.RepoPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads the documents of one YAML file from the parser's events. Building the tree here, not by the library's composer,
 * gives every refusal its place, and lets an alias share what it refers to instead of copying it.
 */
final class YamlReader {

    private static final String MERGE_TAG = "tag:yaml.org,2002:merge";

    private final RepoPath file;
    private final Limits limits;
    private final Problems problems;
    private final Parser parser;
    private final Map<String, Written> anchors = new HashMap<>();
    private Position last;
    private int aliases;

    private YamlReader(RepoPath file, String text, Limits limits, Problems problems) {
        this.file = file;
        this.limits = limits;
        this.problems = problems;
        this.last = new Position(file, 1, 1);
        LoaderOptions options = new LoaderOptions();
        // The size was checked in bytes already, depth and aliases are counted here.
        options.setCodePointLimit(Integer.MAX_VALUE);
        this.parser = new ParserImpl(new StreamReader(text), options);
    }

    /** The documents up to the first one that cannot be read; empty documents are left out. */
    static List<Written> read(RepoPath file, String text, Limits limits, Problems problems) {
        return new YamlReader(file, text, limits, problems).read();
    }

    private List<Written> read() {
        List<Written> documents = new ArrayList<>();
        String fix = "correct the YAML; nothing of this revision is applied";
        try {
            stream(documents);
        } catch (Unreadable e) {
            problems.error(e.code, e.at, e.text, e.fix);
        } catch (MarkedYAMLException e) {
            problems.error(YML001, position(e), text(e), fix);
        } catch (YAMLException | IllegalArgumentException e) {
            // The library lets a few faults of escapes and directives through without a place; its words quote the
            // file.
            problems.error(YML001, last, "the YAML after this place cannot be read", fix);
        }
        return documents;
    }

    private Event next() {
        Event event = parser.getEvent();
        last = position(event.getEndMark());
        return event;
    }

    /** Ends the reading of a file: what follows cannot be understood, or must not be looked at. */
    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient DefinitionCode code;
        private final transient Position at;
        private final String text;
        private final String fix;

        Unreadable(DefinitionCode code, Position at, String text, String fix) {
            super(text);
            this.code = code;
            this.at = at;
            this.text = text;
            this.fix = fix;
        }
    }

    private void stream(List<Written> documents) throws Unreadable {
        for (Event event = next(); !event.is(Event.ID.StreamEnd); event = next()) {
            if (!event.is(Event.ID.DocumentStart)) {
                continue;
            }
            anchors.clear();
            Written document = node(next(), 0);
            if (!document.json().isNull()) {
                documents.add(document);
            }
        }
    }

    private Written node(Event event, int depth) throws Unreadable {
        if (event instanceof AliasEvent alias) {
            return alias(alias, depth);
        }
        Written node = event instanceof ScalarEvent scalar ? scalar(scalar) : collection(event, depth + 1);
        String anchor = ((NodeEvent) event).getAnchor();
        if (anchor != null) {
            anchors.put(anchor, node);
        }
        return node;
    }

    private Written scalar(ScalarEvent event) {
        Position at = position(event);
        try {
            return Written.scalar(
                    Scalars.value(event.getTag(), event.isPlain(), event.getValue()), at.line(), at.column());
        } catch (Scalars.Unrepresentable e) {
            problems.error(
                    YML008, at, String.valueOf(e.getMessage()), "write another value, or quote it to make it text");
            return Written.scalar(NullNode.getInstance(), at.line(), at.column());
        }
    }

    private Written alias(AliasEvent event, int depth) throws Unreadable {
        Position at = position(event);
        Written target = anchors.get(event.getAnchor());
        if (target == null) {
            throw new Unreadable(
                    YML004,
                    at,
                    "alias *" + event.getAnchor() + " stands for nothing, or for a value that holds it",
                    "write &" + event.getAnchor() + " on a complete value before this line");
        }
        if (!target.entries().isEmpty() && ++aliases > limits.aliases()) {
            throw new Unreadable(
                    YML004,
                    at,
                    "more than " + limits.aliases() + " aliases of lists and mappings in one file",
                    "write the values out, or split the file");
        }
        checkDepth(depth + target.height(), at);
        return target;
    }

    private Written collection(Event event, int depth) throws Unreadable {
        Position at = position(event);
        checkDepth(depth, at);
        Written collection = event instanceof MappingStartEvent ? mapping(at, depth) : sequence(at, depth);
        if (collection.size() > limits.values()) {
            throw new Unreadable(
                    YML004,
                    at,
                    "holds more than " + limits.values() + " values once its aliases are expanded",
                    "use fewer aliases, or split the document");
        }
        return collection;
    }

    private Written sequence(Position at, int depth) throws Unreadable {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        List<Entry> entries = new ArrayList<>();
        for (Event event = next(); !event.is(Event.ID.SequenceEnd); event = next()) {
            Written item = node(event, depth);
            json.add(item.json());
            entries.add(new Entry(0, 0, item));
        }
        return Written.collection(json, at.line(), at.column(), entries);
    }

    private Written mapping(Position at, int depth) throws Unreadable {
        Mapping mapping = new Mapping();
        for (Event event = next(); !event.is(Event.ID.MappingEnd); event = next()) {
            Position keyAt = position(event);
            if (isMerge(event)) {
                mapping.merge(node(next(), depth), keyAt);
            } else {
                String key = key(event, keyAt, depth);
                mapping.put(key, keyAt, node(next(), depth));
            }
        }
        return mapping.written(at);
    }

    private static boolean isMerge(Event event) {
        return event instanceof ScalarEvent scalar
                && scalar.getValue().equals("<<")
                && (MERGE_TAG.equals(scalar.getTag()) || (scalar.getTag() == null && scalar.isPlain()));
    }

    private String key(Event event, Position at, int depth) throws Unreadable {
        if (event instanceof ScalarEvent scalar) {
            try {
                String key = Scalars.key(scalar.getTag(), scalar.isPlain(), scalar.getValue());
                if (scalar.getAnchor() != null) {
                    anchors.put(scalar.getAnchor(), scalar(scalar));
                }
                return key;
            } catch (Scalars.Unrepresentable e) {
                problems.error(YML008, at, String.valueOf(e.getMessage()), "quote the key to make it text");
                return scalar.getValue();
            }
        }
        Written key = node(event, depth);
        if (key.json().isValueNode() && !key.json().isNull()) {
            return key.json().asText();
        }
        throw new Unreadable(YML008, at, "a key must be text, not a list or a mapping", "write a plain key");
    }

    /** The entries of one mapping, with what is merged into it. */
    private final class Mapping {
        private final Map<String, Entry> entries = new LinkedHashMap<>();
        private final Map<String, Entry> merged = new HashMap<>();

        void put(String key, Position keyAt, Written value) {
            Entry entry = new Entry(keyAt.line(), keyAt.column(), value);
            Entry before = entries.put(key, entry);
            if (before != null && merged.remove(key) == null) {
                problems.error(
                        YML002,
                        keyAt,
                        "key \"" + key + "\" is written twice; the first is in line " + before.keyLine(),
                        "keep one of the two");
            }
        }

        void merge(Written source, Position at) {
            boolean list = source.json().isArray();
            for (Written mapping :
                    list ? source.entries().stream().map(Entry::value).toList() : List.of(source)) {
                if (!(mapping.json() instanceof ObjectNode fields)) {
                    problems.error(
                            YML008, at, "<< takes a mapping or a list of mappings", "merge an alias of a mapping");
                    continue;
                }
                int index = 0;
                for (Map.Entry<String, ?> field : fields.properties()) {
                    add(field.getKey(), mapping.entries().get(index++), at);
                }
            }
        }

        /** kubectl lets a merge override the keys before it, YAML's own rule is the opposite: what both read the same is taken. */
        private void add(String key, Entry entry, Position at) {
            Entry before = entries.putIfAbsent(key, entry);
            if (before == null) {
                merged.put(key, entry);
            } else if (!merged.containsKey(key)) {
                problems.error(
                        YML002,
                        at,
                        "key \"" + key + "\" in line " + before.keyLine() + " stands before the << that also holds it;"
                                + " programs disagree which one counts",
                        "put << first: the keys after it win");
            }
        }

        Written written(Position at) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            entries.forEach((key, entry) -> json.set(key, entry.value().json()));
            return Written.collection(json, at.line(), at.column(), List.copyOf(entries.values()));
        }
    }

    private void checkDepth(int depth, Position at) throws Unreadable {
        if (depth > limits.depth()) {
            throw new Unreadable(
                    YML005,
                    at,
                    "lists and mappings are nested more than " + limits.depth() + " deep",
                    "no Kubernetes object needs this; look for a broken generator");
        }
    }

    private Position position(Event event) {
        return position(event.getStartMark());
    }

    private Position position(Mark mark) {
        return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Position position(MarkedYAMLException e) {
        Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
        return mark == null ? last : position(mark);
    }

    /** Without the excerpt that the library adds: it could be a line of a Secret. */
    private static String text(MarkedYAMLException e) {
        String problem = e.getProblem() == null ? "not well-formed" : e.getProblem();
        return e.getContext() == null ? problem : problem + " (" + e.getContext() + ")";
    }
}
