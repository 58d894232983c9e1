package dev.trimtab.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.trimtab.definition.Definition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rendered file as a real containerd understands it. What it was told and what it does are two things. */
class ContainerdTest {

    @TempDir
    private Path folder;

    @Test
    void whatIsRenderedHasAnEffect() throws IOException, InterruptedException {
        assumeTrue(ScriptsTest.onPath("containerd"), "containerd is not on the PATH");
        String version = version();
        assumeTrue(
                version.startsWith("1."),
                "containerd " + version + " is not one that reads version 2 of its file only");
        Path config = rendered();

        JsonNode effective =
                new TomlMapper().readTree(run("containerd", "--config", config.toString(), "config", "dump"));

        assertThat(effective.path("version").asInt()).isEqualTo(2);
        assertThat(effective.path("disabled_plugins")).isEmpty();
        JsonNode cri = effective.path("plugins").path("io.containerd.grpc.v1.cri");
        assertThat(cri.path("sandbox_image").asText()).isEqualTo("registry.example/k8s/pause:3.10.1");
        assertThat(cri.at("/registry/config_path").asText()).isEqualTo("/etc/containerd/certs.d");
        assertThat(cri.at("/registry/mirrors")).isEmpty();
        assertThat(cri.at("/containerd/snapshotter").asText()).isEqualTo("overlayfs");
        assertThat(cri.at("/containerd/default_runtime_name").asText()).isEqualTo("runc");
        JsonNode runc = cri.at("/containerd/runtimes/runc");
        assertThat(runc.path("runtime_type").asText()).isEqualTo("io.containerd.runc.v2");
        assertThat(runc.at("/options/SystemdCgroup").asBoolean()).isTrue();
    }

    /** As the daemon, with everything that it writes below one folder. */
    @Test
    void theDaemonTakesItsCriPlugin() throws IOException, InterruptedException {
        assumeTrue(
                ScriptsTest.onPath("containerd") && ScriptsTest.onPath("ctr"), "containerd or ctr is not on the PATH");
        assumeTrue(version().startsWith("1."), "this containerd reads another version of its file too");
        assumeTrue("root".equals(System.getProperty("user.name")), "containerd starts as root only");
        Path socket = folder.resolve("containerd.sock");
        Path log = folder.resolve("log");
        Process daemon = new ProcessBuilder(
                        "containerd",
                        "--config",
                        rendered().toString(),
                        "--root",
                        folder.resolve("root").toString(),
                        "--state",
                        folder.resolve("state").toString(),
                        "--address",
                        socket.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            await().atMost(30, TimeUnit.SECONDS).until(() -> Files.exists(socket) || !daemon.isAlive());
            assertThat(daemon.isAlive()).as(Files.readString(log)).isTrue();
            String plugins = run("ctr", "--address", socket.toString(), "plugins", "ls");
            assumeTrue(status(plugins, "overlayfs").equals("ok"), "this machine has no overlayfs");
            assertThat(status(plugins, "cri")).as(Files.readString(log)).isEqualTo("ok");
        } finally {
            daemon.destroy();
            if (!daemon.waitFor(10, TimeUnit.SECONDS)) {
                daemon.destroyForcibly().waitFor();
            }
        }
    }

    /** In the last column of what {@code ctr plugins ls} prints. */
    private static String status(String plugins, String name) {
        return plugins.lines()
                .map(line -> List.of(line.strip().split("\\s+")))
                .filter(columns -> columns.size() == 4 && columns.get(1).equals(name))
                .map(columns -> columns.get(3))
                .findFirst()
                .orElse("absent");
    }

    private Path rendered() throws IOException {
        Definition definition = Clusters.definition("""
                  kubernetesVersion: v1.35.2
                  controlPlaneEndpoint: {host: api.demo.internal, port: 6443}
                  network: {podSubnets: [10.244.0.0/16]}
                  images: {repository: registry.example/k8s}
                  containerd: {source: distro}
                """, Clusters.NODES, "---\n");
        return Files.writeString(
                folder.resolve("config.toml"),
                BootstrapTest.file(definition, "nodes/k8s-node1/etc/containerd/config.toml"));
    }

    private static String version() throws IOException, InterruptedException {
        Matcher matcher = Pattern.compile("\\sv?(\\d+\\.\\d+\\.\\d+)").matcher(run("containerd", "--version"));
        return matcher.find() ? matcher.group(1) : "of an unknown version";
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
        return output;
    }
}
