package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.kube.CountingProxy;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.sandbox.Sandbox;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A cluster, a folder that is applied to it, and the command line. What people do in this cluster they did two hours ago. */
abstract class DriftCluster {

    static final JsonMapper JSON = new JsonMapper();
    static final String SETTINGS = "settings";

    @TempDir
    Path folder;

    Path shop;
    Sandbox sandbox;
    CountingProxy wire;
    ClusterClient cluster;
    Path direct;
    Path counted;
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.builder()
                .nodes(List.of("k8s-master", "k8s-node1"))
                .clock(Clock.offset(Clock.systemUTC(), Duration.ofHours(-2)))
                .build()
                .start();
        direct = Files.writeString(folder.resolve("direct"), sandbox.kubeconfig());
        wire = new CountingProxy(direct);
        counted = Files.writeString(folder.resolve("counted"), wire.kubeconfig());
        cluster = Clusters.connect(ClusterSettings.of(direct));
        shop = Files.createDirectories(folder.resolve("work/shop"));
    }

    @AfterEach
    void stop() {
        cluster.close();
        wire.close();
        sandbox.close();
    }

    void settings(String data) throws IOException {
        map("default", SETTINGS, data);
    }

    void map(String namespace, String name, String data) throws IOException {
        write(name, text(namespace, name, data));
    }

    static String text(String namespace, String name, String data) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + ", namespace: " + namespace + "}, data: {"
                + data + "}}\n";
    }

    void write(String name, String text) throws IOException {
        Files.writeString(shop.resolve(name + ".yaml"), text);
    }

    void edit(String name, String patch) throws IOException {
        cluster.patch(maps(), Optional.of("default"), name, "", PatchType.MERGE, JSON.readTree(patch), "kubectl-edit");
    }

    void node(String name, String patch) throws IOException {
        cluster.patch(
                type("v1", "Node"), Optional.empty(), name, "", PatchType.MERGE, JSON.readTree(patch), "kubectl-edit");
    }

    ResourceType maps() {
        return type("v1", "ConfigMap");
    }

    ResourceType type(String apiVersion, String kind) {
        return cluster.resource(apiVersion, kind).orElseThrow();
    }

    void apply() {
        assertThat(trimtab("apply", "-f", shop.toString(), "--yes", "--kubeconfig", direct.toString()))
                .as(err.toString())
                .isZero();
    }

    int drift(String... more) {
        List<String> words =
                new ArrayList<>(List.of("drift", "-f", shop.toString(), "--kubeconfig", counted.toString()));
        words.addAll(List.of(more));
        return trimtab(words.toArray(String[]::new));
    }

    JsonNode json() throws IOException {
        assertThat(drift("-o", "json")).as(err.toString()).isZero();
        return JSON.readTree(out.toString());
    }

    int trimtab(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Trimtab.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(words);
    }
}
