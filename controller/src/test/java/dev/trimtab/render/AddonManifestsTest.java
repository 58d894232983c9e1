package dev.trimtab.render;

import static dev.trimtab.render.Written.key;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.Golden;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.MemoryTree;
import dev.trimtab.definition.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the add-ons of a definition become. */
class AddonManifestsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String KUBOARD = """
            apiVersion: cluster.trimtab.dev/v1alpha1
            kind: KuboardAgent
            spec:
              endpoint: http://192.168.16.200:8080
              remotePort: 35001
              clusterName: demo
              nameSuffix: 25i3sy
              keySecretRef: {name: kuboard-agent, key: agentKey}
              tokenSecretRef: {name: kuboard-agent, key: anonymousToken}
              server: {publishedWebPort: 8080, publishedAgentPort: 10081}
            """;

    static Stream<Arguments> goldens() {
        return Stream.of(
                Arguments.of("flannel-v0.25.0", "10.244.0.0/16", flannel("version: v0.25.0")),
                Arguments.of("flannel-v0.26.4", "10.244.0.0/16", flannel("version: v0.26.4")),
                Arguments.of("flannel-v0.27.1", "10.244.0.0/16", flannel("version: v0.27.1")),
                Arguments.of("flannel-v0.28.6", "10.244.0.0/16", flannel("version: v0.28.6")),
                Arguments.of("flannel-v0.28.9", "10.244.0.0/16", flannel("version: v0.28.9")),
                Arguments.of("flannel-options", "10.244.0.0/16, fd00:244::/56", flannel("""
                                version: v0.28.9
                                  backend:
                                    type: wireguard
                                    wireguard: {listenPort: 51000, persistentKeepalive: 25, pskSecretRef: {name: wg, key: psk}}
                                  interface: {names: [eth1, 10.0.0.7], regexes: ["^bond"], canReach: 192.168.16.200}
                                  nftables: true
                                  images: {flannel: mirror.internal/flannel, cniPlugin: mirror.internal/cni, pullSecrets: [mirror]}
                                  healthPort: 9081
                                  resources: {limits: {memory: 100Mi}}
                                  extraArgs: [--v=5]
                                  allowBackendChange: true""")),
                Arguments.of("kuboard-agent", "10.244.0.0/16", KUBOARD));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goldens")
    void objectsAreAsExpectedAndReadBackAsTheyWere(String name, String subnets, String addon) throws IOException {
        List<Manifest> manifests = AddonManifests.of(definition(subnets, addon));
        String text = manifests.stream()
                .map(manifest -> "---\n" + YamlText.of(manifest.json()))
                .collect(Collectors.joining());

        Golden.check("render/" + name + ".yaml", text);

        String golden = Files.readString(Golden.path("render/" + name + ".yaml"));
        List<ObjectNode> read = Stream.of(golden.split("(?m)^---\\n"))
                .filter(document -> !document.isBlank())
                .map(Written::object)
                .toList();
        assertThat(read).hasSameSizeAs(manifests);
        for (int i = 0; i < read.size(); i++) {
            assertThat(JSON.readTree(read.get(i).toString()))
                    .isEqualTo(JSON.readTree(manifests.get(i).json().toString()));
        }
    }

    @ParameterizedTest(name = "flannel {0}: {1} with {2}, {3}, cache variable {4}, probes {5}")
    @CsvSource({
        "v0.25.0, docker.io/flannel,       v1.4.0-flannel1, cp,                    false, false",
        "0.25.1,  docker.io/flannel,       v1.4.0-flannel1, cp,                    false, false",
        "v0.25.4, docker.io/flannel,       v1.4.1-flannel1, cp,                    false, false",
        "v0.25.7, docker.io/flannel,       v1.5.1-flannel2, cp,                    false, false",
        "v0.26.1, docker.io/flannel,       v1.5.1-flannel2, cp,                    false, false",
        "v0.26.3, docker.io/flannel,       v1.6.0-flannel1, cp,                    false, false",
        "v0.26.4, ghcr.io/flannel-io,      v1.6.2-flannel1, cp,                    false, false",
        "v0.27.0, ghcr.io/flannel-io,      v1.7.1-flannel1, cp,                    false, false",
        "v0.27.1, ghcr.io/flannel-io,      v1.7.1-flannel1, cp,                    true,  false",
        "v0.28.0, ghcr.io/flannel-io,      v1.8.0-flannel1, cp,                    true,  false",
        "v0.28.2, ghcr.io/flannel-io,      v1.9.0-flannel1, cp,                    true,  false",
        "v0.28.5, ghcr.io/flannel-io,      v1.9.1-flannel1, cp,                    true,  false",
        "v0.28.6, ghcr.io/flannel-io,      v1.9.1-flannel2, /opt/bin/install-conf, true,  false",
        "v0.28.8, ghcr.io/flannel-io,      v1.9.1-flannel2, /opt/bin/install-conf, true,  false",
        "v0.28.9, ghcr.io/flannel-io,      v1.9.1-flannel3, /opt/bin/install-conf, true,  true",
        "v0.29.0, ghcr.io/flannel-io,      v1.9.1-flannel3, /opt/bin/install-conf, true,  true",
    })
    void formFollowsTheRelease(
            String version, String registry, String plugin, String install, boolean variable, boolean probes) {
        JsonNode pod = daemonSet(definition("10.244.0.0/16", flannel("version: " + version)))
                .at("/spec/template/spec");

        String tag = version.startsWith("v") ? version : "v" + version;
        JsonNode container = pod.at("/containers/0");
        assertThat(pod.at("/initContainers/0/image").asText()).isEqualTo(registry + "/flannel-cni-plugin:" + plugin);
        assertThat(pod.at("/initContainers/1/command/0").asText()).isEqualTo(install);
        assertThat(pod.at("/initContainers/1/image").asText()).isEqualTo(registry + "/flannel:" + tag);
        assertThat(container.path("image").asText()).isEqualTo(registry + "/flannel:" + tag);
        assertThat(container.path("env").findValuesAsText("name").contains("CONT_WHEN_CACHE_NOT_READY"))
                .isEqualTo(variable);
        assertThat(container.has("readinessProbe")).isEqualTo(probes);
        assertThat(container.has("ports")).isEqualTo(probes);
        assertThat(container.path("args").toString().contains("--healthz-port=8081"))
                .isEqualTo(probes);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "10.244.0.0/16 | | {\"Network\":\"10.244.0.0/16\",\"EnableNFTables\":false,\"Backend\":{\"Type\":\"vxlan\"}}",
                "10.244.0.0/16, fd00::/56 | backend: {type: host-gw} | {\"Network\":\"10.244.0.0/16\",\"EnableIPv4\":true,\"EnableIPv6\":true,\"IPv6Network\":\"fd00::/56\",\"EnableNFTables\":false,\"Backend\":{\"Type\":\"host-gw\"}}",
                "fd00::/56 | nftables: true | {\"EnableIPv4\":false,\"EnableIPv6\":true,\"IPv6Network\":\"fd00::/56\",\"EnableNFTables\":true,\"Backend\":{\"Type\":\"vxlan\"}}",
                "10.244.0.0/16 | backend: {vxlan: {vni: 4096, port: 4789, directRouting: true, mtu: 1400}} | {\"Network\":\"10.244.0.0/16\",\"EnableNFTables\":false,\"Backend\":{\"Type\":\"vxlan\",\"VNI\":4096,\"Port\":4789,\"MTU\":1400,\"DirectRouting\":true}}",
                "10.244.0.0/16 | backend: {type: wireguard, wireguard: {mode: auto}} | {\"Network\":\"10.244.0.0/16\",\"EnableNFTables\":false,\"Backend\":{\"Type\":\"wireguard\",\"Mode\":\"auto\"}}",
            })
    void networkFollowsSubnetsAndBackend(String subnets, String options, String expected)
            throws JsonProcessingException {
        Definition definition =
                definition(subnets, flannel("version: v0.28.9" + (options == null ? "" : "\n  " + options)));

        assertThat(JSON.readTree(netConf(definition))).isEqualTo(JSON.readTree(expected));
    }

    @Test
    void aChangedNetworkReplacesThePodsThatReadItWhenTheyStart() {
        ObjectNode before = daemonSet(definition("10.244.0.0/16", flannel("version: v0.28.9")));
        ObjectNode after =
                daemonSet(definition("10.244.0.0/16", flannel("version: v0.28.9\n  backend: {type: host-gw}")));

        assertThat(mark(after)).startsWith("sha256:").isNotEqualTo(mark(before));
        assertThat(after.at("/metadata/annotations/trimtab.dev~1update-policy").asText())
                .isEqualTo("ReCreate");
        ((ObjectNode) after.at("/spec/template/metadata/annotations")).put("trimtab.dev/flannel-conf", mark(before));
        assertThat(after).isEqualTo(before);
    }

    @Test
    void thePreSharedKeyStandsInNoObject() {
        Definition definition = definition(
                "10.244.0.0/16",
                flannel(
                        "version: v0.28.9\n  backend: {type: wireguard, wireguard: {pskSecretRef: {name: wg, key: psk}}}"));

        JsonNode writer = daemonSet(definition).at("/spec/template/spec/initContainers/2");
        assertThat(netConf(definition)).doesNotContain("PSK");
        assertThat(writer.at("/env/0/valueFrom/secretKeyRef")).isEqualTo(Written.object("{name: wg, key: psk}"));
        assertThat(writer.at("/env/1/value").asText()).contains("\"PSK\":\"$(WIREGUARD_PSK)\"");
        assertThat(daemonSet(definition)
                        .at("/spec/template/spec/containers/0/args")
                        .toString())
                .contains("--net-config-path=/run/kube-flannel-keyed/net-conf.json");
    }

    @Test
    void bothAgentsReachTheEndpointAsItIsPublishedAndHoldNoSecret() {
        Desired desired = new Renderer().render(definition("10.244.0.0/16", KUBOARD), "demo");

        Map.of("kuboard-agent-25i3sy", "kuboard-admin", "kuboard-agent-25i3sy-2", "kuboard-viewer")
                .forEach((name, account) -> {
                    ObjectNode json = object(desired, "apps", "Deployment", "kuboard", name);
                    JsonNode pod = json.at("/spec/template/spec");
                    assertThat(pod.path("serviceAccountName").asText()).isEqualTo(account);
                    ObjectNode env = ObjectParts.object();
                    pod.at("/containers/0/env")
                            .forEach(one -> env.set(one.path("name").asText(), one));
                    assertThat(env.fieldNames())
                            .toIterable()
                            .containsExactly(
                                    "KUBOARD_ENDPOINT",
                                    "KUBOARD_AGENT_HOST",
                                    "KUBOARD_AGENT_PORT",
                                    "KUBOARD_AGENT_REMOTE_PORT",
                                    "KUBOARD_AGENT_PROTOCOL",
                                    "KUBOARD_AGENT_PROXY",
                                    "KUBOARD_K8S_CLUSTER_NAME",
                                    "KUBOARD_AGENT_KEY",
                                    "KUBERNETES_TOKEN_NAME",
                                    "KUBOARD_ANONYMOUS_TOKEN",
                                    "POD_HOST_NAME");
                    assertThat(env.path("KUBOARD_ENDPOINT").path("value").asText())
                            .isEqualTo("http://192.168.16.200:8080");
                    assertThat(env.path("KUBOARD_AGENT_HOST").path("value").asText())
                            .isEqualTo("192.168.16.200");
                    assertThat(env.path("KUBOARD_AGENT_PORT").path("value").isTextual())
                            .isTrue();
                    assertThat(env.path("KUBOARD_AGENT_PORT").path("value").asText())
                            .isEqualTo("10081");
                    assertThat(env.path("KUBERNETES_TOKEN_NAME").path("value").asText())
                            .isEqualTo(account);
                    assertThat(env.path("KUBOARD_AGENT_KEY")
                                    .at("/valueFrom/secretKeyRef/key")
                                    .asText())
                            .isEqualTo("agentKey");
                    assertThat(env.path("KUBOARD_ANONYMOUS_TOKEN")
                                    .at("/valueFrom/secretKeyRef/key")
                                    .asText())
                            .isEqualTo("anonymousToken");
                    assertThat(pod.path("tolerations").findValuesAsText("key"))
                            .contains("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master");
                });
    }

    @ParameterizedTest(name = "{0} is reached at {2}")
    @CsvSource({
        "http://kuboard.internal:8080, '', kuboard.internal",
        "https://[fd00::7]:443, '', fd00::7",
        "http://kuboard.internal:8080, agents.internal, agents.internal",
    })
    void agentHostIsTheEndpointsUnlessItIsWritten(String endpoint, String host, String expected) {
        String agent = KUBOARD.replace("http://192.168.16.200:8080", endpoint)
                .replace("  server:", host.isEmpty() ? "  server:" : "  agentServer: {host: " + host + "}\n  server:")
                .replace("publishedWebPort: 8080", "publishedWebPort: " + endpoint.replaceAll(".*:", ""));

        JsonNode env = AddonManifests.of(definition("10.244.0.0/16", agent))
                .get(5)
                .json()
                .at("/spec/template/spec/containers/0/env/1");

        assertThat(env.path("name").asText()).isEqualTo("KUBOARD_AGENT_HOST");
        assertThat(env.path("value").asText()).isEqualTo(expected);
    }

    @Test
    void whatTwoAgentsShareIsThereOnce() {
        Definition definition = definition("10.244.0.0/16", KUBOARD + "---\n" + KUBOARD.replace("25i3sy", "9k2lmn"));

        assertThat(definition.problems()).noneMatch(problem -> problem.code() instanceof RenderCode);
        assertThat(new Renderer().render(definition, "demo").objects().keySet())
                .filteredOn(object -> object.kind().equals("Deployment"))
                .hasSize(4);
    }

    @Test
    void addonsStandWhereTheirDocumentStandsAndWaitForWhatTheyNeed() {
        Desired desired = new Renderer()
                .render(definition("10.244.0.0/16", flannel("version: v0.28.9") + "---\n" + KUBOARD), "demo");

        DesiredObject set = Objects.requireNonNull(
                desired.objects().get(key("apps", "DaemonSet", "kube-flannel", "kube-flannel-ds")));
        assertThat(set.origin().toString()).isEqualTo("addons/all.yaml:1:1");
        assertThat(set.dependsOn())
                .contains(
                        key("", "Namespace", "", "kube-flannel"),
                        key("", "ConfigMap", "kube-flannel", "kube-flannel-cfg"),
                        key("", "ServiceAccount", "kube-flannel", "flannel"),
                        key("rbac.authorization.k8s.io", "ClusterRoleBinding", "", "flannel"));
        assertThat(Objects.requireNonNull(desired.objects().get(key("", "Namespace", "", "kuboard")))
                        .origin()
                        .line())
                .isEqualTo(6);
    }

    @Test
    void anObjectOfAnAddonThatAFileDefinesTooIsRefusedAtItsFile() {
        Definition definition = Written.read(files("10.244.0.0/16", flannel("version: v0.28.9"))
                .with("workloads/a.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-flannel}\n"));

        assertThat(definition.problems())
                .filteredOn(problem -> problem.code() == RenderCode.DEFINED_TWICE)
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.at().toString()).isEqualTo("addons/all.yaml:1:1");
                    assertThat(problem.text()).contains("Namespace kube-flannel", "workloads/a.yaml");
                });
    }

    private static String flannel(String spec) {
        return "apiVersion: cluster.trimtab.dev/v1alpha1\nkind: Flannel\nspec:\n  " + spec + "\n";
    }

    private static Definition definition(String subnets, String addons) {
        Definition definition = Written.read(files(subnets, addons));
        assertThat(definition.refused()).as(definition.problems().toString()).isFalse();
        return definition;
    }

    static MemoryTree files(String subnets, String addons) {
        return MemoryTree.of("cluster.yaml", """
                        apiVersion: cluster.trimtab.dev/v1alpha1
                        kind: Cluster
                        metadata: {name: demo}
                        spec:
                          kubernetesVersion: v1.36.4
                          controlPlaneEndpoint: {host: api.demo.internal, port: 6443}
                          network: {podSubnets: [%s], serviceSubnets: [%s]}
                        """.formatted(subnets, services(subnets)))
                .with("inventory.yaml", """
                        apiVersion: cluster.trimtab.dev/v1alpha1
                        kind: Inventory
                        spec:
                          nodes: [{name: m1, address: 192.168.16.200, roles: [control-plane]}]
                        """)
                .with("addons/all.yaml", addons);
    }

    private static String services(String subnets) {
        return Stream.of(subnets.split(", "))
                .map(subnet -> subnet.contains(":") ? "fd00:10::/112" : "10.96.0.0/12")
                .collect(Collectors.joining(", "));
    }

    private static ObjectNode daemonSet(Definition definition) {
        return AddonManifests.of(definition).get(5).json();
    }

    private static String netConf(Definition definition) {
        return AddonManifests.of(definition)
                .get(4)
                .json()
                .at("/data/net-conf.json")
                .asText();
    }

    private static String mark(ObjectNode daemonSet) {
        return daemonSet
                .at("/spec/template/metadata/annotations/trimtab.dev~1flannel-conf")
                .asText();
    }

    private static ObjectNode object(Desired desired, String group, String kind, String namespace, String name) {
        return Objects.requireNonNull(desired.objects().get(key(group, kind, namespace, name)))
                .json();
    }
}
