package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.trimtab.cli.WrittenCommands.Written;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** What the documents, the template and its CI tell people to type is what the commands take. */
class WrittenCommandsTest {

    static Stream<Written> commands() {
        return WrittenCommands.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    void everyWrittenCommandLineIsOne(Written written) {
        CommandLine root = Trimtab.commandLine();
        try {
            root.parseArgs(WrittenCommands.words(written.line()));
        } catch (MissingParameterException e) {
            // A sentence may name a command, which has to be there, without all that it needs.
            if (written.meantToRun() || e.getCommandLine() == root) {
                fail(written + ": " + e.getMessage());
            }
        } catch (ParameterException e) {
            fail(written + ": " + e.getMessage());
        }
    }

    @Test
    void theyAreFoundWhereTheyStand() {
        assertThat(commands().map(Written::toString))
                .contains(
                        "README.md: trimtab apply -f DIR [--wait]",
                        "README.md: trimtab bootstrap join NODE",
                        "repo-template/README.md: trimtab plan .",
                        "repo-template/README.zh-CN.md: trimtab plan .",
                        "repo-template/.ci/plan: trimtab bootstrap render . --out \"$rendered/machines\"",
                        "repo-template/.github/workflows/trimtab.yml: trimtab validate . -o sarif",
                        "repo-template/.gitlab-ci.yml: trimtab validate . -o json",
                        "repo-template/.gitea/workflows/trimtab.yml: trimtab validate .",
                        "docs/runbooks/TrimtabDriftFight.md: trimtab suspend SYNC --reason TEXT --for 1h",
                        "docs/validate.md: trimtab validate DIR -o json",
                        "manifests/alerts/prometheusrule.yaml: trimtab resume {{ $labels.scope }}");
    }

    @Test
    void aSentenceOverTwoLinesAndAContinuedLineAreOneCommand() {
        Path page = Path.of("..", "docs", "page.md").toAbsolutePath().normalize();

        List<Written> written = WrittenCommands.in(page, """
                Run `bin/trimtab plan
                DIR`, not `trimtab.dev/sync` or a trimtab of wood.

                ```
                A=b sh "$here/trimtab" plan . \\
                    --sync x >plan.txt || exit   # nothing
                trimtabs are small
                ```
                """);

        assertThat(written)
                .containsExactly(new Written(page, "plan . --sync x", true), new Written(page, "plan DIR", false));
    }
}
