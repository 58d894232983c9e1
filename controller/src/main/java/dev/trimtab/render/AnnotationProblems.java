package dev.trimtab.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.Problem;
import dev.trimtab.kube.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Annotations by which a workload says how its pods may be treated, with values that mean nothing: a word that is misspelt must not pass for none. */
final class AnnotationProblems {

    private static final Set<String> KINDS = Set.of("Deployment", "StatefulSet", "DaemonSet", "CloneSet");

    private record Rule(String annotation, Pattern values, String written) {}

    private static final List<Rule> RULES = List.of(
            words("trimtab.dev/update-policy", "InPlaceIfPossible", "InPlaceOnly", "ReCreate"),
            new Rule(
                    "trimtab.dev/max-unavailable",
                    Pattern.compile("[0-9]{1,6}|[0-9]{1,3}%"),
                    "a number in quotes such as \"1\", or a percentage such as 25%"),
            words("trimtab.dev/config-restart", "in-place", "none"),
            words("trimtab.dev/pre-pull", "true", "false"),
            words("trimtab.dev/on-failure", "halt", "rollback"));

    private AnnotationProblems() {}

    private static Rule words(String annotation, String... words) {
        return new Rule(annotation, Pattern.compile(String.join("|", words)), String.join(" or ", words));
    }

    static List<Problem> of(ObjectKey key, Manifest written) {
        List<Problem> problems = new ArrayList<>();
        if (!KINDS.contains(key.kind())) {
            return problems;
        }
        for (Rule rule : RULES) {
            JsonNode value = written.json().path("metadata").path("annotations").path(rule.annotation());
            if (!value.isMissingNode() && !rule.values().matcher(value.asText()).matches()) {
                problems.add(Renderer.problem(
                        written,
                        "/metadata/annotations/" + rule.annotation().replace("/", "~1"),
                        RenderCode.ANNOTATION_VALUE,
                        key + " has " + rule.annotation() + " \"" + value.asText() + "\"",
                        "write " + rule.written()));
            }
        }
        return problems;
    }
}
