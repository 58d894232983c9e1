package dev.trimtab.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.trimtab.definition.Position;
import dev.trimtab.kube.FieldPointer;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PodImpact;
import dev.trimtab.render.IgnoreRules;
import dev.trimtab.source.RepoPath;
import dev.trimtab.source.Revision;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a report counts, and how what it holds can be left as it is. */
class DriftReportTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Revision HEAD =
            new Revision("a".repeat(40), "main", NOW, "A Person", "a subject", Optional.empty());
    private static final String REPLICAS = "/spec/replicas";

    @Test
    void criticalObjectsComeFirstAndWhatNobodyAskedForIsStillDrift() {
        DriftReport report = report(
                drifted("ConfigMap", "b", "kubectl-edit"),
                drifted("Namespace", "z", "kubectl-edit"),
                drifted("ConfigMap", "a", "kubectl-edit"));

        assertThat(report.drifted())
                .extracting(one -> one.drift().object().name())
                .containsExactly("z", "a", "b");
        assertThat(report.asApplied()).isEqualTo(7);
        assertThat(report.count(Severity.CRITICAL)).isEqualTo(1);

        DriftReport some = report.only(one -> one.severity() == Severity.CRITICAL);
        assertThat(some.drifted()).hasSize(1);
        assertThat(some.leftOut()).isEqualTo(2);
        assertThat(some.asApplied()).as("what is left out is not as applied").isEqualTo(7);
        assertThat(some.only(one -> false).leftOut()).as("left out twice").isEqualTo(3);
    }

    @Test
    void whatIsComparedBesidesIsAddedAndItsProblemsCount() {
        ObjectKey node = key("Node", "n1");
        DriftReport report = report(drifted("ConfigMap", "a", "kubectl-edit"))
                .and(
                        List.of(drifted("Node", "n2", "kubectl-edit")),
                        2,
                        Set.of(node),
                        List.of(new Plan.ObjectProblem(node, Optional.empty(), DriftCode.MEMORY_LOST, "a reason")));

        assertThat(report.compared()).isEqualTo(12);
        assertThat(report.asApplied()).isEqualTo(10);
        assertThat(report.pending()).containsExactly(node);
        assertThat(report.complete()).isFalse();
    }

    @ParameterizedTest(name = "{0} {1} by {2} {3}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "ConfigMap  | CHANGED     | other        | /data/a                  | /data/a  | -",
                "ConfigMap  | CHANGED     | kubectl-edit | /data/a                  | /data/a  | written by hand",
                "ConfigMap  | FIGHT       | other        | /data/a /data/b /data/a  | /data/a /data/b | -",
                "ConfigMap  | CHANGED     | other        | /data/a /data            | /data    | -",
                "ConfigMap  | CHANGED     | other        | /data /data/a            | /data    | -",
                "Deployment | CHANGED     | hpa          | /spec/replicas           | -        | something scales it",
                "Deployment | CHANGED     | hpa          | /spec/replicas /data/a   | /data/a  | something scales it",
                "Deployment | CHANGED     | kubectl-edit | /spec/replicas           | /spec/replicas | written by hand",
                "ConfigMap  | CHANGED     | other        | /metadata/labels/trimtab.dev~1sync | - | the object is known by it",
                "ConfigMap  | CHANGED     | other        | none                     | -        | no rule can name it",
                "ConfigMap  | MISSING     | -            | /data/a                  | -        | take it out of Git (a.yaml:3:1)",
                "ConfigMap  | EXTRA_OWNER | other        | /data/a                  | -        | there is nothing to leave",
                "Node       | CHANGED     | kubectl-edit | /data/a                  | -        | no rule is for nodes",
            })
    void theNarrowestRuleIsSuggestedAndAdviceWhereNoneHelps(
            String kind, DriftClass type, String manager, String fields, String paths, String advice) {
        Concession concession = Concession.of(drifted(kind, "a", type, manager, fields.split(" ")));

        assertThat(concession
                        .rule()
                        .map(rule -> rule.paths().stream()
                                .map(FieldPointer::toString)
                                .toList()))
                .isEqualTo(Optional.ofNullable(paths).map(all -> List.of(all.split(" "))));
        concession
                .rule()
                .ifPresent(rule -> assertThat(rule)
                        .isEqualTo(new IgnoreRules.Rule(kind, Optional.of("a"), Optional.of("shop"), rule.paths())));
        if (advice == null) {
            assertThat(concession.advice()).isEmpty();
        } else {
            assertThat(concession.advice()).anyMatch(text -> text.contains(advice));
        }
    }

    private static DriftReport report(Drifted... drifted) {
        return new DriftReport(
                new Plan.ClusterId("demo", "uid", "v1.36.2"),
                "shop",
                "repo",
                Optional.of(HEAD),
                HEAD,
                NOW,
                Arrays.asList(drifted),
                0,
                10,
                new TreeSet<>(),
                new TreeSet<>(),
                List.of());
    }

    private static Drifted drifted(String kind, String name, String manager) {
        return drifted(kind, name, DriftClass.CHANGED, manager, "/data/a");
    }

    private static Drifted drifted(String kind, String name, DriftClass type, String manager, String... pointers) {
        List<FieldChange> fields =
                Arrays.stream(pointers).map(DriftReportTest::field).toList();
        Drift drift = new Drift(key(kind, name), type, fields, Optional.ofNullable(manager), Optional.of(NOW), NOW);
        return new Drifted(
                drift,
                Severity.of(drift),
                Optional.ofNullable(manager).map(by -> new Drifted.Writer(by, "Update", "")),
                Optional.of(new Position(new RepoPath("a.yaml"), 3, 1)),
                PodImpact.NONE,
                false);
    }

    private static ObjectKey key(String kind, String name) {
        return new ObjectKey(kind.equals("Deployment") ? "apps" : "", kind, Optional.of("shop"), name);
    }

    private static FieldChange field(String pointer) {
        return new FieldChange(
                pointer.equals(REPLICAS) ? "spec.replicas" : pointer,
                Optional.of(new IntNode(2)),
                Optional.of(new IntNode(1)),
                false,
                FieldChange.Origin.DRIFT,
                Optional.empty(),
                pointer.equals("none") ? Optional.empty() : Optional.of(FieldPointer.parse(pointer)));
    }
}
