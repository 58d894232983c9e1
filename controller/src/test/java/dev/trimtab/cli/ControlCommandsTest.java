package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.sandbox.Sandbox;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What a person says to a sync is in the cluster afterwards. */
class ControlCommandsTest {

    private static final String DIGEST = "sha256:" + "a".repeat(64);

    @TempDir
    private Path folder;

    private Sandbox sandbox;
    private Path kubeconfig;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.builder().controllers(false).build().start();
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), sandbox.kubeconfig());
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void anApprovalASuspensionAndAWishStandSideBySide() {
        assertThat(run("approve", "shop", "--plan", DIGEST, "--by", "ada")).isZero();
        assertThat(err.toString()).contains("no sync \"shop\"", "is the name right?");
        assertThat(run("suspend", "shop", "--reason", "an incident", "--by", "bob", "--for", "2h"))
                .isZero();
        assertThat(run("reconcile", "shop", "--hard")).isZero();

        JsonNode annotations = annotations();
        assertThat(annotations.path("trimtab.dev/approved-plan").asText()).isEqualTo(DIGEST);
        assertThat(annotations.path("trimtab.dev/approved-by").asText()).isEqualTo("ada");
        assertThat(annotations.path("trimtab.dev/suspended").asText()).isEqualTo("an incident");
        assertThat(annotations.path("trimtab.dev/suspended-by").asText()).isEqualTo("bob");
        assertThat(Instant.parse(annotations.path("trimtab.dev/suspended-until").asText()))
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(119)),
                        Instant.now().plus(Duration.ofMinutes(121)));
        assertThat(annotations.path("trimtab.dev/reconcile-hard").asText()).isEqualTo("true");

        assertThat(run("resume", "shop")).isZero();
        assertThat(annotations().has("trimtab.dev/suspended")).isFalse();
        assertThat(annotations().path("trimtab.dev/approved-plan").asText()).isEqualTo(DIGEST);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "approve shop --plan sha256:12                         | 1  | all of it",
                "approve Shop --plan DIGEST                            | 1  | DNS label",
                "approve shop                                          | 64 | --plan",
                "suspend shop                                          | 64 | --reason",
                "suspend shop --reason x --for soon                    | 1  | not a duration",
                "suspend shop --reason x --until tomorrow              | 1  | with its offset",
                "suspend shop --reason x --until 2020-01-01T00:00:00Z  | 1  | over already",
                "suspend shop --reason x --for 1h --until 2099-01-01T00:00:00Z | 64 | mutually exclusive",
            })
    void whatCannotBeMeantIsRefused(String line, int code, String said) {
        assertThat(run(line.strip().replace("DIGEST", DIGEST).split(" ", -1))).isEqualTo(code);
        assertThat(err.toString()).contains(said.strip());
    }

    private int run(String... words) {
        CommandLine command = Trimtab.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--kubeconfig";
        all[words.length + 1] = kubeconfig.toString();
        return command.execute(all);
    }

    private JsonNode annotations() {
        try (ClusterClient cluster = Clusters.connect(ClusterSettings.of(kubeconfig))) {
            return cluster.get(
                            cluster.resource("v1", "ConfigMap").orElseThrow(),
                            Optional.of("trimtab-system"),
                            "trimtab-control-shop")
                    .orElseThrow()
                    .at("/metadata/annotations");
        }
    }
}
