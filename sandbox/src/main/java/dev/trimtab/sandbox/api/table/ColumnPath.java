package dev.trimtab.sandbox.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The JSONPath of a printer column, as far as definitions use it: {@code .a.b}, {@code ['a.b']}, {@code [0]}, {@code [*]},
 * {@code [?(@.type=="Ready")]}. A path of another form finds nothing.
 */
final class ColumnPath {

    private static final Pattern STEP = Pattern.compile("\\.((?:\\\\.|[^.\\[\\\\])+)"
            + "|\\[['\"]([^'\"]+)['\"]]"
            + "|\\[(\\d+|\\*)]"
            + "|\\[\\?\\(\\s*@\\.([\\w.]+)\\s*==\\s*['\"]([^'\"]*)['\"]\\s*\\)]");

    private final List<Function<JsonNode, Stream<JsonNode>>> steps;

    private ColumnPath(List<Function<JsonNode, Stream<JsonNode>>> steps) {
        this.steps = steps;
    }

    static ColumnPath parse(String path) {
        List<Function<JsonNode, Stream<JsonNode>>> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(path);
        int at = 0;
        while (at < path.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                return new ColumnPath(List.of(node -> Stream.empty()));
            }
            steps.add(step(matcher));
            at = matcher.end();
        }
        return new ColumnPath(List.copyOf(steps));
    }

    private static Function<JsonNode, Stream<JsonNode>> step(Matcher matcher) {
        if (matcher.group(1) != null) {
            String name = matcher.group(1).replace("\\", "");
            return node -> Stream.of(node.path(name));
        }
        if (matcher.group(2) != null) {
            String name = matcher.group(2);
            return node -> Stream.of(node.path(name));
        }
        if (matcher.group(3) != null) {
            String index = matcher.group(3);
            return index.equals("*") ? ColumnPath::items : node -> Stream.of(node.path(Integer.parseInt(index)));
        }
        String field = "/" + matcher.group(4).replace('.', '/');
        String wanted = matcher.group(5);
        return node -> items(node).filter(item -> item.at(field).asText().equals(wanted));
    }

    private static Stream<JsonNode> items(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false);
    }

    /** The values at the path, in order. */
    List<JsonNode> find(JsonNode root) {
        Stream<JsonNode> found = Stream.of(root);
        for (Function<JsonNode, Stream<JsonNode>> step : steps) {
            found = found.flatMap(step);
        }
        return found.filter(node -> !node.isMissingNode()).toList();
    }
}
