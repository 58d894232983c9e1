package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.codes.Code;
import dev.trimtab.definition.Problem;
import dev.trimtab.definition.Problem.Severity;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Problems as SARIF 2.1.0 (OASIS), which forges show beside the lines of a change. */
public final class ProblemSarif {

    private final String version;
    private final Path prefix;

    /**
     * @param version of Trimtab
     * @param prefix from where the report is read, usually the repository's root, to the folder that problems name files in; relative
     */
    public ProblemSarif(String version, Path prefix) {
        this.version = version;
        this.prefix = prefix;
    }

    /** One log with one run. Rules are listed for the codes that came up. */
    public ObjectNode render(Collection<Problem> problems) {
        ObjectNode log = JsonNodeFactory.instance
                .objectNode()
                .put("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
                .put("version", "2.1.0");
        ObjectNode run = log.putArray("runs").addObject();
        ObjectNode driver =
                run.putObject("tool").putObject("driver").put("name", "trimtab").put("semanticVersion", version);
        ArrayNode rules = driver.putArray("rules");
        run.put("columnKind", "unicodeCodePoints");
        ArrayNode results = run.putArray("results");
        Map<String, Integer> indexes = new LinkedHashMap<>();
        for (Problem problem : problems) {
            int index = indexes.computeIfAbsent(problem.code().id(), id -> {
                rules.add(rule(problem.code()));
                return rules.size() - 1;
            });
            results.add(result(problem, index));
        }
        return log;
    }

    private static ObjectNode rule(Code code) {
        ObjectNode rule = JsonNodeFactory.instance.objectNode().put("id", code.id());
        rule.putObject("shortDescription").put("text", code.meaning());
        rule.putObject("help").put("text", code.meaning());
        return rule;
    }

    private ObjectNode result(Problem problem, int rule) {
        ObjectNode result = JsonNodeFactory.instance
                .objectNode()
                .put("ruleId", problem.code().id())
                .put("ruleIndex", rule)
                .put("level", problem.severity() == Severity.ERROR ? "error" : "warning");
        result.putObject("message")
                .put(
                        "text",
                        problem.text()
                                + problem.fix().map(fix -> "\nfix: " + fix).orElse(""));
        ObjectNode place = result.putArray("locations").addObject().putObject("physicalLocation");
        place.putObject("artifactLocation").put("uri", uri(problem.at().file().value()));
        place.putObject("region")
                .put("startLine", problem.at().line())
                .put("startColumn", problem.at().column());
        return result;
    }

    /** Relative, with what a URI does not take escaped; {@code ./} keeps a colon in the first part from being a scheme. */
    private String uri(String file) {
        String path = prefix.resolve(file.isEmpty() ? "." : file)
                .normalize()
                .toString()
                .replace('\\', '/');
        try {
            String first = path.split("/", 2)[0];
            return new URI(null, null, (first.contains(":") ? "./" : "") + (path.isEmpty() ? "." : path), null)
                    .toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no path: " + path, e);
        }
    }
}
