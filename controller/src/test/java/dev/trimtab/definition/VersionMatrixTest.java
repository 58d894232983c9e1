package dev.trimtab.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.source.RepoPath;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.semver4j.Semver;

class VersionMatrixTest {

    private static final String CLUSTER = """
            apiVersion: cluster.trimtab.dev/v1alpha1
            kind: Cluster
            metadata: {name: demo}
            spec: {kubernetesVersion: v1.36.4, network: {podSubnets: [10.244.0.0/16]}, controlPlaneEndpoint: {host: api.demo.internal}}
            """;

    private static final String MATRIX = "apiVersion: cluster.trimtab.dev/v1alpha1\nkind: VersionMatrix\n";

    @ParameterizedTest(name = "Kubernetes {0} with containerd {1}: {2}")
    @CsvSource({
        "v1.33.0, 1.7.23, false",
        "v1.33.0, 1.7.24, true",
        "v1.33.0, 2.0.3, false",
        "v1.33.0, 2.0.4, true",
        "v1.33.0, 2.2.0, true",
        "v1.33.0, 1.6.36, false",
        "v1.36.4, 1.7.30, false",
        "v1.36.4, 2.1.9, false",
        "v1.36.4, 2.2.0, true",
        "v1.36.4, 2.4.0, true",
        "v1.37.0, 2.2.9, false",
    })
    void containerdMustNotBeBelowTheLowestOfItsMinor(String kubernetes, String containerd, boolean allowed) {
        VersionMatrix.Kubernetes row =
                VersionMatrix.builtIn().forKubernetes(kubernetes).orElseThrow();
        assertThat(row.allows(new Semver(containerd))).isEqualTo(allowed);
    }

    @ParameterizedTest(name = "containerd {0}: {1}")
    @CsvSource({"1.6.20, 2", "1.7.30, 2", "2.0.0, 3", "2.2.9, 3", "2.3.0, 4", "2.9.0, 4", "1.5.0,", "nonsense,"})
    void configurationFileFollowsContainerd(String containerd, Integer expected) {
        assertThat(VersionMatrix.builtIn().configVersion(containerd)).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void everyMinorOfTheProductIsWhole() {
        VersionMatrix matrix = VersionMatrix.builtIn();
        assertThat(matrix.kubernetes().keySet())
                .map(Minor::toString)
                .containsExactly("1.33", "1.34", "1.35", "1.36", "1.37");
        assertThat(matrix.forKubernetes("v1.33.2").orElseThrow().pause()).isEqualTo("3.10");
        assertThat(matrix.forKubernetes("v1.36.4").orElseThrow().pause()).isEqualTo("3.10.2");
        assertThat(matrix.forKubernetes("v1.36.4").orElseThrow().containerdWords())
                .isEqualTo("2.2.0+ or 2.3.0+");
        assertThat(matrix.kubernetes().values())
                .allSatisfy(row -> assertThat(row.kubeadmApi()).isEqualTo("kubeadm.k8s.io/v1beta4"));
    }

    @Test
    void definitionReplacesSingleFieldsOfAMinorAndAddsNewOnes() {
        Definition definition = read("""
                spec:
                  kubernetes:
                    - {minor: "1.36", pause: 3.10.9}
                    - {minor: "1.38", kubeadmApi: kubeadm.k8s.io/v1beta4, containerd: ["2.4.0"], pause: "3.11"}
                  containerd: [{minor: "2.4", configVersion: 4}]
                """);
        assertThat(definition.problems()).isEmpty();
        VersionMatrix matrix = definition.versions();
        assertThat(matrix.forKubernetes("v1.36.0").orElseThrow().pause()).isEqualTo("3.10.9");
        assertThat(matrix.forKubernetes("v1.36.0").orElseThrow().containerd()).containsExactly("2.2.0", "2.3.0");
        assertThat(matrix.forKubernetes("v1.38.1").orElseThrow().pause()).isEqualTo("3.11");
        assertThat(matrix.containerd()).containsKey(new Minor(2, 4)).containsKey(new Minor(1, 6));
    }

    @Test
    void newMinorMustBeWhole() {
        Definition definition = read("""
                spec:
                  kubernetes: [{minor: "1.38", pause: "3.11"}, {minor: "1.36.4", pause: "4"}, {minor: "1.36", containerd: ["2"]}]
                """);
        assertThat(definition.problems())
                .extracting(Problem::text)
                .containsExactly(
                        "VersionMatrix entry of Kubernetes 1.38 lacks \"kubeadmApi\"",
                        "VersionMatrix entry of Kubernetes 1.38 lacks \"containerd\"",
                        "minor \"1.36.4\" must be two numbers such as 1.36",
                        "containerd \"2\" must be a full version such as 2.3.0");
    }

    @Test
    void oneMinorIsToldOfOnce() {
        Definition definition =
                read("spec:\n  containerd: [{minor: \"2.3\", support: a}, {minor: \"2.3\", support: b}]\n");
        assertThat(definition.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "versions.yaml:4:44: error: the VersionMatrix entry of containerd 2.3 is defined twice:"
                                + " versions.yaml:4 and versions.yaml:4 [DEF003]");
    }

    @Test
    void nodesCarryWhatTheirGroupsSay() {
        MemoryTree tree = MemoryTree.of("cluster.yaml", CLUSTER).with("nodes.yaml", """
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Inventory
                spec:
                  groups:
                    - {name: gpu, labels: {pool: gpu, disk: ssd}, taints: [{key: pool, value: gpu, effect: NoSchedule}]}
                  nodes:
                    - {name: m1, address: 192.168.16.200, roles: [control-plane, worker]}
                    - name: w1
                      address: 192.168.16.201
                      groups: [gpu]
                      labels: {disk: hdd}
                      annotations: {note: a}
                      taints: [{key: pool, value: gpu, effect: NoSchedule}, {key: x, effect: NoExecute}]
                """);
        Definition definition = new Definitions(Limits.DEFAULT).read(tree, RepoPath.ROOT);
        assertThat(definition.problems()).isEmpty();
        Inventory.Node worker = definition.inventory().effectiveNodes().get(1);
        assertThat(worker.labels()).containsOnlyKeys("disk", "pool").containsEntry("disk", "hdd");
        assertThat(worker.annotations()).containsEntry("note", "a");
        assertThat(worker.taints())
                .containsExactly(
                        new Inventory.Taint("pool", "gpu", Inventory.Effect.NO_SCHEDULE),
                        new Inventory.Taint("x", "", Inventory.Effect.NO_EXECUTE));
        assertThat(definition.inventory().nodes().get(1).labels()).containsOnlyKeys("disk");
    }

    private static Definition read(String spec) {
        MemoryTree tree = MemoryTree.of("cluster.yaml", CLUSTER).with("versions.yaml", MATRIX + spec);
        Definition definition = new Definitions(Limits.DEFAULT).read(tree, RepoPath.ROOT);
        assertThat(List.of("cluster.yaml", "versions.yaml")).isEqualTo(tree.read);
        return definition;
    }
}
