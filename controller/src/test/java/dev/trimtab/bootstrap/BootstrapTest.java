package dev.trimtab.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.trimtab.Golden;
import dev.trimtab.definition.Definition;
import dev.trimtab.render.Written;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What machines get, word by word and read back by the parsers of its formats. */
class BootstrapTest {

    private static final ObjectMapper TOML = new TomlMapper();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The others differ from these in names and addresses. */
    private static final String GOLDEN_NODES = "nodes/(k8s-master|k8s-node1|w1)/.*";

    static Stream<Arguments> trees() {
        return Stream.of(Arguments.of("article", Clusters.article()), Arguments.of("dual-stack", Clusters.dualStack()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trees")
    void filesAreAsExpected(String name, Definition definition) throws IOException {
        FileTree tree = new FileTree(new TreeMap<>(Bootstrap.render(definition).files().entrySet().stream()
                .filter(file ->
                        !file.getKey().startsWith("nodes/") || file.getKey().matches(GOLDEN_NODES))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))));

        String folder = "bootstrap/" + name + "/";
        tree.files().forEach((path, text) -> Golden.check(folder + path, text));

        try (Stream<Path> walk = Files.walk(Golden.path("bootstrap/" + name))) {
            assertThat(walk.filter(Files::isRegularFile)
                            .map(file -> Golden.path("bootstrap/" + name)
                                    .relativize(file)
                                    .toString()))
                    .as("no file is left over from an earlier form")
                    .containsExactlyInAnyOrderElementsOf(tree.files().keySet());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trees")
    void everyFileIsReadableByItsParserAndTheSameTwice(String name, Definition definition) throws IOException {
        FileTree tree = Bootstrap.render(definition);

        assertThat(Bootstrap.render(definition)).isEqualTo(tree);
        for (var file : tree.files().entrySet()) {
            if (file.getKey().endsWith(".toml")) {
                assertThat(TOML.readTree(file.getValue()).isEmpty())
                        .as(file.getKey())
                        .isFalse();
            } else if (file.getKey().matches(".*\\.yaml(\\.tmpl)?")) {
                assertThat(documents(file.getValue())).as(file.getKey()).isNotEmpty();
            }
            assertThat(file.getValue()).as(file.getKey()).endsWith("\n").doesNotContain("\r");
        }
    }

    @Test
    void initIsFourDocumentsWithTheNodesOwnNameAndAddress() {
        String text = file(Clusters.article(), "bootstrap/kubeadm-init.yaml");
        List<JsonNode> documents = documents(text);

        assertThat(documents)
                .extracting(document -> document.path("apiVersion").asText() + " "
                        + document.path("kind").asText())
                .containsExactly(
                        "kubeadm.k8s.io/v1beta4 InitConfiguration",
                        "kubeadm.k8s.io/v1beta4 ClusterConfiguration",
                        "kubelet.config.k8s.io/v1beta1 KubeletConfiguration",
                        "kubeproxy.config.k8s.io/v1alpha1 KubeProxyConfiguration");
        JsonNode init = documents.get(0);
        assertThat(init.at("/nodeRegistration/name").asText()).isEqualTo("k8s-master");
        assertThat(init.at("/localAPIEndpoint/advertiseAddress").asText()).isEqualTo("192.168.16.200");
        assertThat(init.at("/nodeRegistration/taints/0/key").asText())
                .isEqualTo("node-role.kubernetes.io/control-plane");
        assertThat(init.at("/nodeRegistration/kubeletExtraArgs/0"))
                .isEqualTo(Written.object("{name: node-ip, value: 192.168.16.200}"));
        assertThat(text).doesNotContain("timeoutForControlPlane", "bootstrapTokens", "abcdef.0123456789abcdef");
        JsonNode cluster = documents.get(1);
        assertThat(cluster.path("kubernetesVersion").asText()).isEqualTo("v1.36.4");
        assertThat(cluster.path("controlPlaneEndpoint").asText()).isEqualTo("192.168.16.200:6443");
        assertThat(cluster.at("/networking/podSubnet").asText()).isEqualTo("10.244.0.0/16");
        assertThat(cluster.at("/networking/serviceSubnet").asText()).isEqualTo("10.96.0.0/12");
        assertThat(cluster.path("imageRepository").asText()).isEqualTo("registry.aliyuncs.com/google_containers");
        assertThat(documents.get(2).path("cgroupDriver").asText()).isEqualTo("systemd");
        assertThat(documents.get(2).path("maxPods").asInt()).isEqualTo(200);
        assertThat(documents.get(3).path("clusterCIDR").asText()).isEqualTo("10.244.0.0/16");
    }

    /** kubeadm takes one of comments alone for a document without a kind, and refuses the file. */
    @Test
    void noDocumentOfKubeadmsFilesIsEmpty() {
        Bootstrap.render(Clusters.article()).files().forEach((name, text) -> {
            if (name.contains("kubeadm-")) {
                assertThat(text.split("(?m)^---$", -1))
                        .as(name)
                        .allMatch(part -> part.lines().anyMatch(line -> line.startsWith("kind: ")));
            }
        });
    }

    @Test
    void dualStackReachesEveryPlaceThatHasToKnow() {
        Definition definition = Clusters.dualStack();
        List<JsonNode> init = documents(file(definition, "bootstrap/kubeadm-init.yaml"));

        assertThat(init.get(0).at("/nodeRegistration/taints"))
                .as("it is a worker too")
                .isEmpty();
        assertThat(init.get(0).at("/timeouts/controlPlaneComponentHealthCheck").asText())
                .isEqualTo("6m");
        assertThat(init.get(0).at("/localAPIEndpoint/bindPort").asInt())
                .as("8443 is the balancer's")
                .isEqualTo(6443);
        assertThat(init.get(1).at("/networking/podSubnet").asText()).isEqualTo("10.244.0.0/16,fd00:244::/56");
        assertThat(init.get(1).at("/controllerManager/extraArgs").findValuesAsText("name"))
                .containsExactly("node-cidr-mask-size-ipv4", "node-cidr-mask-size-ipv6");
        assertThat(init.get(1).at("/apiServer/certSANs").toString())
                .isEqualTo("[\"10.0.0.11\",\"10.0.0.12\",\"10.0.0.13\",\"api.demo.internal\",\"api.example.org\"]");
        assertThat(init.get(2).at("/memorySwap/swapBehavior").asText()).isEqualTo("LimitedSwap");
        assertThat(init.get(3).path("mode").asText()).isEqualTo("nftables");
        assertThat(file(definition, "nodes/w1/etc/sysctl.d/99-kubernetes.conf"))
                .contains("net.ipv6.conf.all.forwarding = 1", "vm.max_map_count = 262144");
        assertThat(file(definition, "nodes/w1/etc/modules-load.d/k8s.conf")).contains("\nwireguard\n", "\nnbd\n");
        assertThat(file(definition, "nodes/w1/ports.txt"))
                .contains("51820", "51821")
                .doesNotContain("6443");
        assertThat(Bootstrap.nodeNames(definition)).containsExactly("c1", "c2", "c3", "w1");
    }

    @Test
    void whatJoinsRegistersWithTheTaintWhereSomebodyTakesItAwayAndTheFirstNodeNever() {
        Definition definition = Clusters.dualStack();
        FileTree plain = Bootstrap.render(definition);
        FileTree tainted = Bootstrap.render(definition, Registration.TAINTED);
        List<String> differing = tainted.files().keySet().stream()
                .filter(path ->
                        !Objects.equals(tainted.files().get(path), plain.files().get(path)))
                .toList();

        assertThat(differing)
                .isNotEmpty()
                .allMatch(path -> path.contains("kubeadm-join") || path.endsWith("manifest.sha256"));
        tainted.files().keySet().stream()
                .filter(path -> path.contains("kubeadm-join"))
                .forEach(path -> {
                    List<String> keys = new ArrayList<>();
                    documents(Objects.requireNonNull(tainted.files().get(path)))
                            .get(0)
                            .at("/nodeRegistration/taints")
                            .forEach(taint -> keys.add(taint.path("key").asText() + ":"
                                    + taint.path("effect").asText()));
                    assertThat(keys)
                            .as(path + ": the others stay")
                            .endsWith("trimtab.dev/uninitialized:NoSchedule")
                            .doesNotHaveDuplicates();
                });
    }

    @Test
    void aJoinHoldsPlaceholdersForWhatIsSecretAndTheNodesOwnTaints() {
        Definition definition = Clusters.dualStack();

        JsonNode worker =
                documents(file(definition, "nodes/w1/kubeadm-join.yaml.tmpl")).get(0);
        assertThat(worker.at("/discovery/bootstrapToken/token").asText()).isEqualTo("${TOKEN}");
        assertThat(worker.at("/discovery/bootstrapToken/caCertHashes/0").asText())
                .isEqualTo("${CA_CERT_HASH}");
        assertThat(worker.at("/discovery/bootstrapToken").has("unsafeSkipCAVerification"))
                .isFalse();
        assertThat(worker.at("/nodeRegistration/taints"))
                .isEqualTo(Written.object("{a: [{key: pool, value: gpu, effect: NoSchedule}]}")
                        .path("a"));
        assertThat(worker.has("controlPlane")).isFalse();
        JsonNode control =
                documents(file(definition, "nodes/c2/kubeadm-join.yaml.tmpl")).get(0);
        assertThat(control.at("/controlPlane/certificateKey").asText()).isEqualTo("${CERTIFICATE_KEY}");
        assertThat(control.at("/controlPlane/localAPIEndpoint/advertiseAddress").asText())
                .isEqualTo("10.0.0.12");
        assertThat(file(definition, "bootstrap/kubeadm-join-worker.yaml.tmpl"))
                .contains("${NODE_NAME}", "${NODE_ADDRESS}")
                .doesNotContain("CERTIFICATE_KEY");
    }

    @ParameterizedTest(name = "Kubernetes {0}, containerd {1} asked for as {2}: version {3}")
    @CsvSource({
        "v1.36.4, 2.3.4,  auto, 4",
        "v1.36.4, 2.2.5,  auto, 3",
        "v1.35.2, 2.1.6,  auto, 3",
        "v1.34.1, 1.7.28, auto, 2",
        "v1.36.4, 2.3.4,  3,    3",
        "v1.36.4, 2.3.4,  2,    2",
        "v1.36.4, '',     auto, 4",
    })
    void theFormOfTheFileFollowsTheContainerd(String kubernetes, String version, String written, int expected)
            throws IOException {
        JsonNode config = TOML.readTree(file(
                Clusters.definition(
                        "  kubernetesVersion: " + kubernetes + "\n  controlPlaneEndpoint: {host: api.demo.internal}\n"
                                + "  network: {podSubnets: [10.244.0.0/16]}\n  containerd: {configVersion: " + written
                                + (version.isEmpty() ? "" : ", version: " + version) + "}\n",
                        Clusters.NODES,
                        "---\n"),
                "nodes/k8s-node1/etc/containerd/config.toml"));

        assertThat(config.path("version").asInt()).isEqualTo(expected);
        JsonNode plugins = config.path("plugins");
        String images = expected == 2 ? "io.containerd.grpc.v1.cri" : "io.containerd.cri.v1.images";
        String runtime = expected == 2 ? "io.containerd.grpc.v1.cri" : "io.containerd.cri.v1.runtime";
        assertThat(plugins.properties().stream().map(entry -> entry.getKey())).containsOnly(images, runtime);
        JsonNode sandbox = expected == 2
                ? plugins.path(images).path("sandbox_image")
                : plugins.path(images).path("pinned_images").path("sandbox");
        assertThat(sandbox.asText()).startsWith("registry.k8s.io/pause:3.10");
        assertThat(plugins.path(images).path("registry"))
                .as("mirrors beside it would disable the CRI plugin")
                .isEqualTo(JSON.valueToTree(Map.of("config_path", "/etc/containerd/certs.d")));
        assertThat((expected == 2 ? plugins.path(images).path("containerd") : plugins.path(images))
                        .path("snapshotter")
                        .asText())
                .isEqualTo("overlayfs");
        JsonNode runc = plugins.path(runtime).at("/containerd/runtimes/runc");
        assertThat(runc.path("runtime_type").asText()).isEqualTo("io.containerd.runc.v2");
        assertThat(runc.at("/options/SystemdCgroup").asBoolean()).isTrue();
        assertThat(plugins.path(runtime).at("/containerd/default_runtime_name").asText())
                .isEqualTo("runc");
        assertThat(config.path("disabled_plugins").isEmpty()).isTrue();
    }

    @Test
    void anyContainerdOfADistributionReadsTheOldestForm() throws IOException {
        JsonNode config = TOML.readTree(file(Clusters.dualStack(), "nodes/w1/etc/containerd/config.toml"));

        assertThat(config.path("version").asInt()).isEqualTo(2);
    }

    @Test
    void mirrorsKeepTheirOrderAndTheRegistryIsAskedOnlyWhereItMayBe() throws IOException {
        Definition definition = Clusters.article();
        String certs = "nodes/k8s-node1/etc/containerd/certs.d/";

        String docker = file(definition, certs + "docker.io/hosts.toml");
        assertThat(docker.indexOf("mirror-b.internal")).isBetween(1, docker.indexOf("mirror-a.internal"));
        JsonNode hosts = TOML.readTree(docker);
        assertThat(hosts.has("server")).isFalse();
        assertThat(hosts.at("/host/https:~1~1mirror-b.internal/capabilities").toString())
                .isEqualTo("[\"pull\",\"resolve\"]");
        JsonNode second = hosts.at("/host/https:~1~1mirror-a.internal:5000");
        assertThat(second.path("dial_timeout").asText()).isEqualTo("2s");
        assertThat(second.path("ca").asText()).isEqualTo("/etc/containerd/certs.d/docker.io/ca-2.crt");

        JsonNode only = TOML.readTree(file(definition, certs + "registry.k8s.io/hosts.toml"));
        assertThat(only.path("server").asText()).isEqualTo("https://k8s.internal/v2/k8s");
        assertThat(only.path("override_path").asBoolean()).isTrue();

        JsonNode others = TOML.readTree(file(definition, certs + "_default/hosts.toml"));
        assertThat(others.at("/host/https:~1~1mirror.example/capabilities").toString())
                .isEqualTo("[\"pull\"]");

        assertThat(TOML.readTree(file(
                                Clusters.dualStack(),
                                "nodes/w1/etc/containerd/certs.d/mirror.internal_5000_/hosts.toml"))
                        .at("/host/http:~1~110.0.0.9:5000/skip_verify")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aMirrorsOwnAuthorityComesWithIt() throws Exception {
        Definition definition = Clusters.dualStack();
        String certs = "nodes/w1/etc/containerd/certs.d/quay.io/";

        JsonNode hosts = TOML.readTree(file(definition, certs + "hosts.toml"));
        assertThat(hosts.at("/host/https:~1~1mirror.internal/ca").asText())
                .isEqualTo("/etc/containerd/certs.d/quay.io/ca-1.crt");
        String pem = file(definition, certs + "ca-1.crt");
        assertThat(pem).startsWith("# Rendered by Trimtab");
        assertThat(CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))))
                .singleElement()
                .asString()
                .contains("Mirrors of the demo");
        assertThat(file(definition, "nodes/w1/verify.sh")).contains("CA_FILES=''");
    }

    @Test
    void patchesForKubeadmGoWhereTheyAreOfUse() {
        Definition definition = Clusters.dualStack();
        String folder = "etc/kubernetes/trimtab/patches";
        var files = Bootstrap.render(definition).files();

        assertThat(files)
                .containsKeys(
                        "nodes/c1/" + folder + "/kube-apiserver0+json.yaml",
                        "nodes/c1/" + folder + "/kubeletconfiguration.yaml",
                        "nodes/w1/" + folder + "/kubeletconfiguration.yaml",
                        "bootstrap/patches/kube-apiserver0+json.yaml")
                .doesNotContainKey("nodes/w1/" + folder + "/kube-apiserver0+json.yaml");
        assertThat(files.get("nodes/w1/" + folder + "/kubeletconfiguration.yaml"))
                .as("as it was written")
                .startsWith("# The unit of memory");
        for (String config : List.of(
                "bootstrap/kubeadm-init.yaml",
                "nodes/c2/kubeadm-join.yaml.tmpl",
                "nodes/w1/kubeadm-join.yaml.tmpl",
                "bootstrap/kubeadm-join-worker.yaml.tmpl")) {
            assertThat(documents(file(definition, config))
                            .get(0)
                            .at("/patches/directory")
                            .asText())
                    .as(config)
                    .isEqualTo("/" + folder);
        }
        assertThat(file(Clusters.article(), "bootstrap/kubeadm-init.yaml")).doesNotContain("patches");
    }

    @Test
    void imagesAreSortedOnceAndCoreDnsIsWhereTheRepositoryHasIt() {
        List<String> mirrored = file(Clusters.article(), "images.txt").lines().toList();
        assertThat(mirrored)
                .isSorted()
                .doesNotHaveDuplicates()
                .contains(
                        "registry.aliyuncs.com/google_containers/kube-apiserver:v1.36.4",
                        "registry.aliyuncs.com/google_containers/pause:3.10.2",
                        "registry.aliyuncs.com/google_containers/coredns:v1.14.2",
                        "ghcr.io/flannel-io/flannel:v0.28.9",
                        "ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel3",
                        "swr.cn-east-2.myhuaweicloud.com/kuboard/kuboard-agent:v3")
                .noneMatch(image -> image.contains("coredns/coredns"));

        assertThat(file(Clusters.dualStack(), "images.txt").lines())
                .contains("registry.k8s.io/coredns/coredns:v1.14.2")
                .anyMatch(image -> image.startsWith("registry.k8s.io/etcd:3.6"));
    }

    /** As kubeadm config images list of these versions prints them. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "v1.33.0, v1.12.0, 3.10, 3.5.21-0",
        "v1.34.0, v1.12.1, 3.10.1, 3.6.4-0",
        "v1.35.0, v1.13.1, 3.10.1, 3.6.6-0",
        "v1.36.4, v1.14.2, 3.10.2, 3.6.8-0",
        "v1.37.1, v1.14.6, 3.10.2, 3.7.0-0",
    })
    void theImageListIsKubeadmsOwn(String version, String coredns, String pause, String etcd) {
        Definition definition = Clusters.definition(
                "  kubernetesVersion: " + version
                        + "\n  controlPlaneEndpoint: {host: api.demo.internal}\n  network: {podSubnets: [10.244.0.0/16]}\n",
                Clusters.NODES,
                "---\n");

        assertThat(file(definition, "images.txt").lines())
                .containsExactly(
                        "registry.k8s.io/coredns/coredns:" + coredns,
                        "registry.k8s.io/etcd:" + etcd,
                        "registry.k8s.io/kube-apiserver:" + version,
                        "registry.k8s.io/kube-controller-manager:" + version,
                        "registry.k8s.io/kube-proxy:" + version,
                        "registry.k8s.io/kube-scheduler:" + version,
                        "registry.k8s.io/pause:" + pause);
    }

    @Test
    void nodeMetadataHoldsRolesGroupsAndTaints() {
        List<JsonNode> nodes = documents(file(Clusters.dualStack(), "cluster/node-metadata.yaml"));

        JsonNode w1 = nodes.get(3);
        assertThat(w1.at("/metadata/labels"))
                .isEqualTo(Written.object("{pool: gpu, zone: a, node-role.kubernetes.io/worker: ''}"));
        assertThat(w1.at("/spec/unschedulable").asBoolean()).isTrue();
        assertThat(w1.at("/spec/taints/0/key").asText()).isEqualTo("pool");
        assertThat(nodes).hasSize(4);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "[a-z0-9]{6}\\.[a-z0-9]{16}",
                "-----BEGIN (?!CERTIFICATE)",
                "(?i)password\\s*[:=]",
                "20[0-9]{2}-[01][0-9]-[0-3][0-9]",
            })
    void noSecretAndNoTimeStandsInAnyFile(String pattern) {
        Stream.of(Clusters.article(), Clusters.dualStack())
                .flatMap(definition -> Bootstrap.render(definition).files().entrySet().stream())
                .forEach(file -> assertThat(file.getValue())
                        .as(file.getKey())
                        .doesNotContainPattern("(?<![\\w.])" + pattern + "(?!\\w)"));
    }

    @Test
    void aNodeThatWaitsForItsUpgradeKeepsItsVersion() {
        Definition definition = Clusters.definition(
                "  controlPlaneEndpoint: {host: api.demo.internal}\n  network: {podSubnets: [10.244.0.0/16]}\n",
                Clusters.NODES.replace("labels: {zone: b}", "kubeletVersion: v1.35.8"),
                "---\n");

        assertThat(file(definition, "nodes/k8s-node2/etc/apt/preferences.d/kubernetes"))
                .contains("Package: kubelet kubeadm kubectl\nPin: version 1.35.8-*\n");
        assertThat(file(definition, "nodes/k8s-node2/etc/apt/sources.list.d/kubernetes.sources"))
                .contains("/v1.35/deb/");
        assertThat(file(definition, "nodes/k8s-node1/etc/apt/preferences.d/kubernetes"))
                .contains("Pin: version 1.36.4-*\n");
    }

    @Test
    void anotherSandboxImageIsBesideKubeadmsOwn() {
        Definition definition = Clusters.definition("""
                  controlPlaneEndpoint: {host: api.demo.internal}
                  network: {podSubnets: [10.244.0.0/16]}
                  images: {sandbox: "mirror.internal/pause:3.10.2"}
                """, Clusters.NODES, "---\n");

        assertThat(file(definition, "images.txt").lines())
                .contains("mirror.internal/pause:3.10.2", "registry.k8s.io/pause:3.10.2");
        assertThat(file(definition, "nodes/k8s-node1/etc/containerd/config.toml"))
                .contains("sandbox = \"mirror.internal/pause:3.10.2\"");
    }

    @Test
    void aNodesFolderStandsAlone() {
        FileTree tree = Bootstrap.render(Clusters.article());

        assertThat(tree.below("nodes/k8s-master").files())
                .containsKeys("kubeadm-init.yaml", "prepare.sh", "join.sh", "verify.sh", "manifest.sha256");
        assertThat(tree.below("nodes/k8s-node1").files()).doesNotContainKey("kubeadm-init.yaml");
        assertThat(file(Clusters.article(), "nodes/k8s-master/kubeadm-init.yaml"))
                .isEqualTo(file(Clusters.article(), "bootstrap/kubeadm-init.yaml"));
    }

    @Test
    void whatIsNoClusterIsRefused() {
        assertThatThrownBy(() -> Bootstrap.render(Written.definition(1, List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no cluster");
    }

    static String file(Definition definition, String path) {
        return Objects.requireNonNull(Bootstrap.render(definition).files().get(path), path);
    }

    static List<JsonNode> documents(String text) {
        List<JsonNode> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(text)
                .forEach(tree -> documents.add(JSON.valueToTree(tree)));
        documents.removeIf(JsonNode::isNull);
        return documents;
    }
}
