package dev.trimtab.sandbox.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChoiceTest {

    private static final Optional<String> OTHER = Optional.of("other");

    @TempDir
    private Path home;

    private Machine machine(Map<String, String> variables, boolean docker) {
        return new Machine(Machine.variables(variables::get), home, () -> docker);
    }

    private Path binaries(String directory) throws IOException {
        Path made = Files.createDirectories(home.resolve(directory));
        for (String program : new String[] {"etcd", "kube-apiserver"}) {
            assertThat(Files.writeString(made.resolve(program), "#!/bin/sh\n")
                            .toFile()
                            .setExecutable(true))
                    .isTrue();
        }
        return made;
    }

    @Test
    void theSandboxJudgesUnlessAnotherIsAskedFor() {
        Machine rich = machine(Map.of("TRIMTAB_TEST_KUBECONFIG", "/a", "KUBEBUILDER_ASSETS", "/b"), true);
        assertThat(Choice.of(Optional.empty(), rich)).isEqualTo(new Choice.InThisJvm());
        assertThat(Choice.of(Optional.of("sandbox"), rich)).isEqualTo(new Choice.InThisJvm());
    }

    @Test
    void aNamedClusterComesBeforeAnythingFound() throws IOException {
        Path assets = binaries("assets");
        Machine machine =
                machine(Map.of("TRIMTAB_TEST_KUBECONFIG", "/a", "KUBEBUILDER_ASSETS", assets.toString()), true);
        assertThat(Choice.of(OTHER, machine)).isEqualTo(new Choice.Running(Path.of("/a")));
    }

    @Test
    void binariesComeBeforeDockerUnlessK3sIsAskedFor() throws IOException {
        Path assets = binaries("assets");
        assertThat(Choice.of(OTHER, machine(Map.of("KUBEBUILDER_ASSETS", assets.toString()), true)))
                .isEqualTo(new Choice.Binaries(assets));
        assertThat(Choice.of(
                        OTHER,
                        machine(Map.of("KUBEBUILDER_ASSETS", assets.toString(), "TRIMTAB_TEST_K3S", "true"), true)))
                .isInstanceOf(Choice.InDocker.class);
    }

    @Test
    void theNewestOfKubeApiTestsDirectoryIsTaken() throws IOException {
        binaries(".kubeapitest/k8s/1.9.0-linux-amd64");
        Path newest = binaries(".kubeapitest/k8s/1.34.1-linux-amd64");
        binaries(".kubeapitest/k8s/1.33.0-linux-amd64");
        assertThat(Choice.of(OTHER, machine(Map.of(), true))).isEqualTo(new Choice.Binaries(newest));
    }

    @Test
    void kubeApiTestsDirectoryCanBeNamed() throws IOException {
        Path named = binaries("elsewhere/k8s/1.34.1-linux-amd64");
        Machine machine =
                machine(Map.of("KUBE_API_TEST_DIR", home.resolve("elsewhere").toString()), false);
        assertThat(Choice.of(OTHER, machine)).isEqualTo(new Choice.Binaries(named));
    }

    @Test
    void dockerIsEnoughUnlessSwitchedOff() {
        assertThat(Choice.of(OTHER, machine(Map.of(), true))).isInstanceOf(Choice.InDocker.class);
        assertThat(Choice.of(OTHER, machine(Map.of("TRIMTAB_TEST_K3S", "false"), true)))
                .isInstanceOf(Choice.Nothing.class);
    }

    @Test
    void whatAMachineLacksIsTheReason() {
        assertThatThrownBy(() -> Choice.of(OTHER, machine(Map.of("TRIMTAB_TEST_KUBECONFIG", " "), false))
                        .start())
                .isInstanceOf(NoJudge.class)
                .hasMessageContainingAll("TRIMTAB_TEST_KUBECONFIG", "KUBEBUILDER_ASSETS", "no Docker");
        assertThatThrownBy(() -> Choice.of(OTHER, machine(Map.of("TRIMTAB_TEST_K3S", "true"), false))
                        .start())
                .isInstanceOf(NoJudge.class)
                .hasMessage("TRIMTAB_TEST_K3S=true, but there is no Docker");
        assertThatThrownBy(() -> Choice.of(OTHER, machine(Map.of("KUBEBUILDER_ASSETS", home.toString()), true))
                        .start())
                .isInstanceOf(NoJudge.class)
                .hasMessageContaining("without kube-apiserver and etcd");
    }

    @Test
    void anythingElseIsAMistake() {
        assertThatThrownBy(() -> Choice.of(Optional.of("k8s"), machine(Map.of(), false)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-Dconformance.judge=k8s");
    }

    @Test
    void aControlPlaneThatDoesNotComeUpShowsItsLogs() throws IOException {
        Path programs = binaries("broken");
        Files.writeString(programs.resolve("etcd"), "#!/bin/sh\necho the disk is full >&2\nexit 3\n");
        assertThatThrownBy(() -> ControlPlane.start(programs))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("etcd has exited with 3", "the disk is full");
    }
}
