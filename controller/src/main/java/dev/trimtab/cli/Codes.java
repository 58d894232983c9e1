package dev.trimtab.cli;

import dev.trimtab.apply.ApplyCode;
import dev.trimtab.bootstrap.intake.IntakeCode;
import dev.trimtab.bootstrap.join.JoinCode;
import dev.trimtab.codes.Code;
import dev.trimtab.definition.DefinitionCode;
import dev.trimtab.drift.DriftCode;
import dev.trimtab.inplace.VerdictCode;
import dev.trimtab.nodes.NodeCode;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.plan.RiskCode;
import dev.trimtab.render.RenderCode;
import dev.trimtab.source.SourceCode;
import dev.trimtab.sync.HoldCode;
import dev.trimtab.sync.SyncCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every code that a person can meet, and the reference page that lists them. */
final class Codes {

    private Codes() {}

    static Map<String, List<Code>> byStation() {
        Map<String, List<Code>> all = new LinkedHashMap<>();
        all.put("Reading the repository", List.of(SourceCode.values()));
        all.put("Reading the definition", List.of(DefinitionCode.values()));
        all.put("Importing", List.of(IntakeCode.values()));
        all.put("Rendering objects", List.of(RenderCode.values()));
        all.put("What a change does to running pods", List.of(VerdictCode.values()));
        all.put("Planning", List.of(PlanCode.values()));
        all.put("What is at stake", List.of(RiskCode.values()));
        all.put("Applying", List.of(ApplyCode.values()));
        all.put("Comparing with what was applied", List.of(DriftCode.values()));
        all.put("Nodes", List.of(NodeCode.values()));
        all.put("Holding a plan back", List.of(HoldCode.values()));
        all.put("ClusterSync documents", List.of(SyncCode.values()));
        all.put("Joining machines", List.of(JoinCode.values()));
        return all;
    }

    /** The page as Markdown. */
    static String page() {
        StringBuilder page = new StringBuilder();
        page.append("# Codes\n\n");
        page.append(
                "Plans, errors and held states name what they mean by a code. A code keeps its meaning for good.\n");
        byStation().forEach((station, codes) -> {
            page.append("\n## ").append(station).append("\n\n| code | meaning |\n|---|---|\n");
            codes.stream()
                    .sorted((a, b) -> a.id().compareTo(b.id()))
                    .forEach(code -> page.append("| ")
                            .append(code.id())
                            .append(" | ")
                            .append(code.meaning())
                            .append(" |\n"));
        });
        return page.toString();
    }

    static List<Code> all() {
        return byStation().values().stream().flatMap(List::stream).toList();
    }
}
