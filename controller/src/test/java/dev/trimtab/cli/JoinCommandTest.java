package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.bootstrap.NodeReport;
import dev.trimtab.bootstrap.join.Authority;
import dev.trimtab.join.Authorities;
import dev.trimtab.join.FakeHost;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.render.Written;
import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.sandbox.faults.Fault;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code trimtab bootstrap join} from the command line to machines behind SSH servers and to a cluster. */
@Timeout(120)
class JoinCommandTest {

    private static final String MIRROR = "https://mirror-a.internal";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, FakeHost> hosts = new TreeMap<>();
    private final List<String> told = new ArrayList<>();
    private Sandbox sandbox;
    private ClusterClient cluster;
    private String ca;
    private String ready = "'True', reason: KubeletReady";

    @BeforeEach
    void begin() throws Exception {
        assumeTrue(
                Stream.of("sh", "sha256sum").allMatch(JoinCommandTest::onPath), "sh or sha256sum is not on the PATH");
        sandbox = Sandbox.builder().controllers(false).build().start();
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), sandbox.kubeconfig());
        cluster = Clusters.connect(ClusterSettings.of(kubeconfig));
        ca = Authorities.create();
        ObjectNode map = Written.object(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: kube-root-ca.crt, namespace: kube-system}}");
        map.putObject("data").put("ca.crt", ca);
        cluster.create(type("ConfigMap"), map, "test");
        KeyPair login = KeyUtils.generateKeyPair("ssh-ed25519", 256);
        try (var key = Files.newOutputStream(folder.resolve("key"), StandardOpenOption.CREATE)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(login, "test", null, key);
        }
        for (int i = 0; i < 4; i++) {
            String name = List.of("k8s-master", "k8s-master2", "k8s-node1", "k8s-node2")
                    .get(i);
            String address = "192.168.16.20" + i;
            hosts.put(name, new FakeHost(folder.resolve(name), address, login.getPublic(), () -> {
                host(name).machine().write("root/etc/kubernetes/kubelet.conf", Authorities.kubeletConf(ca));
                register(name, address);
            }));
        }
        define(MIRROR, "");
    }

    @AfterEach
    void end() throws Exception {
        for (FakeHost host : hosts.values()) {
            host.close();
        }
        cluster.close();
        sandbox.close();
    }

    private FakeHost host(String name) {
        return Objects.requireNonNull(hosts.get(name), name);
    }

    private ResourceType type(String kind) {
        return cluster.resource("v1", kind).orElseThrow();
    }

    /** What a kubelet does with its Node object, and the controllers with it. */
    private void register(String name, String address) {
        ObjectNode node = Written.object(
                "{apiVersion: v1, kind: Node, metadata: {name: " + name + "}, spec: {podCIDR: 10.244.1.0/24}}");
        if (host(name).machine().has("state/join")) {
            JsonNode taints =
                    Written.object(host(name).machine().read("state/join")).at("/nodeRegistration/taints");
            node.withObject("/spec").set("taints", taints);
        }
        cluster.create(type("Node"), node, "kubelet");
        cluster.patch(
                type("Node"),
                Optional.empty(),
                name,
                "status",
                PatchType.MERGE,
                Written.object("{status: {conditions: [{type: Ready, status: " + ready
                        + "}], addresses:"
                        + " [{type: InternalIP, address: " + address + "}], nodeInfo: {machineID: " + address
                        + "-id}}}"),
                "kubelet");
    }

    private void define(String mirror, String more) throws Exception {
        Path definition = Files.createDirectories(folder.resolve("definition"));
        Files.writeString(definition.resolve("cluster.yaml"), """
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Cluster
                metadata: {name: demo}
                spec:
                  kubernetesVersion: v1.36.4
                  controlPlaneEndpoint: {host: api.demo.internal, port: 6443}
                  network: {podSubnets: [10.244.0.0/16]}
                  containerd: {version: 2.3.4}
                  registries: [{registry: docker.io, endpoints: [{url: "MIRROR", trust: private}]}]
                """.replace("MIRROR", mirror) + more);
        StringBuilder inventory =
                new StringBuilder("apiVersion: cluster.trimtab.dev/v1alpha1\nkind: Inventory\nspec:\n  nodes:\n");
        int i = 0;
        for (Map.Entry<String, FakeHost> host : hosts.entrySet()) {
            inventory.append("    - {name: " + host.getKey() + ", address: 192.168.16.20" + i++ + ", roles: ["
                    + (host.getKey().contains("master") ? "control-plane" : "worker")
                    + "], ssh: {user: ops, address: 127.0.0.1, port: "
                    + host.getValue().port() + ", hostKey: \""
                    + host.getValue().hostKey() + "\"}}\n");
        }
        Files.writeString(definition.resolve("inventory.yaml"), inventory);
    }

    private int join(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = Trimtab.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of("bootstrap", "join", "--verbose"));
        all.addAll(List.of("-f", folder.resolve("definition").toString()));
        all.addAll(List.of("--kubeconfig", folder.resolve("kubeconfig").toString()));
        all.addAll(List.of("--ssh-key", folder.resolve("key").toString()));
        all.addAll(List.of(words));
        int code = command.execute(all.toArray(String[]::new));
        told.add(out + "\n" + err);
        return code;
    }

    private String everything() {
        return out + "\n" + err;
    }

    private List<String> tokens() {
        return cluster.list(type("Secret"), Optional.of("kube-system"), "").stream()
                .map(secret -> secret.at("/metadata/name").asText())
                .filter(name -> name.startsWith("bootstrap-token-"))
                .toList();
    }

    private String given(String name, String pattern) {
        Matcher secret = Pattern.compile(pattern).matcher(host(name).machine().read("state/join"));
        assertThat(secret.find()).as("kubeadm was given it").isTrue();
        return secret.group(1);
    }

    // --- the first time, the second, and after changes ---

    @Test
    void firstRunJoinsSecondChangesNothingAndAChangedMirrorRestartsNothing() throws Exception {
        FakeHost host = host("k8s-node1");

        assertThat(join("k8s-node1", "--yes")).as(everything()).isZero();
        assertThat(out.toString()).containsPattern("k8s-node1 +joined +\\d+ +is a node, ready");
        assertThat(err.toString())
                .contains("facts:", "plan: absent; join", "prepare: /etc/containerd/config.toml", "token:", "seal:");
        assertThat(host.machine().calls()).contains("systemctl restart containerd");
        assertThat(tokens()).isEmpty();
        assertThat(host.isClean()).isTrue();

        host.forget();
        assertThat(join("k8s-node1", "--yes")).as(everything()).isZero();
        assertThat(out.toString()).containsPattern("k8s-node1 +unchanged +0 ");
        assertThat(host.machine().calls()).isEmpty();
        assertThat(host.lines()).noneMatch(JoinCommandTest::changes);

        define("https://mirror-b.internal", "");
        host.forget();
        assertThat(join("k8s-node1", "--yes")).as(everything()).isZero();
        assertThat(out.toString()).containsPattern("k8s-node1 +updated +1 ");
        assertThat(out.toString()).contains("containerd is not restarted");
        assertThat(host.machine().read("root/etc/containerd/certs.d/docker.io/hosts.toml"))
                .contains("mirror-b.internal");
        assertThat(host.machine().calls()).noneMatch(call -> call.startsWith("systemctl restart"));
        assertThat(host.machine().calls()).noneMatch(call -> call.startsWith("kubeadm"));

        define("https://mirror-b.internal", "  images: {sandbox: \"registry.k8s.io/pause:3.10.1\"}\n");
        host.forget();
        assertThat(join("k8s-node1", "--yes")).as(everything()).isZero();
        assertThat(out.toString()).contains("containerd is restarted once");
        assertThat(host.machine().calls().stream().filter("systemctl restart containerd"::equals))
                .hasSize(1);
    }

    @Test
    void aKubeletConfWithAnotherCaIsRefusedWithBothHashes() throws Exception {
        String other = Authorities.create();
        host("k8s-node1").machine().write("root/etc/kubernetes/kubelet.conf", Authorities.kubeletConf(other));

        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.REFUSED);

        assertThat(out.toString())
                .contains(
                        "JOI008",
                        Authority.hashes(ca).get(0),
                        Authority.hashes(other).get(0));
        assertThat(host("k8s-node1").lines()).noneMatch(JoinCommandTest::changes);
        assertThat(tokens()).isEmpty();
    }

    @Test
    void anUnreachableHostDoesNotKeepOthersFromJoining() throws Exception {
        host("k8s-node1").close();

        assertThat(join("k8s-node1", "k8s-node2", "--yes")).isEqualTo(ExitCode.ERROR);

        assertThat(out.toString())
                .containsPattern("k8s-node1 +failed +0 +JOI001")
                .containsPattern("k8s-node2 +joined ");
    }

    // --- what verify.sh says is kept with the node ---

    @Test
    void theReportOfAJoinAndThatOfAPersonAreKeptWithTheNode() throws Exception {
        assertThat(join("k8s-node1", "--yes")).as(everything()).isZero();
        assertThat(err.toString()).containsPattern("k8s-node1: report: verify.sh: (\\d+) of \\1 checks are well");
        NodeReport kept = NodeReport.parse(node("k8s-node1")
                        .at("/metadata/annotations")
                        .path(NodeReport.ANNOTATION)
                        .asText())
                .orElseThrow();
        assertThat(kept.failures()).isZero();
        assertThat(kept.checks()).isGreaterThan(10);

        // Somebody takes a file away; the next run finds what it cannot put right, and says so from inside, too.
        host("k8s-node1")
                .machine()
                .write("bin/timedatectl", "#!/bin/sh\necho no\n")
                .toFile()
                .setExecutable(true);
        host("k8s-node1").machine().root.resolve("etc/crictl.yaml").toFile().delete();
        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.ERROR);
        assertThat(NodeReport.parse(node("k8s-node1")
                                .at("/metadata/annotations")
                                .path(NodeReport.ANNOTATION)
                                .asText())
                        .orElseThrow()
                        .named())
                .containsExactly("clock is not synchronised; certificates and tokens depend on it");

        Path file = Files.writeString(
                folder.resolve("report"),
                "verify  k8s-node1 2026-03-01T12:00:00Z\nok  a\nk8s-node1 is as it should be\n");
        assertThat(bootstrap("verify-report", "k8s-node1", file.toString()))
                .as(everything())
                .isZero();
        assertThat(out.toString()).contains("kept with Node k8s-node1: 2026-03-01T12:00:00Z, 0 of 1 checks failed");
        assertThat(node("k8s-node1")
                        .at("/metadata/annotations")
                        .path(NodeReport.ANNOTATION)
                        .asText())
                .contains("\"at\":\"2026-03-01T12:00:00Z\"");
        assertThat(bootstrap("verify-report", "k8s-node2", file.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString())
                .contains("no report of k8s-node2: it is that of k8s-node1", "sudo sh verify.sh > report");
        Files.writeString(file, Files.readString(file).replace("k8s-node1", "k8s-node9"));
        assertThat(bootstrap("verify-report", "k8s-node9", file.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("the cluster has no node k8s-node9");
    }

    private int bootstrap(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = Trimtab.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of("bootstrap"));
        all.addAll(List.of(words));
        all.addAll(List.of("--kubeconfig", folder.resolve("kubeconfig").toString()));
        return command.execute(all.toArray(String[]::new));
    }

    @Test
    void aPatchThatPreparingRemovesIsInThePlan() {
        FakeHost host = host("k8s-node1");
        host.machine().write("root/etc/kubernetes/trimtab/patches/kubeletconfiguration.yaml", "maxPods: 50\n");

        assertThat(join("k8s-node1")).as(everything()).isZero();
        assertThat(out.toString())
                .containsPattern(
                        "file +/etc/kubernetes/trimtab/patches/kubeletconfiguration.yaml [0-9a-f]{12} -> none");
        assertThat(join("k8s-node1", "--yes")).as(everything()).isZero();

        assertThat(err.toString())
                .contains("prepare: removed /etc/kubernetes/trimtab/patches/kubeletconfiguration.yaml");
        assertThat(join("k8s-node1")).as(everything()).isZero();
        assertThat(out.toString()).contains("k8s-node1: joined, nothing");
    }

    // --- labels and taints, before any pod comes ---

    private static final String REGISTRATION = "trimtab.dev/uninitialized";

    @Test
    void aNodeRegistersWithATaintThatGoesOnceItsLabelsAndTaintsAreOn() throws Exception {
        furnish("k8s-node1", "labels: {pool: a}, taints: [{key: pool, value: gpu, effect: NoSchedule}]");

        assertThat(join("k8s-node1", "--yes", "--sync", "demo"))
                .as(everything())
                .isZero();

        assertThat(host("k8s-node1").machine().read("state/join"))
                .contains(REGISTRATION)
                .containsPattern("key: \"?pool\"?\\s");
        assertThat(err.toString())
                .contains("k8s-node1: metadata: metadata, taints: as Git says, in the name of sync demo");
        JsonNode node = node("k8s-node1");
        assertThat(node.at("/metadata/labels/pool").asText()).isEqualTo("a");
        assertThat(node.at("/metadata/annotations")
                        .path("trimtab.dev/owned-taints")
                        .asText())
                .isEqualTo("pool:NoSchedule");
        assertThat(taints("k8s-node1")).containsExactly("pool");

        assertThat(join("k8s-node1", "--yes")).as(everything()).isZero();
        assertThat(out.toString()).as("a second run").containsPattern("k8s-node1 +unchanged +0 ");
    }

    @Test
    void theSyncIsTheOneThatKeepsOtherNodesOfTheInventory() throws Exception {
        furnish("k8s-node1", "labels: {pool: a}");
        register("k8s-node2", "192.168.16.203");
        keptBy("k8s-node2", "trimtab-shop");

        assertThat(join("k8s-node1")).as(everything()).isZero();
        assertThat(out.toString()).contains("brought to the node in the name of sync shop");
        assertThat(join("k8s-node1", "--yes")).as(everything()).isZero();

        assertThat(ManagedFields.ownedBy(node("k8s-node1").path("metadata"), "trimtab-shop"))
                .isPresent();
        assertThat(taints("k8s-node1")).isEmpty();

        keptBy("k8s-node2", "trimtab-other");
        assertThat(join("k8s-node2")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("several syncs: other, shop", "--sync");
    }

    @Test
    void whereNobodyWouldTakeTheTaintAwayNoneIsGiven() throws Exception {
        furnish("k8s-node1", "labels: {pool: a}");

        assertThat(join("k8s-node1", "--yes")).as(everything()).isZero();

        assertThat(host("k8s-node1").machine().read("state/join")).doesNotContain(REGISTRATION);
        assertThat(err.toString()).contains("k8s-node1: metadata: no sync is known");
        assertThat(node("k8s-node1").at("/metadata/labels").has("pool"))
                .as("a sync that comes later finds the node free")
                .isFalse();

        Path file = folder.resolve("definition/cluster.yaml");
        Files.writeString(file, Files.readString(file) + "  policy: {taints: observe}\n");
        assertThat(join("k8s-node2", "--yes", "--sync", "demo"))
                .as(everything())
                .isZero();
        assertThat(host("k8s-node2").machine().read("state/join")).doesNotContain(REGISTRATION);
    }

    @Test
    void aJoinThatEndsBeforeTheLabelsLeavesTheTaintAndTheNextRunGoesOn() throws Exception {
        furnish("k8s-node1", "labels: {pool: a}");
        sandbox.faults().on("patch", "nodes").inject(Fault.answer(403, "Forbidden", "no"));
        assertThat(join("k8s-node1", "--yes", "--sync", "demo")).isEqualTo(ExitCode.ERROR);
        assertThat(out.toString())
                .containsPattern("k8s-node1 +failed .*JOI018: k8s-node1 is a node, but could not be written");
        assertThat(taints("k8s-node1")).containsExactly(REGISTRATION);
        assertThat(tokens()).isEmpty();
        sandbox.faults().clear();

        assertThat(join("k8s-node1", "--yes")).as("without a known sync").isEqualTo(ExitCode.ERROR);
        assertThat(out.toString()).contains("JOI018", "--sync");
        host("k8s-node1").forget();
        assertThat(join("k8s-node1", "--yes", "--sync", "demo"))
                .as(everything())
                .isZero();

        assertThat(out.toString())
                .contains("k8s-node1: joined, finish", "an earlier join did not come to its end")
                .containsPattern("k8s-node1 +updated +1 +its labels and taints are on");
        assertThat(taints("k8s-node1")).isEmpty();
        assertThat(node("k8s-node1").at("/metadata/labels/pool").asText()).isEqualTo("a");
        assertThat(host("k8s-node1").machine().calls())
                .as("nothing is done to the machine")
                .isEmpty();
    }

    private void furnish(String node, String more) throws Exception {
        Path inventory = folder.resolve("definition/inventory.yaml");
        Files.writeString(
                inventory,
                Files.readString(inventory).replace("{name: " + node + ",", "{name: " + node + ", " + more + ","));
    }

    private void keptBy(String node, String manager) {
        cluster.apply(
                type("Node"),
                Written.object(
                        "{apiVersion: v1, kind: Node, metadata: {name: " + node + ", labels: {" + manager + ": a}}}"),
                new ApplyOptions(manager, true, false));
    }

    private JsonNode node(String name) {
        return cluster.get(type("Node"), Optional.empty(), name).orElseThrow();
    }

    private List<String> taints(String node) {
        List<String> keys = new ArrayList<>();
        node(node)
                .at("/spec/taints")
                .forEach(taint -> keys.add(taint.path("key").asText()));
        return keys;
    }

    // --- looking, and approving what was seen ---

    @Test
    void withoutApprovalItOnlyLooksAndAPlanIsCarriedOutOnlyAsItWasShown() {
        assertThat(join("k8s-node1")).as(everything()).isZero();

        assertThat(out.toString())
                .contains(
                        "k8s-node1: absent, join",
                        "/etc/crictl.yaml none -> ",
                        "command  sh /run/trimtab-join/prepare.sh")
                .contains("command  env CA_CERT_HASH=sha256:");
        assertThat(err.toString()).contains("nothing was changed");
        assertThat(host("k8s-node1").lines()).isNotEmpty().noneMatch(JoinCommandTest::changes);
        Matcher digest = Pattern.compile("plan +(sha256:[0-9a-f]{64})").matcher(out.toString());
        assertThat(digest.find()).isTrue();

        host("k8s-node1").machine().write("root/etc/crictl.yaml", "changed in between\n");
        assertThat(join("k8s-node1", "--plan", digest.group(1))).isEqualTo(ExitCode.REFUSED);
        assertThat(out.toString()).contains("JOI012");
        assertThat(host("k8s-node1").lines()).noneMatch(JoinCommandTest::changes);

        host("k8s-node1").machine().root.resolve("etc/crictl.yaml").toFile().delete();
        assertThat(join("k8s-node1", "--plan", digest.group(1)))
                .as(everything())
                .isZero();
        assertThat(out.toString()).containsPattern("k8s-node1 +joined ");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "k8s-node9 --yes             | the inventory has no node k8s-node9",
                "--yes                       | which machines?",
                "k8s-node1 --all             | which machines?",
                "k8s-node1 --yes --dry-run   | exclude each other",
                "k8s-node1 --plan sha256:12  | is not the digest of a plan",
                "k8s-node1 --parallel 0      | less than one machine",
            })
    void whatMakesNoSenseIsSaid(String words, String text) {
        assertThat(join(words.split(" +"))).isNotZero();
        assertThat(err.toString()).contains(text);
        assertThat(host("k8s-node1").lines()).isEmpty();
    }

    // --- what goes wrong ---

    @ParameterizedTest(name = "{1} at {0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "of=/run/trimtab-join/verify.sh | DROP | JOI001 | false",
                "prepare.sh                     | HANG | JOI005 | false",
                "uname                          | HANG | JOI005 | false",
                "of=/run/trimtab-join/token     | DROP | JOI001 | true",
                "sh /run/trimtab-join/join.sh   | DROP | JOI001 | true",
                "sh /run/trimtab-join/join.sh   | HANG | JOI005 | true",
            })
    void aFaultEndsThatMachineAndLeavesNoToken(String part, FakeHost.Fault fault, String code, boolean minted) {
        // Only the exact command: others name the file, too.
        host("k8s-node1").fault(part.equals("prepare.sh") ? "sh /run/trimtab-join/prepare.sh" : part, fault);

        assertThat(join("k8s-node1", "--yes", "--command-timeout", "3s")).isEqualTo(ExitCode.ERROR);

        assertThat(out.toString()).contains(code);
        assertThat(err.toString().contains("k8s-node1: token: ")).isEqualTo(minted);
        assertThat(tokens()).isEmpty();
        assertNoSecretWasTold();
    }

    @Test
    void aJoinThatFailsLeavesNoTokenAndTheNextRunAsksForAReset() {
        host("k8s-node1").kubeadmEndsWith(1);
        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.ERROR);
        assertThat(out.toString()).contains("JOI006: kubeadm join on k8s-node1 ended with 1", "--reset");
        assertThat(tokens()).isEmpty();
        assertThat(host("k8s-node1").isClean()).isTrue();

        host("k8s-node1").kubeadmEndsWith(0);
        host("k8s-node1").forget();
        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.REFUSED);
        assertThat(out.toString()).contains("JOI007", "half joined", "kubeadm reset");
        assertThat(host("k8s-node1").lines()).noneMatch(JoinCommandTest::changes);

        assertThat(join("k8s-node1", "--yes", "--reset")).as(everything()).isZero();
        assertThat(host("k8s-node1").lines()).contains("sudo -n -- kubeadm reset --force");
        assertThat(out.toString()).containsPattern("k8s-node1 +joined ");
        assertNoSecretWasTold();
    }

    @Test
    void aTokenThatCannotBeDeletedIsTheWorstAndIsNamed() {
        sandbox.faults().on("delete", "secrets").inject(Fault.answer(403, "Forbidden", "no"));

        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.ERROR);

        assertThat(out.toString())
                .containsPattern("k8s-node1 +failed .*JOI017: k8s-node1 has joined, but Secret"
                        + " kube-system/bootstrap-token-[a-z0-9]{6} could not be deleted");
        assertNoSecretWasTold();
    }

    @Test
    void aHostKeyThatIsNotPinnedIsRefusedWithBothFingerprintsAndGetsNoLogin() throws Exception {
        Path inventory = folder.resolve("definition/inventory.yaml");
        Files.writeString(
                inventory,
                Files.readString(inventory)
                        .replace(host("k8s-node1").hostKey(), host("k8s-node2").hostKey()));

        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.REFUSED);

        assertThat(out.toString())
                .containsPattern("JOI002.*shows the host key SHA256:\\S+, the inventory pins SHA256:");
        assertThat(host("k8s-node1").lines()).isEmpty();
    }

    @Test
    void aMissingHostKeyIsNotTakenOnTrust() throws Exception {
        Path inventory = folder.resolve("definition/inventory.yaml");
        Files.writeString(
                inventory,
                Files.readString(inventory)
                        .replace(", hostKey: \"" + host("k8s-node1").hostKey() + "\"", ""));

        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.ERROR);

        assertThat(out.toString()).contains("JOI003", "inventory.yaml:", "has no ssh.hostKey");
        assertThat(host("k8s-node1").lines()).isEmpty();
    }

    @Test
    void aLoginThatIsNotLetInIsSaid() throws Exception {
        KeyPair stranger = KeyUtils.generateKeyPair("ssh-ed25519", 256);
        try (var key = Files.newOutputStream(folder.resolve("stranger"))) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(stranger, "x", null, key);
        }

        Files.move(folder.resolve("stranger"), folder.resolve("key"), StandardCopyOption.REPLACE_EXISTING);

        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.ERROR);
        assertThat(out.toString()).contains("JOI004", "refuses the login of ops");
    }

    @Test
    void aMachineThatTookTheNameOfANodeIsRefused() {
        register("k8s-node1", "192.168.16.202");
        host("k8s-node1").machine().write("root/etc/machine-id", "somebody-else\n");
        host("k8s-node1").machine().write("root/etc/kubernetes/kubelet.conf", Authorities.kubeletConf(ca));

        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.REFUSED);

        assertThat(out.toString()).contains("JOI010", "192.168.16.202-id", "somebody-else");
    }

    @Test
    void twoCopiesOfOneMachineDoNotBothJoin() {
        host("k8s-node2").machine().write("root/etc/machine-id", "192.168.16.202-id\n");

        assertThat(join("k8s-node1", "k8s-node2", "--yes")).isEqualTo(ExitCode.REFUSED);

        assertThat(out.toString())
                .containsPattern("k8s-node1 +joined ")
                .containsPattern("k8s-node2 +refused .*JOI010: k8s-node2 has the machine-id of k8s-node1");
    }

    @Test
    void aClockThatIsOffIsRefusedBeforeAnythingIsDone() {
        host("k8s-node1").clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-10)));

        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.REFUSED);

        assertThat(out.toString()).containsPattern("JOI011: the clock of k8s-node1 is off by (599|600|601) s");
        assertThat(host("k8s-node1").lines()).noneMatch(JoinCommandTest::changes);
    }

    @Test
    void aNodeThatDoesNotBecomeReadyIsToldWithItsReason() {
        ready = "'False', reason: KubeletNotReady, message: cni plugin not initialized";

        assertThat(join("k8s-node1", "--yes", "--timeout", "1s")).isEqualTo(ExitCode.ERROR);

        assertThat(out.toString()).contains("JOI013", "cni plugin not initialized");
        assertThat(tokens()).isEmpty();
    }

    @Test
    void aClusterThatDoesNotAnswerNamesTheWayToBeginOne() throws Exception {
        sandbox.close();

        assertThat(join("k8s-master", "--yes", "--request-timeout", "1")).isEqualTo(ExitCode.ERROR);

        assertThat(err.toString())
                .contains("the cluster does not answer", "--node k8s-master", "prepare.sh")
                .contains("kubeadm init --config kubeadm-init.yaml");
    }

    // --- secrets and control planes ---

    @Test
    void aControlPlaneGetsTheCertificatesFromAnotherOneAndNoSecretIsToldAnywhere() {
        host("k8s-master").machine().write("root/etc/kubernetes/kubelet.conf", Authorities.kubeletConf(ca));
        register("k8s-master", "192.168.16.200");

        assertThat(join("k8s-node1", "k8s-master2", "--yes")).as(everything()).isZero();

        assertThat(host("k8s-master").lines())
                .anyMatch(
                        line -> line.startsWith("sudo -n -- kubeadm init phase upload-certs --upload-certs --config"));
        assertThat(host("k8s-master").isClean()).isTrue();
        String key = given("k8s-master2", "certificateKey: \"?([0-9a-f]{64})");
        assertThat(told.toString()).doesNotContain(key);
        assertThat(err.toString().indexOf("k8s-master2: report"))
                .as("control planes first")
                .isBetween(0, err.toString().indexOf("k8s-node1: token"));
        Stream.of("k8s-master", "k8s-master2")
                .forEach(name -> assertThat(host(name).lines()).noneMatch(line -> line.contains(key)));
        assertNoSecretWasTold();
    }

    @Test
    void withoutAnotherControlPlaneNoneCanJoin() {
        assertThat(join("k8s-master", "--yes")).isEqualTo(ExitCode.ERROR);

        assertThat(out.toString()).contains("JOI016", "begins the cluster with kubeadm init");
        assertThat(tokens()).isEmpty();
    }

    /** Neither to people nor in the words of any command, whole or in part. */
    private void assertNoSecretWasTold() {
        Pattern token = Pattern.compile("token: \"?([a-z0-9]{6}\\.[a-z0-9]{16})");
        hosts.forEach((name, host) -> {
            if (host.machine().has("state/join")) {
                Matcher found = token.matcher(host.machine().read("state/join"));
                assertThat(found.find()).isTrue();
                String secret = found.group(1).substring(7);
                assertThat(told.toString()).doesNotContain(secret);
                assertThat(host.lines()).noneMatch(line -> line.contains(secret));
                assertThat(host.machine().calls()).noneMatch(call -> call.contains(secret));
            }
        });
        assertThat(told.toString()).doesNotContainPattern("[a-z0-9]{6}\\.[a-z0-9]{16}(?![a-z0-9])");
    }

    private static boolean changes(String line) {
        return line.matches("sudo -n -- (mkdir|install|dd|env|sh|rm|shred|kubeadm|crictl) .*");
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
