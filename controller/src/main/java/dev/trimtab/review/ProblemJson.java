package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Problem;
import dev.trimtab.definition.Problem.Severity;
import java.util.List;
import java.util.Locale;

/** Problems as one JSON document of format {@code trimtab.problems/v1}; {@code docs/validate.md} tells its fields. */
public final class ProblemJson {

    private ProblemJson() {}

    /** @param definitions one, or those of a repository with several clusters */
    public static ObjectNode of(List<Definition> definitions) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("format", "trimtab.problems/v1");
        document.put("result", result(definitions.stream().anyMatch(Definition::refused)));
        document.put("errors", count(definitions, Severity.ERROR));
        document.put("warnings", count(definitions, Severity.WARNING));
        document.put(
                "manifests",
                definitions.stream()
                        .mapToInt(definition -> definition.manifests().size())
                        .sum());
        ArrayNode parts = document.putArray("definitions");
        ArrayNode problems = document.putArray("problems");
        for (Definition definition : definitions) {
            parts.addObject()
                    .put("path", definition.path().toString())
                    .put("result", result(definition.refused()))
                    .put("manifests", definition.manifests().size());
            definition.problems().forEach(problem -> problems.add(of(problem)));
        }
        return document;
    }

    private static String result(boolean refused) {
        return refused ? "refused" : "ok";
    }

    private static long count(List<Definition> definitions, Severity severity) {
        return definitions.stream()
                .flatMap(definition -> definition.problems().stream())
                .filter(problem -> problem.severity() == severity)
                .count();
    }

    private static ObjectNode of(Problem problem) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("level", problem.severity().name().toLowerCase(Locale.ROOT))
                .put("code", problem.code().id())
                .put("text", problem.text());
        problem.fix().ifPresent(fix -> node.put("fix", fix));
        node.putObject("file")
                .put("path", problem.at().file().value())
                .put("line", problem.at().line())
                .put("column", problem.at().column());
        return node;
    }
}
