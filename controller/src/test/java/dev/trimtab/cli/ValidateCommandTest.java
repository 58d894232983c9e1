package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trimtab.sandbox.Sandbox;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ValidateCommandTest {

    private static final String CLUSTER = """
            apiVersion: cluster.trimtab.dev/v1alpha1
            kind: Cluster
            metadata: {name: demo}
            spec:
              kubernetesVersion: v1.36.4
              network: {podSubnets: [10.244.0.0/16]}
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

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void warningsAloneExitWithZero() throws IOException {
        write("cluster.yaml", CLUSTER.replace("[10.244.0.0/16]", "[10.244.0.0/16], kubeProxyMode: ipvs"));
        assertThat(run("validate", folder.toString())).isZero();
        assertThat(out.toString())
                .contains(":6:57: warning: ")
                .contains("[CD057]")
                .contains("  fix: ");
        assertThat(err.toString()).contains("0 errors, 1 warning");
    }

    @Test
    void eachClusterOfARepositoryIsCheckedByItself() throws IOException {
        write("clusters/a/cluster.yaml", CLUSTER);
        write("clusters/b/cluster.yaml", CLUSTER);
        write("clusters/b/two.yaml", CLUSTER.replace("v1.36.4", "v1.30.0"));
        write("clusters/c/web.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: b}}");
        assertThat(run("validate", folder.toString(), "-o", "json")).isEqualTo(1);
        JsonNode document = new ObjectMapper().readTree(out.toString());
        assertThat(document.path("definitions").findValuesAsText("path"))
                .containsExactly("clusters/a", "clusters/b", "clusters/c");
        assertThat(document.path("definitions").findValuesAsText("result")).containsExactly("ok", "refused", "ok");
        assertThat(document.path("problems").findValuesAsText("code")).contains("CD002");
        assertThat(document.at("/problems/0/file/path").asText()).startsWith("clusters/b/");
        assertThat(document.path("errors").asInt())
                .isEqualTo(document.path("problems").size());
    }

    @Test
    void oneClusterCanBeChosen() throws IOException {
        write("clusters/a/cluster.yaml", CLUSTER);
        write("clusters/b/cluster.yaml", CLUSTER.replace("v1.36.4", "v1.30.0"));
        assertThat(run("validate", folder.toString(), "--cluster", "a")).isZero();
        assertThat(run("validate", folder.toString(), "--cluster", "b")).isEqualTo(1);
        assertThat(run("render", folder.toString(), "--cluster", "a")).isZero();
        assertThat(run("render", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("holds several clusters: a, b").contains("choose one with --cluster NAME");
        assertThat(run("validate", folder.toString(), "--cluster", "c")).isEqualTo(1);
        assertThat(err.toString()).contains("has no cluster c").contains("name one of a, b");
    }

    @Test
    void theOnlyClusterIsTakenUnasked() throws IOException {
        write("clusters/a/cluster.yaml", CLUSTER);
        write("notes.yaml", "not a manifest");
        assertThat(run("render", folder.toString())).isZero();
        assertThat(run("validate", folder.toString())).isZero();
        assertThat(run("validate", folder.resolve("clusters/a").toString(), "--cluster", "a"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("leave --cluster out");
    }

    @Test
    void sarifNamesRulesAndRelativePlaces() throws IOException {
        write("a b/ä.yaml", CLUSTER.replace("10.244.0.0/16", "10.244.1.0/16").replace("ä", "a"));
        assertThat(run("validate", folder.toString(), "-o", "sarif")).isEqualTo(1);
        JsonNode log = new ObjectMapper().readTree(out.toString());
        assertThat(log.path("version").asText()).isEqualTo("2.1.0");
        assertThat(log.path("$schema").asText()).contains("sarif").contains("2.1.0");
        JsonNode driver = log.at("/runs/0/tool/driver");
        assertThat(driver.path("name").asText()).isEqualTo("trimtab");
        assertThat(driver.at("/rules/0/id").asText()).isEqualTo("CD010");
        assertThat(driver.at("/rules/0/help/text").asText()).endsWith(".");
        JsonNode result = log.at("/runs/0/results/0");
        assertThat(result.path("ruleId").asText()).isEqualTo("CD010");
        assertThat(result.path("ruleIndex").asInt()).isZero();
        assertThat(result.path("level").asText()).isEqualTo("error");
        assertThat(result.at("/message/text").asText())
                .contains("use 10.244.0.0/16")
                .contains("\nfix: ");
        JsonNode place = result.at("/locations/0/physicalLocation");
        assertThat(place.at("/region/startLine").asInt()).isEqualTo(6);
        assertThat(place.at("/region/startColumn").asInt()).isEqualTo(26);
        URI uri = URI.create(place.at("/artifactLocation/uri").asText());
        assertThat(uri.isAbsolute()).isFalse();
        assertThat(uri.toString()).isEqualTo("a%20b/%C3%A4.yaml");
        assertThat(uri.getPath()).isEqualTo("a b/ä.yaml");
    }

    @Test
    void sarifOfACleanDefinitionHasARunWithoutResults() throws IOException {
        write("cluster.yaml", CLUSTER);
        assertThat(run("validate", folder.toString(), "-o", "sarif")).isZero();
        JsonNode run = new ObjectMapper().readTree(out.toString()).at("/runs/0");
        assertThat(run.path("results").isArray()).isTrue();
        assertThat(run.path("results")).isEmpty();
    }

    @Test
    void liveComparesWithTheClusterAndWritesNothing() throws IOException {
        write("cluster.yaml", CLUSTER.replace("v1.36.4", "v1.34.1"));
        try (Sandbox sandbox = Sandbox.builder().controllers(false).build().start()) {
            Path kubeconfig = Files.writeString(folder.resolve("config"), sandbox.kubeconfig());
            assertThat(run("validate", folder.toString(), "--live", "--kubeconfig", kubeconfig.toString()))
                    .isEqualTo(1);
            assertThat(out.toString()).contains("[CD004]").contains("downgrade from v1.");
        }
    }

    @Test
    void aDefinitionThatCannotBeUsedIsNotCompared() throws IOException {
        write("cluster.yaml", CLUSTER.replace("kubernetesVersion", "kubernetesVersoin"));
        assertThat(run(
                        "validate",
                        folder.toString(),
                        "--live",
                        "--kubeconfig",
                        folder.resolve("absent").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("not compared with the cluster");
    }

    /** A check in CI should be quick and need nothing: the client for clusters is not even loaded. */
    @Test
    void offlineCheckLoadsNoClientForClusters() throws IOException, InterruptedException {
        write("cluster.yaml", CLUSTER);
        write("web.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: b}}");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Trimtab.class.getName(),
                        "validate",
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        List<String> lines;
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
            lines = reader.lines().toList();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(lines).anyMatch(line -> line.contains("dev.trimtab.definition.Definitions"));
        assertThat(lines).noneMatch(line -> line.contains("io.fabric8.kubernetes.client"));
    }
}
