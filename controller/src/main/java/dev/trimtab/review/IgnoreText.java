package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.trimtab.definition.YamlText;
import dev.trimtab.drift.Concession;
import dev.trimtab.drift.DriftReport;
import dev.trimtab.drift.Drifted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Rules that leave what drifted to whoever wrote it, as YAML that a ClusterSync takes; everything else stands in comments. */
public final class IgnoreText {

    private IgnoreText() {}

    /** One document a sync, each ending with a line break. */
    public static String render(List<DriftView> views, Instant now) {
        List<String> documents = new ArrayList<>();
        for (DriftView view : views) {
            documents.add(view.report()
                    .map(report -> document(report, now))
                    .orElseGet(() -> "# sync " + view.sync() + " could not be compared: "
                            + view.failure().orElse("").replace("\n", " ") + "\n"));
        }
        return String.join("---\n", documents);
    }

    private static String document(DriftReport report, Instant now) {
        StringBuilder text = new StringBuilder("# ClusterSync " + report.sync() + ", cluster "
                + report.cluster().name() + "\n");
        report.problems()
                .forEach(problem -> comment(text, "", "not compared: " + problem.object() + ": " + problem.text()));
        List<Concession> concessions =
                report.drifted().stream().map(Concession::of).toList();
        if (concessions.isEmpty()) {
            text.append("# nothing drifted\n");
        }
        concessions.stream().filter(one -> one.rule().isEmpty()).forEach(one -> {
            comment(text, "", told(one.drifted(), now));
            one.advice().forEach(advice -> comment(text, "", "  " + advice));
        });
        List<Concession> rules =
                concessions.stream().filter(one -> one.rule().isPresent()).toList();
        if (!rules.isEmpty()) {
            text.append("spec:\n  ignore:\n");
        }
        for (Concession one : rules) {
            comment(text, "  ", told(one.drifted(), now));
            one.advice().forEach(advice -> comment(text, "  ", "  " + advice));
            String item = YamlText.of(JsonNodeFactory.instance
                    .arrayNode()
                    .add(DriftJson.rule(one.rule().orElseThrow())));
            item.lines()
                    .forEach(line -> text.append(line.startsWith("  ") ? "" : "  ")
                            .append(line)
                            .append('\n'));
        }
        return text.toString();
    }

    private static String told(Drifted one, Instant now) {
        return one.drift().object()
                + one.writer().map(writer -> ": " + writer.manager()).orElse(": nobody knows who")
                + one.drift().changedAt().map(at -> ", " + Ages.ago(at, now)).orElse("");
    }

    private static void comment(StringBuilder text, String indent, String words) {
        text.append(indent).append("# ").append(words.replace("\n", " ")).append('\n');
    }
}
