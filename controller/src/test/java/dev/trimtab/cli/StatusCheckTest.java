package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.report.WrittenStatus;
import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.sync.ClusterSync;
import dev.trimtab.sync.SyncFile;
import dev.trimtab.sync.SyncStatus;
import dev.trimtab.sync.SyncStatus.Condition;
import dev.trimtab.sync.SyncStatus.Counts;
import dev.trimtab.sync.SyncStatus.Truth;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Whether somebody keeps a sync is told by an answer, not by what was written once. */
@Timeout(120)
class StatusCheckTest {

    private static final Optional<String> NAMESPACE = Optional.of("trimtab-system");

    @TempDir
    private Path folder;

    private Sandbox sandbox;
    private ClusterClient cluster;
    private Path kubeconfig;
    private final List<Informer> controllers = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.builder().controllers(false).build().start();
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), sandbox.kubeconfig());
        cluster = Clusters.connect(ClusterSettings.of(kubeconfig));
    }

    @AfterEach
    void stop() {
        controllers.forEach(Informer::close);
        cluster.close();
        sandbox.close();
    }

    @Test
    void aSyncThatIsKeptAnswers() throws IOException {
        write("shop", Optional.empty());
        keep("shop", Optional.empty());

        assertThat(status("shop", "--check")).as(err.toString()).isZero();
        assertThat(out.toString()).containsPattern("controller  answered in \\d+ ms\n");
        assertThat(status("shop", "--check", "-o", "json")).as("each time anew").isZero();
        JsonNode check = JsonMapper.builder().build().readTree(out.toString()).at("/syncs/0/check");
        assertThat(check.path("answered").asBoolean()).isTrue();
        assertThat(check.path("milliseconds").isIntegralNumber()).isTrue();
    }

    @Test
    void oneThatNobodyKeepsIsAnErrorAndTheOthersAreToldAllTheSame() throws IOException {
        write("shop", Optional.empty());
        write("zoo", Optional.of("2026-11-24T12:00:00Z"));
        keep("shop", Optional.empty());

        assertThat(status("--check", "--timeout", "2s")).isEqualTo(ExitCode.ERROR);
        assertThat(out.toString())
                .containsPattern("shop: ready(?s:.*)controller  answered in (?s:.*)zoo: ready")
                .containsPattern("zoo: ready(?s:.*)controller  no answer in 2 s: none keeps this sync");
        assertThat(status("zoo", "--check", "--timeout", "1s", "-o", "json")).isEqualTo(ExitCode.ERROR);
        assertThat(JsonMapper.builder()
                        .build()
                        .readTree(out.toString())
                        .at("/syncs/0/check")
                        .toString())
                .isEqualTo("{\"answered\":false}");
    }

    /** Two who ask at once are answered once, in the words of the later one. */
    @Test
    void anAnswerToSomebodyElseIsAnAnswer() throws IOException {
        write("shop", Optional.empty());
        keep("shop", Optional.of("2026-11-24T12:00:00Z"));

        assertThat(status("shop", "--check")).as(out.toString()).isZero();
    }

    @Test
    void withoutBeingAskedItIsNotSaidThatOneRuns() throws IOException {
        write("shop", Optional.empty());
        keep("shop", Optional.empty());

        assertThat(status("shop")).isZero();
        assertThat(out.toString())
                .contains("controller  not asked; what is shown is kept true only while one runs. "
                        + "To ask: trimtab status shop --check");
        assertThat(cluster.get(cluster.resource("v1", "ConfigMap").orElseThrow(), NAMESPACE, "trimtab-control-shop"))
                .as("a look writes nothing")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--check --watch", "--check --timeout soon"})
    void whatCannotBeMeantIsRefused(String line) {
        assertThat(status(line.split(" ", -1))).isEqualTo(ExitCode.USAGE);
    }

    /** As a controller does that has nothing to do but to answer. */
    private void keep(String sync, Optional<String> always) {
        Informer heard = cluster.metadataInformer(
                cluster.resource("v1", "ConfigMap").orElseThrow(), NAMESPACE, "trimtab.dev/control=" + sync, event -> {
                    String at = event.object()
                            .at("/metadata/annotations/trimtab.dev~1reconcile-requested-at")
                            .asText();
                    CompletableFuture.runAsync(() -> write(sync, always.or(() -> Optional.of(at))))
                            .join();
                });
        controllers.add(heard);
        heard.firstList().join();
    }

    private void write(String sync, Optional<String> handled) {
        try {
            Path file = Files.writeString(folder.resolve(sync + ".yaml"), """
                    apiVersion: sync.trimtab.dev/v1alpha1
                    kind: ClusterSync
                    metadata: {name: %s}
                    spec: {source: {repository: ./repo.git, ref: main}}
                    """.formatted(sync));
            ClusterSync spec = SyncFile.read(file).syncs().get(0);
            WrittenStatus.write(cluster, spec, ready(), List.of(), handled, Instant.now());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SyncStatus ready() {
        Condition yes = new Condition(Truth.TRUE, "Applied", "", Instant.EPOCH);
        Condition no = new Condition(Truth.FALSE, "AtRest", "", Instant.EPOCH);
        return new SyncStatus(
                Optional.empty(),
                Optional.empty(),
                yes,
                no,
                no,
                yes,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                new Counts(1, 0, 0, 0, 0, 0, 0));
    }

    private int status(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = Trimtab.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of("status", "--kubeconfig", kubeconfig.toString()));
        all.addAll(List.of(arguments));
        return command.execute(all.toArray(String[]::new));
    }
}
