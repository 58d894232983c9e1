package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.kube.ClusterClient.PatchType;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What others may change without its being drift, and where that ends. */
@Timeout(180)
class DriftOfOthersTest extends DriftCluster {

    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: default}
            spec:
              replicas: 1
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: app, image: "example.com/web:1"}]}
            """;

    private static final String AUTOSCALER = """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: web, namespace: default}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
              maxReplicas: 9
            """;

    @Test
    void theNumberThatAnAutoscalerSetIsNoDriftAndAnyOtherFieldIs() throws IOException {
        write("web", WEB);
        write("scaler", AUTOSCALER);
        apply();

        scale(3);
        assertThat(drift("--detailed-exitcode")).as(out + err.toString()).isZero();
        assertThat(out.toString()).contains("No drift. 2 objects compared");

        change("{\"spec\": {\"template\": {\"spec\": {\"containers\": [{\"name\": \"app\", \"image\": "
                + "\"example.com/web:9\"}]}}}}");
        assertThat(drift("--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString())
                .contains("containers[app].image   example.com/web   1 -> 9")
                .doesNotContain("replicas");
    }

    @Test
    void theSameNumberWithoutAnAutoscalerIsDrift() throws IOException {
        write("web", WEB);
        apply();

        scale(3);

        assertThat(drift("--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString()).contains("spec.replicas   1 -> 3");
    }

    @ParameterizedTest(name = "policy.cordon: {0}")
    @CsvSource({"observe, 0", "enforce, 2"})
    void aCordonByHandIsDriftWhereTheDefinitionEnforcesCordons(String policy, int code) throws IOException {
        write("cluster", """
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Cluster
                metadata: {name: demo}
                spec:
                  kubernetesVersion: v1.36.2
                  controlPlaneEndpoint: {host: 192.168.0.200, port: 6443}
                  network: {podSubnets: [10.244.0.0/16]}
                  policy: {cordon: %s}
                ---
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Inventory
                metadata: {name: nodes}
                spec:
                  nodes:
                    - {name: k8s-master, address: 192.168.0.10, roles: [control-plane]}
                    - {name: k8s-node1, address: 192.168.0.11}
                """.formatted(policy));
        node("k8s-master", "{\"metadata\": {\"labels\": {\"node-role.kubernetes.io/control-plane\": \"\"}}}");
        apply();
        assertThat(drift("--detailed-exitcode")).as(out + err.toString()).isZero();

        node("k8s-node1", "{\"spec\": {\"unschedulable\": true}}");

        assertThat(drift("--detailed-exitcode")).as(out + err.toString()).isEqualTo(code);
        assertThat(out.toString().contains("Node k8s-node1")).isEqualTo(code == ExitCode.CHANGES);
        assertThat(out.toString().contains("spec.unschedulable")).isEqualTo(code == ExitCode.CHANGES);
    }

    private void scale(int replicas) throws IOException {
        cluster.patch(
                type("apps/v1", "Deployment"),
                Optional.of("default"),
                "web",
                "scale",
                PatchType.MERGE,
                JSON.readTree("{\"spec\": {\"replicas\": " + replicas + "}}"),
                "kube-controller-manager");
    }

    private void change(String patch) throws IOException {
        cluster.patch(
                type("apps/v1", "Deployment"),
                Optional.of("default"),
                "web",
                "",
                PatchType.STRATEGIC,
                JSON.readTree(patch),
                "kubectl-edit");
    }
}
