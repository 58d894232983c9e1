package dev.trimtab.review;

import static dev.trimtab.review.DriftSamples.NOW;
import static dev.trimtab.review.DriftSamples.drifted;
import static dev.trimtab.review.DriftSamples.field;
import static dev.trimtab.review.DriftSamples.hints;
import static dev.trimtab.review.DriftSamples.key;
import static dev.trimtab.review.DriftSamples.report;
import static dev.trimtab.review.DriftSamples.view;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.drift.DriftReport;
import dev.trimtab.drift.Drifted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The document that {@code docs/drift.md} describes. */
class DriftJsonTest {

    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest(name = "{0} drifted, {1} left out, {2} not compared, failure {3}")
    @CsvSource(
            nullValues = "-",
            value = {
                "0, 0, 0, -, no-drift, true",
                "0, 2, 0, -, no-drift, true",
                "1, 0, 0, -, drift, true",
                "0, 0, 1, -, error, false",
                "2, 0, 1, -, error, false",
                "0, 0, 0, main@aaaaaaa is refused, no-drift, true",
                "1, 0, 0, main@aaaaaaa is refused, drift, true",
            })
    void theResultIsOfAllThatCouldBeCompared(
            int drifted, int leftOut, int problems, String failure, String result, boolean complete) {
        JsonNode document = render(view(report(drifted, leftOut, 9, problems), Optional.ofNullable(failure)));

        assertThat(document.path("result").asText()).isEqualTo(result);
        assertThat(document.path("complete").asBoolean()).isEqualTo(complete);
        assertThat(document.at("/syncs/0/complete").asBoolean()).isEqualTo(complete);
        assertThat(document.at("/syncs/0/failure").asText(null)).isEqualTo(failure);
        assertThat(document.at("/syncs/0/summary/leftOut").asInt()).isEqualTo(leftOut);
        assertThat(document.at("/syncs/0/drift").size()).isEqualTo(drifted);
        assertThat(document.at("/syncs/0/problems").size()).isEqualTo(problems);
    }

    @Test
    void oneSyncThatCouldNotBeComparedIsAnErrorOfTheWhole() {
        JsonNode document = new DriftJson("1.2.3", false)
                .render(List.of(
                        view(report(1, 0, 9, 0), Optional.empty()),
                        new DriftView("zoo", Optional.empty(), Optional.of("no answer"), hints())));

        assertThat(document.path("result").asText()).isEqualTo("error");
        assertThat(document.at("/syncs/0/complete").asBoolean()).isTrue();
        assertThat(document.at("/syncs/0/drift").size()).isEqualTo(1);
        assertThat(document.at("/syncs/1").toString())
                .isEqualTo("{\"sync\":\"zoo\",\"complete\":false,\"failure\":\"no answer\"}");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/format                        | \"trimtab.drift/v1\"",
                "/tool                          | {\"version\":\"1.2.3\"}",
                "/syncs/0/sync                  | \"shop\"",
                "/syncs/0/cluster               | {\"name\":\"demo\",\"uid\":\"uid\",\"kubernetes\":\"v1.36.2\"}",
                "/syncs/0/source/repository     | \"repo\"",
                "/syncs/0/source/head/ref       | \"main\"",
                "/syncs/0/readAt                | \"2026-11-21T12:00:00Z\"",
                "/syncs/0/summary               | {\"critical\":0,\"warning\":2,\"leftOut\":1,\"compared\":9,\"asApplied\":6,\"pending\":1,\"shared\":1}",
                "/syncs/0/drift/0/object        | {\"group\":\"\",\"kind\":\"ConfigMap\",\"namespace\":\"shop\",\"name\":\"m0\"}",
                "/syncs/0/drift/0/type          | \"changed\"",
                "/syncs/0/drift/0/severity      | \"warning\"",
                "/syncs/0/drift/0/since         | \"2026-11-21T12:00:00Z\"",
                "/syncs/0/drift/0/by            | {\"manager\":\"other\",\"operation\":\"Update\",\"subresource\":\"\"}",
                "/syncs/0/drift/0/fields/0      | {\"path\":\"data[a]\",\"pointer\":\"/data/a\",\"git\":1,\"live\":2}",
                "/syncs/0/drift/0/gitMoved      | false",
                "/syncs/0/drift/0/healing       | {\"pods\":\"none\",\"count\":0}",
                "/syncs/0/drift/0/ignore        | {\"kind\":\"ConfigMap\",\"namespace\":\"shop\",\"name\":\"m0\",\"paths\":[\"/data/a\"]}",
                "/syncs/0/drift/0/advice        | []",
                "/syncs/0/drift/1/fields/0      | {\"path\":\"data[a]\",\"pointer\":\"/data/a\",\"masked\":true}",
                "/syncs/0/pending/0/name        | \"waits\"",
                "/syncs/0/shared/0/name         | \"both\"",
                "/syncs/0/problems/0/message    | \"a reason\\nin two lines\"",
                "/syncs/0/problems/0/object/name | \"p\"",
            })
    void eachMemberSaysWhatThePageSays(String pointer, String value) throws IOException {
        assertThat(full().at(pointer)).isEqualTo(JSON.readTree(value));
    }

    @Test
    void thePageNamesEachMember() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "drift.md"));
        Set<String> names = new TreeSet<>();
        names(full(), names);

        assertThat(names).isNotEmpty().allSatisfy(name -> assertThat(page).containsPattern("[`.]" + name + "[`\\[.]"));
    }

    @Test
    void aSecretValueIsNowhere() {
        assertThat(full().toString()).doesNotContain("haddock");
    }

    private static JsonNode full() {
        List<Drifted> drifted = List.of(
                drifted(0, field(Optional.of(new IntNode(2)), false)),
                drifted(1, field(Optional.of(new TextNode("haddock")), true)));
        DriftReport all = report(drifted, 1, 9, 1);
        DriftReport more = new DriftReport(
                all.cluster(),
                all.sync(),
                all.repository(),
                all.applied(),
                all.head(),
                NOW,
                all.drifted(),
                all.leftOut(),
                all.compared(),
                new TreeSet<>(Set.of(key("waits"))),
                new TreeSet<>(Set.of(key("both"))),
                all.problems());
        return new DriftJson("1.2.3", true).render(List.of(view(more, Optional.of("why"))));
    }

    private static JsonNode render(DriftView view) {
        return new DriftJson("1.2.3", false).render(List.of(view));
    }

    private static void names(JsonNode node, Set<String> into) {
        node.fieldNames().forEachRemaining(into::add);
        node.forEach(child -> names(child, into));
    }
}
