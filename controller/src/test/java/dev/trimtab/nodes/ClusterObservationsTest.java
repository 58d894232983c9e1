package dev.trimtab.nodes;

import static dev.trimtab.nodes.Fixture.JSON;
import static dev.trimtab.nodes.Fixture.NOW;
import static dev.trimtab.nodes.Fixture.declared;
import static dev.trimtab.nodes.Fixture.json;
import static dev.trimtab.nodes.Fixture.node;
import static dev.trimtab.nodes.Fixture.plan;
import static dev.trimtab.nodes.Fixture.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.nodes.Surroundings.BootstrapToken;
import dev.trimtab.nodes.Surroundings.Component;
import dev.trimtab.nodes.Surroundings.SandboxFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterObservationsTest extends ObservationCases {

    @Test
    void theTimeAtWhichACertificateComesNearItsEndIsKnownBeforehand() {
        Around around = new Around();
        around.certificate = Optional.of(NOW.plus(Duration.ofDays(40)));

        assertThat(plan(declared(N1), List.of(node("n1", 11)), around.surroundings())
                        .lookAt())
                .contains(NOW.plus(Duration.ofDays(10)));
    }

    static Stream<Arguments> clusters() {
        return Stream.of(
                arguments("TOKEN_WITHOUT_END WARNING", with(around -> around.token("abc123", ""))),
                arguments("", with(around -> around.token("abc123", "2026-03-01T12:10:00Z"))),
                arguments("TOKEN_WELL_KNOWN CRITICAL", with(around -> around.token("abcdef", "2026-03-01T12:10:00Z"))),
                arguments("", with(around -> around.certificate = Optional.of(NOW.plus(Duration.ofDays(31))))),
                arguments(
                        "CERTIFICATE_ENDS WARNING",
                        with(around -> around.certificate = Optional.of(NOW.plus(Duration.ofDays(30))))),
                arguments(
                        "CERTIFICATE_ENDS CRITICAL",
                        with(around -> around.certificate = Optional.of(NOW.plus(Duration.ofDays(7))))),
                arguments("CERTIFICATE_ENDS CRITICAL", with(around -> around.certificate = Optional.of(NOW))),
                arguments(
                        "SANDBOX_IMAGE WARNING",
                        with(around -> around.failures = List.of(new SandboxFailure(
                                "n1", "failed to get sandbox image \"registry.k8s.io/pause:3.8\"")))),
                arguments(
                        "CONTROL_PLANE_SKEW CRITICAL",
                        with(around -> around.components = List.of(
                                new Component("kube-apiserver", "m1", "v1.36.2"),
                                new Component("kube-apiserver", "m2", "v1.34.1")))),
                arguments(
                        "CONTROL_PLANE_SKEW CRITICAL",
                        with(around -> around.components = List.of(
                                new Component("kube-apiserver", "m1", "v1.35.2"),
                                new Component("kube-scheduler", "m1", "v1.36.1")))),
                arguments(
                        "",
                        with(around -> around.components = List.of(
                                new Component("kube-apiserver", "m1", "v1.36.2"),
                                new Component("kube-scheduler", "m2", "v1.35.1")))),
                arguments("CLOCK_SKEW WARNING", with(around -> around.lease("2026-03-01T12:00:45.000000Z"))),
                arguments("CLOCK_SKEW WARNING", with(around -> around.lease("2026-03-01T11:59:15.000000Z"))),
                arguments("", with(around -> around.lease("2026-03-01T12:00:00.900000Z"))),
                arguments("BOOTSTRAP_CONFIG_DRIFT WARNING", kubeadm("networking: {podSubnet: 10.10.0.0/16}")),
                arguments("BOOTSTRAP_CONFIG_DRIFT WARNING", kubeadm("controlPlaneEndpoint: api.demo.internal")),
                arguments("BOOTSTRAP_CONFIG_DRIFT WARNING", kubeadm("imageRepository: mirror.internal/k8s")),
                arguments("BOOTSTRAP_CONFIG_DRIFT WARNING", kubeadm("kubernetesVersion: v1.35.8")),
                arguments("", kubeadm("controlPlaneEndpoint: 192.168.0.10:6443")),
                arguments(
                        "KUBE_PROXY_DRIFT WARNING",
                        with(around -> around.kubeProxy = "{mode: ipvs, clusterCIDR: 10.244.0.0/16}")),
                arguments(
                        "KUBE_PROXY_DRIFT WARNING",
                        with(around -> around.kubeProxy = "{mode: '', clusterCIDR: 10.9.0.0/16}")),
                arguments("", with(around -> around.kubeProxy = "{mode: '', clusterCIDR: 10.244.0.0/16}")),
                arguments("KUBELET_CONFIG_DRIFT WARNING", with(around -> around.kubelet = "{cgroupDriver: cgroupfs}")),
                arguments(
                        "KUBELET_CONFIG_DRIFT WARNING",
                        with(around -> around.kubelet = "{cgroupDriver: systemd, failSwapOn: false}")));
    }

    @ParameterizedTest(name = "{index} {0}")
    @MethodSource("clusters")
    void ofTheClusterAsAWhole(String expected, Around around) {
        assertThat(told(plan(declared(N1), List.of(node("n1", 11)), around.surroundings())))
                .isEqualTo(expected);
    }

    @Test
    void aLeaseThatSomebodyElseWroteSaysNothingOfTheClock() {
        Around around = new Around();
        around.lease("2026-03-01T13:00:00.000000Z");
        ObjectNode lease = (ObjectNode) Objects.requireNonNull(around.leases.get("n1"));
        lease.withObject("/metadata")
                .withArray("managedFields")
                .addObject()
                .put("manager", "kubectl-edit")
                .put("operation", "Update")
                .put("time", "2026-03-01T12:00:00Z")
                .set("fieldsV1", json("{\"f:spec\": {\"f:renewTime\": {}}}"));

        assertThat(Clocks.skew(lease)).isEmpty();
    }

    @Test
    void flannelIsComparedWhereTheDefinitionHasIt() {
        DeclaredNodes declared = Fixture.read(Fixture.text("", N1) + """
                ---
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Flannel
                metadata: {name: flannel}
                spec: {version: v0.28.9, backend: {type: vxlan}}
                """);
        ObjectNode silent = node("n1", 11);
        assertThat(told(plan(declared, silent))).isEqualTo("NETWORK_UNAVAILABLE WARNING");

        ObjectNode node = node("n1", 11);
        condition("NetworkUnavailable", "False", "FlannelIsUp", "").accept(node);
        assertThat(told(plan(declared, node))).isEmpty();

        node.withObject("/metadata/annotations")
                .put("flannel.alpha.coreos.com/backend-type", "host-gw")
                .put("flannel.alpha.coreos.com/public-ip", "10.0.2.15");
        assertThat(told(plan(declared, node))).isEqualTo("FLANNEL_BACKEND_STALE WARNING, WRONG_INTERFACE WARNING");
    }

    private static Around kubeadm(String different) {
        return with(around -> around.kubeadm = """
                kubernetesVersion: v1.36.2
                controlPlaneEndpoint: 192.168.0.10:6443
                imageRepository: registry.k8s.io
                networking: {podSubnet: 10.244.0.0/16, serviceSubnet: 10.96.0.0/12, dnsDomain: cluster.local}
                """ + "---\n" + different);
    }

    /** What surrounds the node, as tests change it. */
    private static final class Around {

        private Optional<Instant> certificate = Optional.empty();
        private Map<String, JsonNode> leases = Map.of();
        private String kubeadm = "";
        private String kubelet = "";
        private String kubeProxy = "";
        private List<BootstrapToken> tokens = List.of();
        private List<SandboxFailure> failures = List.of();
        private List<Component> components = List.of();

        void token(String id, String expiration) {
            tokens = List.of(new BootstrapToken(
                    "bootstrap-token-" + id, id, Optional.of(expiration).filter(text -> !text.isEmpty())));
        }

        void lease(String renewed) {
            leases = Map.of("n1", json("""
                    {"metadata": {"name": "n1", "managedFields": [{"manager": "kubelet", "operation": "Update",
                      "time": "2026-03-01T12:00:00Z", "fieldsV1": {"f:spec": {"f:renewTime": {}}}}]},
                     "spec": {"renewTime": "%s"}}
                    """.formatted(renewed)));
        }

        Surroundings surroundings() {
            return new Surroundings(
                    "v1.36.2",
                    certificate,
                    leases,
                    kubeadm.isEmpty() ? Optional.empty() : Optional.of(overlaid(kubeadm)),
                    kubelet.isEmpty() ? Optional.empty() : Optional.of(yaml(kubelet)),
                    kubeProxy.isEmpty() ? Optional.empty() : Optional.of(yaml(kubeProxy)),
                    tokens,
                    failures,
                    components,
                    List.of());
        }

        private static JsonNode overlaid(String text) {
            String[] parts = text.split("---\n", 2);
            ObjectNode config = (ObjectNode) yaml(parts[0]);
            ObjectNode over = (ObjectNode) yaml(parts[1]);
            over.properties().forEach(field -> {
                if (field.getValue().isObject()) {
                    ((ObjectNode) config.path(field.getKey())).setAll((ObjectNode) field.getValue());
                } else {
                    config.set(field.getKey(), field.getValue());
                }
            });
            return JSON.valueToTree(config);
        }
    }

    private static Around with(Consumer<Around> edit) {
        Around around = new Around();
        edit.accept(around);
        return around;
    }
}
