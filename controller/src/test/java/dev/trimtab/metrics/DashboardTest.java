package dev.trimtab.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard, without a Grafana. */
class DashboardTest {

    /** Panels that every Grafana has. */
    private static final Set<String> BUILT_IN =
            Set.of("row", "stat", "table", "timeseries", "state-timeline", "bargauge");

    private static final Pattern RECORDED = Pattern.compile("[a-z_]+:trimtab_[a-z_]+:[a-z0-9_]+");

    @TempDir
    private Path folder;

    private final JsonNode dashboard = json();

    private static JsonNode json() {
        try {
            return new ObjectMapper().readTree(Shipped.read(Shipped.DASHBOARD));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes the ConfigMap anew with {@code -Dtrimtab.update=true}. */
    @Test
    void theConfigMapHoldsTheSameDashboard() throws IOException {
        String made = """
                # Made of trimtab-dashboard.json; DashboardTest holds the two together. Grafana's sidecar finds it by its label.
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: trimtab-dashboard
                  labels:
                    grafana_dashboard: "1"
                    app.kubernetes.io/name: trimtab
                data:
                  trimtab-dashboard.json: |
                """ + Shipped.indented(Shipped.read(Shipped.DASHBOARD), 4);
        if (Boolean.getBoolean("trimtab.update")) {
            Files.writeString(Shipped.DASHBOARD_CONFIG_MAP, made);
        }
        assertThat(Shipped.DASHBOARD_CONFIG_MAP).hasContent(made);
        assertThat(Shipped.yaml(made).get("data"))
                .isEqualTo(Map.of("trimtab-dashboard.json", Shipped.read(Shipped.DASHBOARD)));
    }

    @Test
    void anImportKeepsTheAddressAndNeedsNoPlugin() {
        assertThat(dashboard.path("uid").asText()).isEqualTo("trimtab");
        assertThat(dashboard.has("id")).isFalse();
        assertThat(dashboard.path("panels")).allSatisfy(panel -> {
            assertThat(panel.path("type").asText()).isIn(BUILT_IN);
            assertThat(panel.path("title").asText()).isNotBlank();
        });
        assertThat(dashboard.at("/templating/list"))
                .extracting(variable -> variable.path("name").asText())
                .containsExactly("datasource", "cluster", "sync");
        assertThat(dashboard.findValues("datasource").stream()
                        .map(source -> source.path("uid").asText())
                        .distinct())
                .containsExactlyInAnyOrder("${datasource}", "-- Grafana --");
    }

    @Test
    void panelsHaveNumbersOfTheirOwnAndDoNotOverlap() {
        Set<Integer> numbers = new HashSet<>();
        Set<List<Integer>> taken = new HashSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
            assertThat(numbers.add(panel.path("id").asInt())).isTrue();
            JsonNode place = panel.path("gridPos");
            for (int x = 0; x < place.path("w").asInt(); x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    int column = place.path("x").asInt() + x;
                    assertThat(column).isLessThan(24);
                    assertThat(taken.add(List.of(column, place.path("y").asInt() + y)))
                            .as(panel.path("title").asText())
                            .isTrue();
                }
            }
        }
    }

    /** By the panel's title; a panel may have several. */
    private Map<String, String> expressions() {
        Map<String, String> all = new LinkedHashMap<>();
        for (JsonNode panel : dashboard.path("panels")) {
            panel.path("targets")
                    .forEach(target -> all.put(
                            panel.path("title").asText() + " "
                                    + target.path("refId").asText(),
                            target.path("expr").asText()));
        }
        dashboard.at("/annotations/list").forEach(note -> {
            if (note.has("expr")) {
                all.put(note.path("name").asText(), note.path("expr").asText());
            }
        });
        return all;
    }

    @Test
    void prometheusTakesEveryExpression() throws IOException {
        Program promtool = Program.orNotRun("promtool");
        List<Map<String, String>> rules = new ArrayList<>();
        expressions()
                .values()
                .forEach(expression -> rules.add(Map.of(
                        "record",
                        "panel:" + (char) ('a' + rules.size() / 26) + (char) ('a' + rules.size() % 26),
                        "expr",
                        expression.replace("$__rate_interval", "5m"))));
        // A rule file is YAML, and JSON is.
        Path file = Files.writeString(
                folder.resolve("panels.yaml"),
                new ObjectMapper()
                        .writeValueAsString(Map.of("groups", List.of(Map.of("name", "panels", "rules", rules)))));

        Program.Output output = promtool.run(folder, "check", "rules", file.toString());

        assertThat(output.text()).contains("SUCCESS: " + rules.size() + " rules found");
        assertThat(output.code()).isZero();
    }

    @Test
    void everySeriesOfAPanelIsExportedOrRecorded() {
        String all = String.join("\n", expressions().values());
        assertThat(Stream.of(Series.values()).map(Series::id)).containsAll(AlertRulesTest.metrics(all));
        Set<String> recorded = Shipped.rules(Shipped.read(Shipped.RULES)).stream()
                .filter(rule -> rule.containsKey("record"))
                .map(rule -> (String) rule.get("record"))
                .collect(Collectors.toSet());
        assertThat(recorded)
                .containsAll(RECORDED.matcher(all)
                        .results()
                        .map(found -> found.group())
                        .toList());
    }

    @Test
    void everySeriesIsInARuleOrAPanel() {
        Set<String> used = new TreeSet<>(AlertRulesTest.metrics(AlertRulesTest.expressions()));
        used.addAll(AlertRulesTest.metrics(String.join("\n", expressions().values())));
        assertThat(used)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Series.values()).map(Series::id).toList());
    }
}
