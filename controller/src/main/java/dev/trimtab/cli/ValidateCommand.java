package dev.trimtab.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Problem;
import dev.trimtab.definition.Problem.Severity;
import dev.trimtab.review.ProblemText;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trimtab validate DIR}: needs no cluster. */
@Command(name = "validate", description = "Check a definition offline: every problem with its file, line and column.")
final class ValidateCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Mixin
    private FolderOptions folder;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "TEXT",
            description = "text or json")
    private OutputFormat output;

    @Override
    public Integer call() {
        Definition definition = folder.read();
        if (output == OutputFormat.JSON) {
            common.print(json(definition));
        } else {
            ProblemText text = new ProblemText(folder.directory(), common.style());
            definition.problems().forEach(problem -> common.out().println(text.of(problem)));
            common.err().println(summary(definition));
        }
        return definition.refused() ? ExitCode.ERROR : ExitCode.DONE;
    }

    private static String summary(Definition definition) {
        long errors = count(definition, Severity.ERROR);
        long warnings = count(definition, Severity.WARNING);
        if (errors + warnings > 0) {
            return errors
                    + (errors == 1 ? " error, " : " errors, ")
                    + warnings
                    + (warnings == 1 ? " warning" : " warnings");
        }
        int own = definition.addons().size()
                + definition.workloadSets().size()
                + (definition.cluster().isPresent() ? 1 : 0);
        return "no problems: " + definition.manifests().size() + " manifests, "
                + definition.inventory().nodes().size() + " nodes, " + own + " documents of the cluster";
    }

    private static long count(Definition definition, Severity severity) {
        return definition.problems().stream()
                .filter(problem -> problem.severity() == severity)
                .count();
    }

    private static ObjectNode json(Definition definition) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("format", "trimtab.problems/v1");
        document.put("result", definition.refused() ? "refused" : "ok");
        document.put("manifests", definition.manifests().size());
        ArrayNode problems = document.putArray("problems");
        for (Problem problem : definition.problems()) {
            ObjectNode node = problems.addObject()
                    .put("level", problem.severity().name().toLowerCase(Locale.ROOT))
                    .put("code", problem.code().id())
                    .put("text", problem.text());
            problem.fix().ifPresent(fix -> node.put("fix", fix));
            node.putObject("file")
                    .put("path", problem.at().file().value())
                    .put("line", problem.at().line())
                    .put("column", problem.at().column());
        }
        return document;
    }
}
