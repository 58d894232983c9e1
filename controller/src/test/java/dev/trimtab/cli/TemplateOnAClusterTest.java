package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.TemplateCluster;
import dev.trimtab.TemplateServer;
import dev.trimtab.definition.Definition;
import dev.trimtab.inplace.CloneSetController;
import dev.trimtab.kube.ClusterClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The template as a person brings it to a cluster that has just been joined together, with the commands of its page. */
@Timeout(180)
class TemplateOnAClusterTest {

    @TempDir
    private Path folder;

    private TemplateServer server;
    private ClusterClient cluster;
    private Optional<CloneSetController> running = Optional.empty();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() {
        server = TemplateServer.start(folder);
        cluster = server.client();
    }

    @AfterEach
    void stop() {
        running.ifPresent(CloneSetController::close);
        Optional.ofNullable(server).ifPresent(TemplateServer::close);
    }

    @Test
    void itIsPlannedAppliedHealthyAndThenNothingIsLeftToDo() throws IOException {
        asRunBringsIt();
        assertThat(run("plan", "--detailed-exitcode", "-o", "json"))
                .as(err.toString())
                .isEqualTo(ExitCode.CHANGES);
        JsonNode plan = new ObjectMapper().readTree(out.toString());
        assertThat(plan.path("complete").asBoolean()).isTrue();
        assertThat(plan.at("/summary/pods/added").asInt())
                .as("three of cart, two of web, two agents; how many flannel has is for the nodes to say")
                .isEqualTo(7);
        assertThat(plan.at("/summary/risks/danger").asInt()).isZero();

        assertThat(run("apply", "--wait", "--timeout", "60s"))
                .as(err + "\n" + out)
                .isZero();

        assertThat(get("apps/v1", "DaemonSet", "kube-flannel", "kube-flannel-ds")
                        .at("/status/numberReady")
                        .asInt())
                .isEqualTo(server.nodes().size());
        assertThat(get("apps.kruise.io/v1alpha1", "CloneSet", "shop", "cart")
                        .at("/status/readyReplicas")
                        .asInt())
                .isEqualTo(3);
        for (String agent : List.of("kuboard-agent-25i3sy", "kuboard-agent-25i3sy-2")) {
            assertThat(get("apps/v1", "Deployment", "kuboard", agent)
                            .at("/status/readyReplicas")
                            .asInt())
                    .isEqualTo(1);
        }
        assertThat(run("plan", "--detailed-exitcode")).as(err + "\n" + out).isZero();
        assertThat(run("apply", "--wait")).as(err + "\n" + out).isZero();
        assertThat(out.toString()).contains("nothing to do");
    }

    /** What {@code sandbox --definition} does. */
    @Test
    void nothingIsToldOfNodesThatASandboxTookFromTheDefinition() {
        assumeTrue(server.isSandbox(), "not run: the cluster is no sandbox");
        Definition definition = FolderOptions.read(TemplateCluster.FOLDER, Optional.empty());

        new SandboxMachines(cluster).join(definition, definition.inventory().nodes());

        assertThat(run("nodes", "--fail-on", "info")).as(out.toString()).isZero();
        assertThat(out.toString()).containsPattern("k8s-node2 +present +ready +v1.36.4");
    }

    @Test
    void withoutTheControllerTheCloneSetAloneWaitsForIt() {
        assertThat(run("plan")).as("a reviewer sees what comes").isZero();
        assertThat(run("plan", "--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString())
                .containsPattern("create +CloneSet shop/cart")
                .contains("the cluster does not know CloneSet yet", "start trimtab run for this cluster");

        assertThat(run("apply")).isEqualTo(ExitCode.ERROR);
        assertThat(out.toString()).containsPattern("failed +CloneSet shop/cart.*; start trimtab run for this cluster");
        assertThat(get("apps/v1", "Deployment", "shop", "web").path("metadata").has("uid"))
                .as("the others are not held up")
                .isTrue();

        asRunBringsIt();
        assertThat(run("apply", "--wait", "--timeout", "60s"))
                .as(err + "\n" + out)
                .isZero();
        assertThat(get("apps.kruise.io/v1alpha1", "CloneSet", "shop", "cart")
                        .at("/status/readyReplicas")
                        .asInt())
                .isEqualTo(3);
    }

    /** The controller brings the CloneSet kind and keeps CloneSets; a command that ends could not. */
    private void asRunBringsIt() {
        CloneSetController.install(cluster);
        CloneSetController controller = new CloneSetController(cluster, Clock.systemUTC());
        controller.start();
        running = Optional.of(controller);
    }

    private int run(String command, String... more) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Trimtab.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(Stream.concat(
                        Stream.of(
                                command,
                                TemplateCluster.FOLDER.toString(),
                                "--kubeconfig",
                                server.kubeconfig().toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private ObjectNode get(String apiVersion, String kind, String namespace, String name) {
        return cluster.get(cluster.resource(apiVersion, kind).orElseThrow(), Optional.of(namespace), name)
                .orElseThrow();
    }
}
