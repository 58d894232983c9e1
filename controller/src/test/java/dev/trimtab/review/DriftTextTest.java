package dev.trimtab.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
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
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What drift reads like on a terminal, and as rules. */
class DriftTextTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @ParameterizedTest(name = "{0} drifted, {1} left out, {2} compared, {3} problems")
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0 | 0 | 0 | No drift: sync shop has applied nothing here that Git holds.",
                "0 | 0 | 1 | 0 | No drift. 1 object compared, it is as it was applied.",
                "0 | 0 | 9 | 0 | No drift. 9 objects compared, all are as they were applied.",
                "0 | 2 | 9 | 0 | None that was asked for; 2 objects drifted in all.",
                "0 | 0 | 9 | 1 | Nothing drifted among the 9 objects that could be compared.",
                "2 | 0 | 9 | 0 | 2 objects drifted: 2 warning; 7 as applied",
                "1 | 3 | 9 | 0 | 1 object drifted: 1 warning; 5 as applied; 3 more drifted and are left out",
            })
    void theFirstSentenceSaysHowItStands(int drifted, int leftOut, int compared, int problems, String sentence) {
        DriftView view = view(report(drifted, leftOut, compared, problems), Optional.empty());

        String text = new DriftText(Style.PLAIN, false).render(List.of(view), NOW);

        assertThat(text).contains("  " + sentence + "\n");
        assertThat(text.contains("INCOMPLETE")).isEqualTo(problems > 0);
        assertThat(text.toLowerCase(Locale.ROOT).contains("no drift"))
                .as("said of all that was compared, or not at all")
                .isEqualTo(sentence.startsWith("No drift"));
    }

    @Test
    void whatCouldNotBeComparedAtAllSaysWhy() {
        DriftView view = new DriftView("shop", Optional.empty(), Optional.of("no answer"), hints());

        assertThat(new DriftText(Style.PLAIN, false).render(List.of(view), NOW))
                .contains("NOT COMPARED", "no answer")
                .doesNotContainIgnoringCase("no drift");
        assertThat(IgnoreText.render(List.of(view), NOW)).isEqualTo("# sync shop could not be compared: no answer\n");
    }

    @Test
    void longListsAreShortenedUnlessAllIsAskedFor() {
        DriftView view = view(report(60, 0, 60, 0), Optional.empty());

        assertThat(new DriftText(Style.PLAIN, false).render(List.of(view), NOW))
                .contains("and 10 more objects: give --all to see them")
                .doesNotContain("shop/m59");
        assertThat(new DriftText(Style.PLAIN, true).render(List.of(view), NOW)).contains("shop/m59");
    }

    @Test
    void noLineIsWiderThanATerminal() {
        FieldChange wide = field(Optional.of(new TextNode("x".repeat(300))), false);

        String text = new DriftText(Style.PLAIN, false)
                .render(List.of(view(report(List.of(drifted(0, wide)), 0, 1, 0), Optional.empty())), NOW);

        assertThat(text.lines())
                .filteredOn(line -> line.contains("xxx"))
                .hasSize(1)
                .allMatch(line -> line.length() == 100);
    }

    @Test
    void aLongValueHidesNotTheOther() {
        FieldChange wide = new FieldChange(
                "data[a]",
                Optional.of(new TextNode("{}")),
                Optional.of(new TextNode("x".repeat(300))),
                false,
                FieldChange.Origin.DRIFT,
                Optional.empty());

        assertThat(new DriftText(Style.PLAIN, false)
                        .render(List.of(view(report(List.of(drifted(0, wide)), 0, 1, 0), Optional.empty())), NOW))
                .contains("xxx... -> {}\n");
    }

    @Test
    void aMaskedFieldHasNoValues() {
        FieldChange secret = field(Optional.of(new TextNode("haddock")), true);

        assertThat(new DriftText(Style.PLAIN, true)
                        .render(List.of(view(report(List.of(drifted(0, secret)), 0, 1, 0), Optional.empty())), NOW))
                .contains("a secret value differs; it is not shown")
                .doesNotContain("haddock");
    }

    @Test
    void rulesAreYamlAndAllElseIsComment() {
        String text = IgnoreText.render(List.of(view(report(2, 0, 9, 1), Optional.empty())), NOW);

        assertThat(text.lines().filter(line -> !line.strip().startsWith("#")))
                .containsExactly(
                        "spec:",
                        "  ignore:",
                        "  - kind: ConfigMap",
                        "    namespace: shop",
                        "    name: m0",
                        "    paths:",
                        "      - /data/a",
                        "  - kind: ConfigMap",
                        "    namespace: shop",
                        "    name: m1",
                        "    paths:",
                        "      - /data/a");
        assertThat(text).contains("# not compared: ConfigMap shop/p: a reason in two lines");
        assertThat(IgnoreText.render(List.of(view(report(0, 0, 9, 0), Optional.empty())), NOW))
                .contains("# nothing drifted")
                .doesNotContain("spec:");
    }

    private static DriftView view(DriftReport report, Optional<String> failure) {
        return new DriftView("shop", Optional.of(report), failure, hints());
    }

    private static DriftView.Hints hints() {
        return new DriftView.Hints("trimtab plan", "trimtab apply", "a rule");
    }

    private static DriftReport report(int drifted, int leftOut, int compared, int problems) {
        return report(
                IntStream.range(0, drifted)
                        .mapToObj(i -> drifted(i, field(Optional.of(new IntNode(2)), false)))
                        .toList(),
                leftOut,
                compared,
                problems);
    }

    private static DriftReport report(List<Drifted> drifted, int leftOut, int compared, int problems) {
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

    private static Drifted drifted(int number, FieldChange field) {
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

    private static ObjectKey key(String name) {
        return new ObjectKey("", "ConfigMap", Optional.of("shop"), name);
    }

    private static FieldChange field(Optional<JsonNode> live, boolean masked) {
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
