package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.CloneSetController;
import dev.trimtab.inplace.RolloutRecord;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.render.Written;
import dev.trimtab.sandbox.Sandbox;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What people ask about single workloads. */
@Timeout(120)
class WorkloadCommandsTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private static String deployment(String image, String mode, int replicas) {
        return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: default}, spec: {replicas: "
                + replicas + ", selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, "
                + "spec: {containers: [{name: app, image: 'example.com/" + image + "', env: [{name: MODE, value: '"
                + mode + "'}]}]}}}}\n";
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private int run(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = Trimtab.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(words);
    }

    @ParameterizedTest(name = "{0} {1} of {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "web:2 | a | 3 | stay; app restarts in place, one pod at a time | POD110",
                "web:1 | b | 3 | are replaced                                   | POD210",
                "web:2 | a | 1 | are replaced                                   | POD207",
                "web:1 | a | 3 | are not touched                                | ''",
            })
    void twoFilesAreComparedWithoutACluster(String image, String mode, int replicas, String pods, String code)
            throws IOException {
        Path older = file("old.yaml", deployment("web:1", "a", replicas));
        Path newer = file("new.yaml", deployment(image, mode, replicas));

        assertThat(run("explain", "-f", older.toString(), "-f", newer.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).startsWith("Deployment default/web\n  pods     " + pods + "\n");
        assertThat(out.toString()).contains(code);
    }

    @Test
    void theVerdictIsThereForProgramsToo() throws IOException {
        Path older = file("old.yaml", deployment("web:1", "a", 3));
        Path newer = file("new.yaml", deployment("web:2", "a", 3));

        assertThat(run("explain", "-f", older.toString(), "-f", newer.toString(), "-o", "json"))
                .isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).path("verdict").asText())
                .isEqualTo("in-place");
    }

    @Test
    void whatIsNoWorkloadIsRefusedWithAWayOut() throws IOException {
        Path map = file("map.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n");

        assertThat(run("explain", "-f", map.toString(), "-f", map.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("map.yaml holds no workload").contains("spec.template");
        assertThat(run("explain")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("nothing to compare");
    }

    @Nested
    class InACluster {

        @Test
        void aWorkloadIsExplainedPausedShownAndResumed() throws IOException {
            try (Sandbox sandbox = Sandbox.builder().build().start()) {
                Path kubeconfig = file("kubeconfig", sandbox.kubeconfig());
                try (ClusterClient cluster = Clusters.connect(ClusterSettings.of(kubeconfig))) {
                    cluster.apply(
                            cluster.resource("apps/v1", "Deployment").orElseThrow(),
                            Written.object(deployment("web:1", "a", 2)),
                            new ApplyOptions("test", true, false));
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> cluster.get(
                                                    cluster.resource("apps/v1", "Deployment")
                                                            .orElseThrow(),
                                                    Optional.of("default"),
                                                    "web")
                                            .orElseThrow()
                                            .at("/status/availableReplicas")
                                            .asInt()
                                    == 2);
                }
                String k = kubeconfig.toString();

                assertThat(run("explain", "deploy/web", "--kubeconfig", k)).isZero();
                assertThat(out.toString()).contains("stay; app restarts in place, one pod at a time");
                Path newer = file("new.yaml", deployment("web:1", "b", 2));
                assertThat(run("explain", "deployment/web", "-f", newer.toString(), "--kubeconfig", k))
                        .isZero();
                assertThat(out.toString()).contains("are replaced").contains("POD210");

                assertThat(run("rollout", "pause", "deployment/web", "--reason", "a look first", "--kubeconfig", k))
                        .isZero();
                assertThat(run("rollout", "status", "deployments/web", "--kubeconfig", k))
                        .isZero();
                assertThat(out.toString())
                        .contains("no rollout in place of Trimtab is under way; paused: a look first")
                        .containsPattern("done +web-\\S+ +app=example.com/web:1");
                assertThat(run("rollout", "resume", "deployment/web", "--kubeconfig", k))
                        .isZero();
                assertThat(run("rollout", "status", "deployment/web", "--kubeconfig", k))
                        .isZero();
                assertThat(out.toString()).doesNotContain("paused");

                assertThat(run("rollout", "undo", "deployment/web", "--reason", "errors", "--kubeconfig", k))
                        .isEqualTo(ExitCode.ERROR);
                assertThat(err.toString()).contains("no rollout in place of deployment/web is under way");
                inRollout(kubeconfig);
                assertThat(run("rollout", "undo", "deployment/web", "--reason", "errors", "--kubeconfig", k))
                        .isZero();
                assertThat(run("rollout", "status", "deployment/web", "--kubeconfig", k))
                        .isZero();
                assertThat(out.toString()).contains("rolling out in place").contains("taken back: errors");
                assertThat(run("rollout", "resume", "deployment/web", "--kubeconfig", k))
                        .isZero();
                assertThat(run("rollout", "status", "deployment/web", "--kubeconfig", k))
                        .isZero();
                assertThat(out.toString()).doesNotContain("taken back");

                assertThat(run("rollout", "status", "deployment/absent", "--kubeconfig", k))
                        .isEqualTo(ExitCode.ERROR);
                assertThat(err.toString()).contains("no Deployment default/absent in cluster");
                assertThat(run("rollout", "status", "service/web", "--kubeconfig", k))
                        .isEqualTo(ExitCode.ERROR);
                assertThat(err.toString()).contains("names no workload of this cluster");
            }
        }

        @Test
        void anUpdateOfACloneSetIsToldByItsStatusAndByTheHooksOfItsPods() throws IOException {
            try (Sandbox sandbox = Sandbox.builder().controllers(false).build().start()) {
                Path kubeconfig = file("kubeconfig", sandbox.kubeconfig());
                try (ClusterClient cluster = Clusters.connect(ClusterSettings.of(kubeconfig))) {
                    CloneSetController.install(cluster);
                    ResourceType type = cluster.resource("apps.kruise.io/v1alpha1", "CloneSet")
                            .orElseThrow();
                    cluster.create(type, Written.object("""
                            apiVersion: apps.kruise.io/v1alpha1
                            kind: CloneSet
                            metadata: {name: web, namespace: default}
                            spec:
                              selector: {matchLabels: {app: web}}
                              template:
                                metadata: {labels: {app: web}}
                                spec: {containers: [{name: app, image: "web:2"}]}
                            """), "test");
                    cluster.patch(
                            type,
                            Optional.of("default"),
                            "web",
                            "status",
                            PatchType.MERGE,
                            Written.object("""
                                    status:
                                      replicas: 3
                                      updatedReplicas: 1
                                      currentRevision: web-a
                                      updateRevision: web-b
                                      conditions: [{type: FailedUpdate, status: "True", message: a hook is wrong}]
                                    """),
                            "test");
                    cluster.create(cluster.resource("v1", "Pod").orElseThrow(), Written.object("""
                            apiVersion: v1
                            kind: Pod
                            metadata:
                              name: web-1
                              namespace: default
                              labels: {app: web, lifecycle.apps.kruise.io/state: PreparingUpdate}
                            spec: {containers: [{name: app, image: "web:1"}]}
                            """), "test");
                }

                assertThat(run("rollout", "status", "cloneset/web", "--kubeconfig", kubeconfig.toString()))
                        .as(err.toString())
                        .isZero();
                assertThat(out.toString())
                        .contains("1 of 3 pods are at revision web-b; a hook is wrong")
                        .containsPattern("old +web-1 +app=web:1 +waits for its hook inPlaceUpdate");
            }
        }

        /** As a sync leaves it that begins a rollout; nobody carries it on here. */
        private void inRollout(Path kubeconfig) {
            try (ClusterClient cluster = Clusters.connect(ClusterSettings.of(kubeconfig))) {
                ResourceType type = cluster.resource("apps/v1", "Deployment").orElseThrow();
                ObjectNode live =
                        cluster.get(type, Optional.of("default"), "web").orElseThrow();
                ObjectNode next = Written.object(deployment("web:2", "a", 2));
                cluster.apply(
                        type,
                        RolloutRecord.begin(live, next, 1, Set.of("app"), Set.of(), Set.of(), Instant.EPOCH)
                                .holding(next),
                        new ApplyOptions("test", true, false));
            }
        }
    }
}
