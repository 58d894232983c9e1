package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {

    private static final String CONFIG_MAP = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: a
              namespace: shop
            data:
              mode: "0644"
            """;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine command = Trimtab.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(arguments);
    }

    @ParameterizedTest(name = "trimtab {0}")
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "--nonsense",
                "plan",
                "plan --nonsense",
                "plan . -f .",
                "plan . .",
                "apply",
                "nodes",
                "validate",
                "validate . -f .",
                "render",
                "render . --output xml",
                "demo extra",
                "run",
                "completion fish",
                "sandbox --port x",
                "sandbox --nodes 1 --definition ."
            })
    void aWrongCommandLineIs64AndSaysNothingOnStandardOutput(String words) {
        assertThat(run(words.isEmpty() ? new String[0] : words.split(" "))).isEqualTo(64);
        assertThat(err.toString()).startsWith("error: ").doesNotContain("error: Error");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest(name = "trimtab {0}")
    @ValueSource(strings = {"validate", "render", "plan", "apply", "nodes"})
    void aFolderIsNamedWithOrWithoutTheOption(String name) {
        String absent = folder.resolve("absent").toString();
        for (List<String> words : List.of(List.of(name, absent), List.of(name, "-f", absent))) {
            assertThat(run(words.toArray(String[]::new))).isEqualTo(1);
        }
        assertThat(err.toString().split("is not a folder", -1)).hasSize(3);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aTypoIsAnsweredWithWhatWasMeant() {
        assertThat(run("validat")).isEqualTo(64);
        assertThat(err.toString()).contains("trimtab validate");
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : Trimtab.commandLine().getSubcommands().keySet()) {
            if (!command.equals("help")) {
                assertThat(run(command, "--help")).as(command).isZero();
            }
        }
        assertThat(out.toString()).contains("Usage: trimtab demo");
    }

    @Test
    void aCleanDefinitionIsValidAndQuietOnStandardOutput() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), CONFIG_MAP);
        assertThat(run("validate", folder.toString())).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("no problems: 1 manifest, 0 nodes, 0 documents of the cluster");
    }

    @Test
    void aBrokenDefinitionNamesFileLineAndColumn() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), CONFIG_MAP + "data: {}\n");
        assertThat(run("validate", folder.toString())).isEqualTo(1);
        assertThat(out.toString()).startsWith(folder.resolve("a.yaml") + ":8:1: error: ");
        assertThat(err.toString()).contains("1 error, 0 warnings");
    }

    @Test
    void validateAsJsonIsOneDocument() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), CONFIG_MAP + "data: {}\n");
        assertThat(run("validate", folder.toString(), "-o", "json")).isEqualTo(1);
        JsonNode document = new ObjectMapper().readTree(out.toString());
        assertThat(document.path("format").asText()).isEqualTo("trimtab.problems/v1");
        assertThat(document.path("result").asText()).isEqualTo("refused");
        assertThat(document.at("/problems/0/file/line").asInt()).isEqualTo(8);
        assertThat(document.at("/problems/0/code").asText()).isEqualTo("YML002");
    }

    @Test
    void renderGivesBackWhatWasWrittenAndTheOwner() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), CONFIG_MAP);
        assertThat(run("render", folder.toString(), "--sync", "shop")).isZero();
        assertThat(out.toString())
                .contains("# a.yaml:1:1")
                .contains("mode: \"0644\"")
                .contains("trimtab.dev/sync: shop");
    }

    @Test
    void aMissingFolderSaysWhatToDo() {
        assertThat(run("validate", folder.resolve("absent").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("is not a folder").contains("fix: ");
    }

    @Test
    void anUnreachableClusterIsAnErrorWithoutAStackTrace() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), CONFIG_MAP);
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
                contexts: [{name: c, context: {cluster: c, user: u}}]
                users: [{name: u, user: {}}]
                current-context: c
                """);
        assertThat(run("plan", "-f", folder.toString(), "--kubeconfig", kubeconfig.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("error: ").doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void versionAsJsonNamesItsFormat() throws IOException {
        assertThat(run("version", "-o", "json")).isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).path("format").asText())
                .isEqualTo("trimtab.version/v1");
    }

    @Test
    void completionKnowsTheCommands() {
        assertThat(run("completion", "bash")).isZero();
        assertThat(out.toString()).contains("demo").contains("validate");
    }
}
