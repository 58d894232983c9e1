package dev.trimtab.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Definitions;
import dev.trimtab.definition.Limits;
import dev.trimtab.definition.Problem;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.source.DirectoryTree;
import dev.trimtab.source.RepoPath;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LiveRulesTest {

    private static final String DEFINITION = """
            apiVersion: cluster.trimtab.dev/v1alpha1
            kind: Cluster
            metadata: {name: demo}
            spec:
              kubernetesVersion: v1.36.4
              controlPlaneEndpoint: {host: api.demo.internal}
              network: {podSubnets: [10.244.0.0/16], serviceSubnets: [10.96.0.0/12]}
            ---
            apiVersion: cluster.trimtab.dev/v1alpha1
            kind: Flannel
            spec: {version: v0.28.9, backend: {type: wireguard}, allowBackendChange: false, images: {pullSecrets: [pull]}}
            ---
            apiVersion: cluster.trimtab.dev/v1alpha1
            kind: KuboardAgent
            spec:
              endpoint: http://kuboard.internal:8080
              clusterName: demo
              keySecretRef: {name: kuboard-agent, key: agentKey}
              tokenSecretRef: {name: kuboard-agent, key: anonymousToken}
            """;

    private static final String KUBEADM = """
            networking: {podSubnet: 10.244.0.0/16, serviceSubnet: 10.96.0.0/12, dnsDomain: cluster.local}
            controllerManager: {extraArgs: [{name: node-cidr-mask-size, value: "24"}]}
            """;

    private static final String SECRET_VALUE = "bm90LWZvci1leWVz";

    @TempDir
    private Path folder;

    private final Map<String, String> objects = new HashMap<>();
    private final Set<String> asked = new TreeSet<>();
    private String version = "v1.36.4";

    @Test
    void clusterThatIsAsWrittenHasNoProblem() throws IOException {
        agreeing();
        assertThat(told(DEFINITION)).isEmpty();
        assertThat(asked)
                .containsExactly(
                        "ConfigMap kube-flannel/kube-flannel-cfg",
                        "ConfigMap kube-system/kubeadm-config",
                        "Secret kube-flannel/pull",
                        "Secret kuboard/kuboard-agent");
    }

    @Test
    void emptyClusterLacksOnlyTheSecrets() throws IOException {
        assertThat(told(DEFINITION))
                .containsExactly(
                        "11:104 Secret kube-flannel/pull key .dockerconfigjson not found [CD076]",
                        "18:17 Secret kuboard/kuboard-agent key agentKey not found [CD076]",
                        "19:19 Secret kuboard/kuboard-agent key anonymousToken not found [CD076]");
    }

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "v1.36.4 | v1.36.4 |",
                "v1.36.1 | v1.36.4 |",
                "v1.35.8 | v1.36.4 |",
                "v1.34.6 | v1.36.4 | control plane runs v1.34.6; kubernetesVersion may move to 1.35 first, not v1.36.4",
                "v1.35.8 | v1.37.0 | control plane runs v1.35.8; kubernetesVersion may move to 1.36 first, not v1.37.0",
                "v1.36.4 | v1.35.8 | downgrade from v1.36.4 to v1.35.8 is not supported",
                "v1.36.4 | v1.36.3 | downgrade from v1.36.4 to v1.36.3 is not supported",
            })
    void controlPlaneMovesOneMinorAtATimeAndNeverBack(String from, String to, String expected) throws IOException {
        agreeing();
        version = from;
        List<String> told = told(DEFINITION.replace("v1.36.4", to));
        assertThat(told).isEqualTo(expected == null ? List.of() : List.of("5:22 " + expected + " [CD004]"));
    }

    static Stream<Arguments> fixed() {
        return Stream.of(
                arguments(
                        "podSubnet: 10.244.0.0/16",
                        "podSubnet: 10.200.0.0/16",
                        "7:25 network.podSubnets is fixed after kubeadm init (live: 10.200.0.0/16) [CD005]"),
                arguments(
                        "serviceSubnet: 10.96.0.0/12",
                        "serviceSubnet: 10.0.0.0/16",
                        "7:58 network.serviceSubnets is fixed after kubeadm init (live: 10.0.0.0/16) [CD005]"),
                arguments(
                        "cluster.local",
                        "corp.local",
                        "7:12 network.dnsDomain is fixed after kubeadm init (live: corp.local) [CD005]"),
                arguments(
                        "value: \"24\"",
                        "value: \"25\"",
                        "7:12 network.nodeCIDRMaskSizeIPv4 is fixed after kubeadm init (live: 25) [CD005]"),
                arguments(
                        "[{name: node-cidr-mask-size, value: \"24\"}]",
                        "{node-cidr-mask-size: \"25\"}",
                        "7:12 network.nodeCIDRMaskSizeIPv4 is fixed after kubeadm init (live: 25) [CD005]"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("fixed")
    void whatKubeadmFixedCannotChange(String before, String after, String expected) throws IOException {
        agreeing();
        configMap("kube-system/kubeadm-config", "ClusterConfiguration", KUBEADM.replace(before, after));
        assertThat(told(DEFINITION)).containsExactly(expected);
    }

    @Test
    void backendChangeNeedsConsent() throws IOException {
        agreeing();
        backend("vxlan");
        assertThat(told(DEFINITION))
                .containsExactly("11:42 backend change vxlan → wireguard interrupts all pod traffic; set"
                        + " allowBackendChange: true and plan node restarts [CD064]");
        assertThat(told(DEFINITION.replace("allowBackendChange: false", "allowBackendChange: true")))
                .isEmpty();
    }

    @Test
    void secretNeedsTheKeyAndItsValueStaysUnsaid() throws IOException {
        agreeing();
        secret("kuboard/kuboard-agent", "agentKey");
        assertThat(told(DEFINITION))
                .containsExactly("19:19 Secret kuboard/kuboard-agent key anonymousToken not found [CD076]");
        assertThat(told(DEFINITION).toString()).doesNotContain(SECRET_VALUE);
    }

    @Test
    void secretThatTheDefinitionBringsIsNotMissed() throws IOException {
        agreeing();
        objects.remove("Secret kuboard/kuboard-agent");
        assertThat(told(DEFINITION
                        + "---\n{apiVersion: v1, kind: Secret, metadata: {name: kuboard-agent, namespace: kuboard}}\n"))
                .isEmpty();
    }

    private void agreeing() {
        configMap("kube-system/kubeadm-config", "ClusterConfiguration", KUBEADM);
        backend("wireguard");
        secret("kube-flannel/pull", ".dockerconfigjson");
        secret("kuboard/kuboard-agent", "agentKey", "anonymousToken");
    }

    private void backend(String type) {
        configMap(
                "kube-flannel/kube-flannel-cfg",
                "net-conf.json",
                "{\"Network\": \"10.244.0.0/16\", \"Backend\": {\"Type\": \"" + type + "\"}}");
    }

    private void configMap(String name, String key, String text) {
        ObjectNode object = new ObjectMapper().createObjectNode();
        object.putObject("data").put(key, text);
        objects.put("ConfigMap " + name, object.toString());
    }

    private void secret(String name, String... keys) {
        ObjectNode object = new ObjectMapper().createObjectNode();
        ObjectNode data = object.putObject("data");
        for (String key : keys) {
            data.put(key, SECRET_VALUE);
        }
        objects.put("Secret " + name, object.toString());
    }

    /** Line, column, text and code of each problem. */
    private List<String> told(String yaml) throws IOException {
        Files.writeString(folder.resolve("a.yaml"), yaml);
        try (DirectoryTree tree = new DirectoryTree(folder, Clock.systemUTC())) {
            Definition definition = new Definitions(Limits.DEFAULT).read(tree, RepoPath.ROOT);
            assertThat(definition.refused())
                    .as(definition.problems().toString())
                    .isFalse();
            return LiveRules.check(definition, cluster()).stream()
                    .map(LiveRulesTest::text)
                    .toList();
        }
    }

    private static String text(Problem problem) {
        assertThat(problem.fix()).isPresent();
        assertThat(problem.severity()).isEqualTo(Problem.Severity.ERROR);
        return problem.at().line() + ":" + problem.at().column() + " " + problem.text() + " ["
                + problem.code().id() + "]";
    }

    /** Answers reads from {@link #objects}; anything else fails the test. */
    private ClusterClient cluster() {
        return (ClusterClient) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ClusterClient.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "version" -> {
                            return version;
                        }
                        case "resource" -> {
                            String kind = (String) arguments[1];
                            return Optional.of(new ResourceType("", "v1", kind, kind, true, Set.of()));
                        }
                        case "get" -> {
                            String key = ((ResourceType) arguments[0]).kind() + " "
                                    + ((Optional<?>) arguments[1]).orElseThrow() + "/" + arguments[2];
                            asked.add(key);
                            String json = objects.get(key);
                            return json == null ? Optional.empty() : Optional.of(new ObjectMapper().readTree(json));
                        }
                        default -> throw new AssertionError(method.getName() + " is no read");
                    }
                });
    }
}
