package dev.trimtab.review;

import static dev.trimtab.review.DriftSamples.NOW;
import static dev.trimtab.review.DriftSamples.drifted;
import static dev.trimtab.review.DriftSamples.field;
import static dev.trimtab.review.DriftSamples.hints;
import static dev.trimtab.review.DriftSamples.report;
import static dev.trimtab.review.DriftSamples.view;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.plan.FieldChange;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What drift reads like on a terminal, and as rules. */
class DriftTextTest {

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
}
