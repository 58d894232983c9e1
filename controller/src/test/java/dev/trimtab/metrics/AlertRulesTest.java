package dev.trimtab.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The rules as Prometheus reads them, and what hangs together with them. */
class AlertRulesTest {

    private static final Pattern METRIC = Pattern.compile("(?<![a-z_:])trimtab_[a-z_]+");
    private static final Pattern COMMAND = Pattern.compile("(?m)(?:^|[`:] ?)trimtab ([a-z]+)");

    @TempDir
    private Path folder;

    /** Writes the operator's file anew with {@code -Dtrimtab.update=true}. */
    @Test
    void theOperatorGetsTheSameGroups() throws IOException {
        String made = Shipped.operatorRules(Shipped.read(Shipped.RULES));
        if (Boolean.getBoolean("trimtab.update")) {
            Files.writeString(Shipped.OPERATOR_RULES, made);
        }
        assertThat(Shipped.OPERATOR_RULES).hasContent(made);
        assertThat(Shipped.yaml(made).get("spec")).isEqualTo(Shipped.yaml(Shipped.read(Shipped.RULES)));
    }

    static List<Map<String, Object>> alerts() {
        return Shipped.alerts();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("alerts")
    @SuppressWarnings("unchecked")
    void anAlertSaysHowUrgentItIsInTwoLanguagesAndWhereToReadOn(Map<String, Object> alert) {
        Map<String, String> texts = (Map<String, String>) Objects.requireNonNull(alert.get("annotations"));
        Map<String, String> labels = (Map<String, String>) Objects.requireNonNull(alert.get("labels"));
        assertThat(labels.get("severity")).isIn("critical", "warning", "info");
        assertThat(texts).containsOnlyKeys("summary", "summary_zh", "description", "runbook_url");
        assertThat(texts.get("summary_zh")).matches("(?s).*\\p{IsHan}.*");
        assertThat(texts.get("runbook_url")).isEqualTo("docs/runbooks/" + alert.get("alert") + ".md");
        String page = Shipped.read(Shipped.ROOT.resolve(texts.get("runbook_url")));
        assertThat(page.lines().filter(line -> line.startsWith("#")))
                .containsExactly(
                        "# " + alert.get("alert"),
                        "## What it means",
                        "## Is it urgent",
                        "## How to look",
                        "## How to end it",
                        "# 中文",
                        "## 含义",
                        "## 是否紧急",
                        "## 如何查看",
                        "## 如何结束");
    }

    @Test
    void everyPageIsAnAlertsOwn() throws IOException {
        try (Stream<Path> pages = Files.list(Shipped.ROOT.resolve("docs/runbooks"))) {
            assertThat(pages.map(page -> page.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Shipped.alerts().stream()
                            .map(alert -> alert.get("alert") + ".md")
                            .toList());
        }
    }

    /** Commands stay before this package on the way of data, so their names are read from the map of the command line. */
    @Test
    void pagesAndAlertsNameOnlyCommandsThatExist() throws IOException {
        Set<String> named = new TreeSet<>();
        List<Path> files = new ArrayList<>(List.of(Shipped.RULES));
        try (Stream<Path> pages = Files.list(Shipped.ROOT.resolve("docs/runbooks"))) {
            pages.forEach(files::add);
        }
        for (Path file : files) {
            COMMAND.matcher(Shipped.read(file))
                    .results()
                    .map(found -> found.group(1))
                    .forEach(named::add);
        }
        assertThat(named)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(Shipped.ROOT.resolve("controller/src/main/java/dev/trimtab/cli/"
                                + Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Command.java"))
                        .exists());
    }

    @Test
    void everySeriesOfARuleIsExported() {
        assertThat(Series.values()).extracting(Series::id).containsAll(metrics(expressions()));
    }

    /** Each metric of ours that the expressions read. */
    static Set<String> metrics(String expressions) {
        return METRIC.matcher(expressions)
                .results()
                .map(MatchResult::group)
                .map(name -> name.replaceFirst("_(bucket|count|sum)$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static String expressions() {
        return Shipped.rules(Shipped.read(Shipped.RULES)).stream()
                .map(rule -> Objects.toString(rule.get("expr")))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void prometheusTakesTheRules() {
        Program.Output output = Program.orNotRun("promtool")
                .run(folder, "check", "rules", Shipped.RULES.toAbsolutePath().toString());
        assertThat(output.text()).contains("SUCCESS: 20 rules found");
        assertThat(output.code()).isZero();
    }

    @ParameterizedTest
    @MethodSource("suites")
    void whatFiresAndWhatMustNot(String suite) throws IOException {
        Program.Output output = tested(Shipped.bare(Shipped.read(Shipped.RULES)), suite);
        assertThat(output.code()).as(output.text()).isZero();
    }

    static Stream<String> suites() {
        return Stream.of("alerts.test.yaml", "days.test.yaml", "texts.test.yaml");
    }

    static Stream<Arguments> mutations() {
        List<Map<String, String>> all =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(resource("mutations.yaml"));
        return all.stream().map(one -> Arguments.of(one.get("fault"), one.get("from"), one.get("to")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutations")
    void aFaultOfTheRulesIsNoticed(String fault, String from, String to) throws IOException {
        String rules = Shipped.bare(Shipped.read(Shipped.RULES));
        int at = rules.indexOf(from);
        assertThat(at).as("place of: " + fault).isNotNegative();
        String faulty = rules.substring(0, at) + to + rules.substring(at + from.length());

        Program.Output output = tested(faulty, "alerts.test.yaml");
        if (output.code() == 0) {
            output = tested(faulty, "days.test.yaml");
        }

        assertThat(output.code()).as(fault).isNotZero();
        assertThat(output.text()).contains("exp:");
    }

    private Program.Output tested(String rules, String suite) throws IOException {
        Program promtool = Program.orNotRun("promtool");
        Files.writeString(folder.resolve("rules.yaml"), rules);
        Files.writeString(folder.resolve("trimtab-rules.yaml"), Shipped.read(Shipped.RULES));
        Files.writeString(folder.resolve(suite), resource(suite));
        return promtool.run(folder, "test", "rules", suite);
    }

    static String resource(String name) {
        try (InputStream in = AlertRulesTest.class.getResourceAsStream("/alerts/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A rule that nobody tests may as well be wrong. */
    @Test
    void everyAlertIsTestedToFireAndToBeSilent() {
        String suites = resource("alerts.test.yaml") + resource("days.test.yaml");
        List<String> lines = suites.lines().toList();
        assertThat(Shipped.alerts()).allSatisfy(alert -> {
            String name = "alertname: " + alert.get("alert");
            assertThat(lines).anyMatch(line -> line.contains(name + ", exp_alerts"));
            assertThat(lines).anyMatch(line -> line.contains(name + "}"));
        });
    }
}
