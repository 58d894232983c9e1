package dev.trimtab.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Who hears of what. What silences what is seen in {@code AlertingScenarioTest}, with the real programs. */
class AlertmanagerExampleTest {

    private static final Pattern ALERT = Pattern.compile("Trimtab[A-Z][A-Za-z]+");

    @TempDir
    private Path folder;

    private final String file = Shipped.ALERTMANAGER.toAbsolutePath().toString();

    @Test
    void alertmanagerTakesTheExample() {
        Program.Output output = Program.orNotRun("amtool").run(folder, "check-config", file);
        assertThat(output.code()).as(output.text()).isZero();
        assertThat(output.text()).contains("5 inhibit rules", "4 receivers");
    }

    static Stream<Arguments> routes() {
        List<Map<String, String>> all =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(AlertRulesTest.resource("routes.yaml"));
        return all.stream().map(one -> Arguments.of(one.get("labels"), one.get("receivers")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("routes")
    void anAlertReaches(String labels, String receivers) {
        List<String> words = new ArrayList<>(
                List.of("config", "routes", "test", "--config.file=" + file, "--verify.receivers=" + receivers));
        words.addAll(List.of(labels.split(" ", -1)));
        Program.Output output = Program.orNotRun("amtool").run(folder, words.toArray(String[]::new));
        assertThat(output.code()).as(output.text()).isZero();
    }

    @Test
    void theExampleNamesOnlyAlertsThatExist() {
        assertThat(Shipped.alerts())
                .extracting(alert -> alert.get("alert"))
                .containsAll(ALERT.matcher(Shipped.read(Shipped.ALERTMANAGER))
                        .results()
                        .map(MatchResult::group)
                        .toList());
    }
}
