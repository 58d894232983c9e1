package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** One apply by a person, without a controller that goes on afterwards. */
@Timeout(120)
class ApplyCommandTest {

    @TempDir
    private Path folder;

    private Sandbox sandbox;
    private ClusterClient cluster;
    private Path kubeconfig;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.builder().build().start();
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), sandbox.kubeconfig());
        cluster = Clusters.connect(ClusterSettings.of(kubeconfig));
        Files.createDirectory(folder.resolve("shop"));
    }

    @AfterEach
    void stop() {
        cluster.close();
        sandbox.close();
    }

    @Test
    void aRolloutInPlaceIsCarriedToItsEnd() throws IOException {
        write("web", "web:1", 2);
        assertThat(apply("--wait")).as(err.toString()).isZero();
        Set<String> uids = uids();
        assertThat(uids).hasSize(2);

        write("web", "web:2", 2);
        assertThat(apply()).as(err.toString()).isZero();

        assertThat(out.toString() + err).contains("rolling out in place: Deployment default/web");
        assertThat(uids()).isEqualTo(uids);
        assertThat(pods())
                .allSatisfy(pod ->
                        assertThat(pod.at("/spec/containers/0/image").asText()).isEqualTo("example.com/web:2"));
        assertThat(deployment().at("/spec/paused").asBoolean(false)).isFalse();
    }

    @Test
    void whatComesInALaterWaveIsAppliedByTheSameCommandWhenItIsToldToWait() throws IOException {
        write("web", "web:1", 1);
        Files.writeString(
                folder.resolve("shop/later.yaml"),
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: later, namespace: default, "
                        + "annotations: {trimtab.dev/wave: '1'}}, data: {a: b}}\n");

        assertThat(apply("--no-input")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("give --wait to wait for them here");
        assertThat(apply("--no-input", "--wait")).as(err.toString()).isZero();
        assertThat(cluster.get(cluster.resource("v1", "ConfigMap").orElseThrow(), Optional.of("default"), "later"))
                .isPresent();
    }

    @Test
    void whatIsNotWellInTimeIsToldWithItsReason() throws IOException {
        write("web", "web:bad", 1);

        assertThat(apply("--wait", "--timeout", "1s")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("not well in time: Deployment default/web: ");
    }

    @Test
    void aTimeThatIsNoneIsRefused() {
        assertThat(apply("--timeout", "soon")).isEqualTo(64);
        assertThat(err.toString()).contains("\"soon\" is not a duration such as 10s, 5m or 1h30m");
    }

    private void write(String name, String image, int replicas) throws IOException {
        Files.writeString(
                folder.resolve("shop/" + name + ".yaml"),
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: " + name + ", namespace: default}, spec: {"
                        + "replicas: " + replicas + ", selector: {matchLabels: {app: web}}, template: {metadata: "
                        + "{labels: {app: web}}, spec: {containers: [{name: app, image: 'example.com/" + image
                        + "'}]}}}}\n");
    }

    private int apply(String... more) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> arguments = new ArrayList<>(
                List.of("apply", "-f", folder.resolve("shop").toString(), "--kubeconfig", kubeconfig.toString()));
        arguments.addAll(List.of(more));
        CommandLine command = Trimtab.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments.toArray(String[]::new));
    }

    private JsonNode deployment() {
        return cluster.get(cluster.resource("apps/v1", "Deployment").orElseThrow(), Optional.of("default"), "web")
                .orElseThrow();
    }

    private List<? extends JsonNode> pods() {
        return cluster.list(cluster.resource("v1", "Pod").orElseThrow(), Optional.of("default"), "app=web");
    }

    private Set<String> uids() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> deployment().at("/status/observedGeneration").asLong()
                        == deployment().at("/metadata/generation").asLong());
        return pods().stream().map(pod -> pod.at("/metadata/uid").asText()).collect(Collectors.toSet());
    }
}
