package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.trimtab.drift.Drift;
import dev.trimtab.drift.DriftClass;
import dev.trimtab.drift.DriftCode;
import dev.trimtab.drift.DriftReport;
import dev.trimtab.drift.Drifted;
import dev.trimtab.drift.Severity;
import dev.trimtab.kube.FieldPointer;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PodImpact;
import dev.trimtab.source.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Reports of sync shop, for tests of how they are told. */
final class DriftSamples {

    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private DriftSamples() {}

    static DriftView view(DriftReport report, Optional<String> failure) {
        return new DriftView("shop", Optional.of(report), failure, hints());
    }

    static DriftView.Hints hints() {
        return new DriftView.Hints("trimtab plan", "trimtab apply", "a rule");
    }

    static DriftReport report(int drifted, int leftOut, int compared, int problems) {
        return report(
                IntStream.range(0, drifted)
                        .mapToObj(i -> drifted(i, field(Optional.of(new IntNode(2)), false)))
                        .toList(),
                leftOut,
                compared,
                problems);
    }

    static DriftReport report(List<Drifted> drifted, int leftOut, int compared, int problems) {
        Revision head = new Revision("a".repeat(40), "main", NOW, "A Person", "a subject", Optional.empty());
        Plan.ObjectProblem problem =
                new Plan.ObjectProblem(key("p"), Optional.empty(), DriftCode.MEMORY_LOST, "a reason\nin two lines");
        return new DriftReport(
                new Plan.ClusterId("demo", "uid", "v1.36.2"),
                "shop",
                "repo",
                Optional.of(head),
                head,
                NOW,
                drifted,
                leftOut,
                compared,
                new TreeSet<>(),
                new TreeSet<>(),
                IntStream.range(0, problems).mapToObj(i -> problem).toList());
    }

    static Drifted drifted(int number, FieldChange field) {
        Drift drift = new Drift(
                key("m" + number), DriftClass.CHANGED, List.of(field), Optional.of("other"), Optional.of(NOW), NOW);
        return new Drifted(
                drift,
                Severity.of(drift),
                Optional.of(new Drifted.Writer("other", "Update", "")),
                Optional.empty(),
                PodImpact.NONE,
                false);
    }

    static ObjectKey key(String name) {
        return new ObjectKey("", "ConfigMap", Optional.of("shop"), name);
    }

    static FieldChange field(Optional<JsonNode> live, boolean masked) {
        return new FieldChange(
                "data[a]",
                live,
                Optional.of(new IntNode(1)),
                masked,
                FieldChange.Origin.DRIFT,
                Optional.empty(),
                Optional.of(FieldPointer.parse("/data/a")));
    }
}
