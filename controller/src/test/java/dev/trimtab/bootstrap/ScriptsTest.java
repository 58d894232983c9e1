package dev.trimtab.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.trimtab.definition.Definition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts, run by a shell on a folder that passes for a machine. */
class ScriptsTest {

    private static final String TOKEN = "a1b2c3." + "0a1b2c3d4e5f6a7b";

    @TempDir
    private Path folder;

    private Machine machine;

    @BeforeEach
    void boot() {
        assumeTrue(onPath("sh") && onPath("sha256sum"), "sh or sha256sum is not on the PATH");
        machine = new Machine(folder);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"prepare.sh", "join.sh", "verify.sh"})
    void shellcheckFindsNothing(String script) throws IOException, InterruptedException {
        assumeTrue(onPath("shellcheck"), "shellcheck is not on the PATH");
        for (Definition definition : List.of(Clusters.article(), Clusters.dualStack())) {
            for (String node : Bootstrap.nodeNames(definition)) {
                Path file = machine.write(
                        node + script, node(definition, node).files().getOrDefault(script, ""));
                Process process = new ProcessBuilder("shellcheck", "--shell=sh", file.toString())
                        .redirectErrorStream(true)
                        .start();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(process.waitFor()).as(output).isZero();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"k8s-master", "k8s-node1"})
    void aSecondRunChangesNothingAndRestartsNothing(String name) {
        FileTree node = node(Clusters.article(), name);

        Machine.Run first = machine.run(node, "prepare.sh", Map.of());

        assertThat(first.status()).as(first.output()).isZero();
        assertThat(machine.calls())
                .contains(
                        "systemctl restart containerd",
                        "systemctl restart chrony",
                        "swapoff -a",
                        "modprobe br_netfilter")
                .contains("apt-mark hold kubelet", "systemctl enable kubelet")
                .anyMatch(call -> call.startsWith("apt-get install")
                        && call.endsWith("kubelet kubeadm kubectl containerd.io chrony"));
        SortedMap<String, String> before = machine.files();

        Machine.Run second = machine.run(node, "prepare.sh", Map.of());

        assertThat(second.status()).as(second.output()).isZero();
        assertThat(second.output()).contains("is prepared, 0 changes").doesNotContain("changed:");
        assertThat(machine.files()).isEqualTo(before);
        assertThat(machine.calls()).noneMatch(ScriptsTest::changes);
    }

    @Test
    void aMachineGetsEveryFileItsHostsAndNoSwap() {
        FileTree node = node(Clusters.article(), "k8s-node1");

        Machine.Run run = machine.run(node, "prepare.sh", Map.of());

        assertThat(run.status()).as(run.output()).isZero();
        node.files().forEach((path, text) -> {
            if (path.startsWith("etc/") && !path.endsWith(".sources")) {
                assertThat(machine.read("root/" + path)).as(path).isEqualTo(text);
            }
        });
        assertThat(machine.read("root/etc/apt/sources.list.d/docker.sources"))
                .contains("URIs: https://download.docker.com/linux/debian\nSuites: bookworm\n");
        assertThat(machine.read("root/etc/hosts"))
                .startsWith("127.0.0.1 localhost\n# BEGIN trimtab\n")
                .contains("192.168.16.201 k8s-node1\n");
        assertThat(machine.read("root/etc/fstab"))
                .isEqualTo("# swap was here\nUUID=1 / ext4 defaults 0 1\n#UUID=2 none swap sw 0 0\n");
        assertThat(machine.read("root/proc/swaps").lines()).hasSize(1);
    }

    /** @param written the file before, with {@code \\n} and {@code \\r} for ends of lines */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "ends with a newline, 127.0.0.1 localhost\\n, 127.0.0.1 localhost\\n",
                "has no final newline, 127.0.0.1 localhost, 127.0.0.1 localhost\\n",
                "is empty, ``, ``",
                "has CRLF, 127.0.0.1 localhost\\r\\n, 127.0.0.1 localhost\\r\\n",
                "has an older block, 1.1.1.1 a\\n# BEGIN trimtab\\n9.9.9.9 old\\n# END trimtab\\n, 1.1.1.1 a\\n",
                "has a block without a final newline, 1.1.1.1 a\\n# BEGIN trimtab\\n9.9.9.9 old\\n# END trimtab, 1.1.1.1 a\\n",
                "has a block with CRLF, 1.1.1.1 a\\n# BEGIN trimtab\\r\\n9.9.9.9 old\\r\\n# END trimtab\\r\\n, 1.1.1.1 a\\n",
                "has lines after its block and no final newline, # BEGIN trimtab\\n# END trimtab\\n2.2.2.2 b, 2.2.2.2 b\\n",
            })
    void theHostsFileGetsOneBlockWhatever(String has, String written, String kept) {
        FileTree node = node(Clusters.article(), "k8s-node1");
        String block = node.files().get("hosts.block");
        machine.write("root/etc/hosts", lines(written));

        Machine.Run first = machine.run(node, "prepare.sh", Map.of());

        assertThat(first.status()).as(first.output()).isZero();
        assertThat(machine.read("root/etc/hosts")).isEqualTo(lines(kept) + block);
        SortedMap<String, String> before = machine.files();
        assertThat(machine.run(node, "prepare.sh", Map.of()).output()).contains("0 changes");
        assertThat(machine.files()).isEqualTo(before);
    }

    private static String lines(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n");
    }

    @Test
    void aBlockWithoutAnEndIsForAPerson() {
        machine.write("root/etc/hosts", "# BEGIN trimtab\n9.9.9.9 old\n2.2.2.2 somebody\n");

        Machine.Run run = machine.run(node(Clusters.article(), "k8s-node1"), "prepare.sh", Map.of());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("no \"# END trimtab\" after it");
        assertThat(machine.read("root/etc/hosts")).contains("2.2.2.2 somebody");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "UUID=2 none swap sw 0 0, #UUID=2 none swap sw 0 0",
        "/swapfile swap swap defaults 0 0, #/swapfile swap swap defaults 0 0",
        "UUID=2 none swap, #UUID=2 none swap",
        "UUID=1 /swap ext4 defaults 0 1, UUID=1 /swap ext4 defaults 0 1",
        "#UUID=2 none swap sw 0 0, #UUID=2 none swap sw 0 0",
    })
    void swapLeavesFstabAlsoWhereItsLastLineHasNoEnd(String line, String after) {
        for (String end : List.of("\n", "")) {
            machine.write("root/etc/fstab", "UUID=1 / ext4 defaults 0 1\n" + line + end);
            for (int run = 0; run < 2; run++) {
                assertThat(machine.run(node(Clusters.article(), "k8s-node1"), "prepare.sh", Map.of())
                                .status())
                        .isZero();
                assertThat(machine.read("root/etc/fstab")).isEqualTo("UUID=1 / ext4 defaults 0 1\n" + after + end);
            }
        }
    }

    @Test
    void anotherMirrorIsWrittenWithoutARestartAndOneThatLeftIsRemoved() {
        machine.run(node(Clusters.article(), "k8s-node1"), "prepare.sh", Map.of());
        machine.write("root/etc/containerd/certs.d/own.example/hosts.toml", "server = \"https://own.example\"\n");
        Definition changed = Clusters.definition(
                """
                  controlPlaneEndpoint: {host: 192.168.16.200, port: 6443}
                  network: {podSubnets: [10.244.0.0/16]}
                  images: {repository: registry.aliyuncs.com/google_containers}
                  registries: [{registry: docker.io, endpoints: [{url: "https://other.internal", trust: private}]}]
                  containerd: {version: 2.3.4}
                  time: {pools: [cn.pool.ntp.org]}
                """,
                Clusters.NODES,
                "apiVersion: cluster.trimtab.dev/v1alpha1\nkind: Flannel\nspec: {version: v0.28.9}\n");

        Machine.Run run = machine.run(node(changed, "k8s-node1"), "prepare.sh", Map.of());

        assertThat(run.status()).as(run.output()).isZero();
        assertThat(machine.read("root/etc/containerd/certs.d/docker.io/hosts.toml"))
                .contains("other.internal");
        assertThat(machine.has("root/etc/containerd/certs.d/_default/hosts.toml"))
                .isFalse();
        assertThat(machine.has("root/etc/containerd/certs.d/own.example/hosts.toml"))
                .as("not ours")
                .isTrue();
        assertThat(machine.calls()).noneMatch(ScriptsTest::changes);
    }

    @Test
    void authoritiesAndPatchesAreInstalledOnceAndGoWithTheDefinition() {
        machine.write("state/packages", "containerd 1.7.28\n");
        machine.write("root/etc/containerd/certs.d/quay.io/own.crt", "somebody's\n");
        String patches = "root/etc/kubernetes/trimtab/patches/";
        String authority = "root/etc/containerd/certs.d/quay.io/ca-1.crt";
        FileTree node = node(Clusters.dualStack(), "c1");

        assertThat(machine.run(node, "prepare.sh", Map.of()).status()).isZero();
        assertThat(machine.read(authority)).contains("BEGIN CERTIFICATE");
        assertThat(machine.read(patches + "kube-apiserver0+json.yaml")).contains("audit-log-maxage");
        assertThat(machine.run(node, "prepare.sh", Map.of()).output()).contains("is prepared, 0 changes");
        assertThat(machine.run(node, "verify.sh", Map.of()).output())
                .contains(
                        "ok      /etc/containerd/certs.d/quay.io/ca-1.crt",
                        "ok      /etc/kubernetes/trimtab/patches/kubeletconfiguration.yaml");

        SortedMap<String, String> fewer = new TreeMap<>(node.files());
        fewer.keySet().removeIf(path -> path.contains("quay.io") || path.endsWith("kube-apiserver0+json.yaml"));
        fewer.remove("manifest.sha256");
        Machine.Run run = machine.run(new FileTree(fewer).withManifest(), "prepare.sh", Map.of());

        assertThat(run.status()).as(run.output()).isZero();
        assertThat(run.output()).contains("removed /etc/containerd/certs.d/quay.io/ca-1.crt", "is prepared, 3 changes");
        assertThat(machine.has(authority)).isFalse();
        assertThat(machine.has(patches + "kube-apiserver0+json.yaml")).isFalse();
        assertThat(machine.has(patches + "kubeletconfiguration.yaml")).isTrue();
        assertThat(machine.has("root/etc/containerd/certs.d/quay.io/own.crt"))
                .as("not ours")
                .isTrue();
    }

    @Test
    void ufwIsOpenedOnceForWhatComesIn() {
        machine.write("state/packages", "containerd 1.7.28\n");
        FileTree node = node(Clusters.dualStack(), "c1");

        assertThat(machine.run(node, "prepare.sh", Map.of()).status()).isZero();
        assertThat(machine.calls()).contains("ufw allow 6443/tcp", "ufw allow 30000:32767/tcp", "ufw allow 51820/udp");
        assertThat(machine.run(node, "prepare.sh", Map.of()).status()).isZero();
        assertThat(machine.calls()).noneMatch(call -> call.startsWith("ufw allow"));
    }

    @Test
    void anotherContainerRuntimeStopsBeforeAnythingIsDone() {
        machine.write("state/packages", "docker.io 20.10\nrunc 1.1\n");
        SortedMap<String, String> before = machine.files();

        Machine.Run run = machine.run(node(Clusters.article(), "k8s-node1"), "prepare.sh", Map.of());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("remove these packages first", "docker.io runc");
        assertThat(machine.files()).isEqualTo(before);
        assertThat(machine.calls()).noneMatch(ScriptsTest::changes);
    }

    @Test
    void aNodeOfAClusterIsNotUpgradedInPassing() {
        machine.write("state/packages", "kubelet 1.35.8-1.1\n");
        machine.write("root/etc/kubernetes/kubelet.conf", "apiVersion: v1\n");

        Machine.Run run = machine.run(node(Clusters.article(), "k8s-node1"), "prepare.sh", Map.of());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("runs kubelet 1.35.8-1.1, not 1.36.4", "kubeadm upgrade");
        assertThat(machine.calls()).noneMatch(ScriptsTest::changes);
    }

    @Test
    void aFolderThatWasCutShortIsRefused() {
        SortedMap<String, String> files =
                new TreeMap<>(node(Clusters.article(), "k8s-node1").files());
        files.put("etc/crictl.yaml", "runtime-endpoint: unix");

        Machine.Run run = machine.run(new FileTree(files), "prepare.sh", Map.of());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("not as they were rendered");
        assertThat(machine.calls()).noneMatch(ScriptsTest::changes);
    }

    @Test
    void aKeyWithAnotherFingerprintIsNotTrusted() {
        FileTree node = node(Clusters.definition("""
                          controlPlaneEndpoint: {host: api.demo.internal, port: 6443}
                          network: {podSubnets: [10.244.0.0/16]}
                          packages: {kubernetes: {keyFingerprint: DE15B14486CD377B9E876E1A234654DA9A296436}}
                        """, Clusters.NODES, "---\n"), "k8s-node1");

        Machine.Run run = machine.run(node, "prepare.sh", Map.of());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("fingerprint 0123456789ABCDEF, not DE15B14486CD377B9E876E1A234654DA9A296436");
        assertThat(machine.has("root/etc/apt/keyrings/kubernetes.asc")).isFalse();
    }

    @ParameterizedTest(name = "{0} joins, kubeadm ends with {1}")
    @CsvSource({"w1, 0", "w1, 1", "c2, 0"})
    void aJoinGivesKubeadmTheSecretsAndKeepsNone(String name, int kubeadm) {
        FileTree node = node(Clusters.dualStack(), name);
        machine.write("token", TOKEN + "\n");
        machine.write("key", "e".repeat(64) + "\n");

        Machine.Run run = machine.run(
                node,
                "join.sh",
                Map.of(
                        "TOKEN_FILE",
                        folder.resolve("token").toString(),
                        "CERTIFICATE_KEY_FILE",
                        folder.resolve("key").toString(),
                        "CA_CERT_HASH",
                        "sha256:" + "d".repeat(64),
                        "KUBEADM_EXIT",
                        String.valueOf(kubeadm)));

        assertThat(run.status()).as(run.output()).isEqualTo(kubeadm);
        var join = BootstrapTest.documents(machine.read("state/join")).get(0);
        assertThat(join.at("/discovery/bootstrapToken/token").asText()).isEqualTo(TOKEN);
        assertThat(join.at("/discovery/bootstrapToken/caCertHashes/0").asText()).isEqualTo("sha256:" + "d".repeat(64));
        assertThat(join.at("/controlPlane/certificateKey").asText(""))
                .isEqualTo(name.equals("c2") ? "e".repeat(64) : "");
        assertThat(machine.read("state/mode").strip()).isEqualTo("600");
        assertThat(run.output()).doesNotContain(TOKEN).doesNotContain("e".repeat(64));
        assertThat(machine.calls()).noneMatch(call -> call.contains(TOKEN));
        assertThat(folder.resolve("root/run").toFile().list())
                .as("the file is gone")
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "var/lib/kubelet/config.yaml, 4, kubeadm reset",
        "etc/kubernetes/bootstrap-kubelet.conf, 4, kubeadm reset",
        "var/lib/rancher/k3s/x, 5, another Kubernetes lives on this machine",
    })
    void aMachineThatIsNotFreeIsRefused(String file, int status, String text) {
        machine.write("root/" + file, "x\n");
        machine.write("token", TOKEN);

        Machine.Run run = machine.run(
                node(Clusters.article(), "k8s-node1"),
                "join.sh",
                Map.of("TOKEN_FILE", folder.resolve("token").toString(), "CA_CERT_HASH", "sha256:" + "d".repeat(64)));

        assertThat(run.status()).isEqualTo(status);
        assertThat(run.output()).contains(text);
        assertThat(machine.calls()).isEmpty();
    }

    @ParameterizedTest(name = "token \"{0}\", hash {1}")
    @CsvSource({
        "a1b2c3, sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd, holds no token",
        "x, md5:1, set CA_CERT_HASH",
        "x, '', set CA_CERT_HASH"
    })
    void whatIsNoTokenOrHashIsNotTried(String token, String hash, String text) {
        machine.write("token", token);

        Machine.Run run = machine.run(
                node(Clusters.article(), "k8s-node1"),
                "join.sh",
                Map.of("TOKEN_FILE", folder.resolve("token").toString(), "CA_CERT_HASH", hash));

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains(text);
        assertThat(machine.calls()).isEmpty();
    }

    @Test
    void aNodeThatHasJoinedIsLeftAloneAndOneOfAnotherClusterRefused() throws Exception {
        assumeTrue(onPath("openssl"), "openssl is not on the PATH");
        Path key = folder.resolve("ca.key");
        Path certificate = folder.resolve("ca.crt");
        shell("openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=kubernetes -keyout " + key + " -out " + certificate);
        String hash = shell("openssl x509 -pubkey -noout -in " + certificate
                        + " | openssl pkey -pubin -outform DER | openssl dgst -sha256 -r | cut -d ' ' -f 1")
                .strip();
        machine.write(
                "root/etc/kubernetes/kubelet.conf",
                "clusters:\n- cluster:\n    certificate-authority-data: "
                        + Base64.getEncoder().encodeToString(Files.readAllBytes(certificate)) + "\n");
        FileTree node = node(Clusters.article(), "k8s-node1");

        Machine.Run same = machine.run(node, "join.sh", Map.of("CA_CERT_HASH", "sha256:" + hash));
        assertThat(same.status()).as(same.output()).isZero();
        assertThat(same.output()).contains("has joined this cluster already");

        Machine.Run other = machine.run(node, "join.sh", Map.of("CA_CERT_HASH", "sha256:" + "d".repeat(64)));
        assertThat(other.status()).isEqualTo(3);
        assertThat(other.output()).contains(hash, "d".repeat(64));
        assertThat(machine.calls()).isEmpty();
    }

    @Test
    void verifyNamesEverythingThatIsMissing() {
        Machine.Run run = machine.run(node(Clusters.article(), "k8s-node1"), "verify.sh", Map.of());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output())
                .contains(
                        "FAILED  /etc/containerd/config.toml is missing",
                        "FAILED  /etc/containerd/certs.d/docker.io/ca-2.crt, the CA of a mirror, is missing",
                        "FAILED  module br_netfilter is not loaded",
                        "FAILED  number of swap areas is 1, not 0",
                        "FAILED  kubelet is missing, not 1.36.4",
                        "ok      module overlay",
                        "ok      containerd is 2.3.4");
        assertThat(machine.calls()).noneMatch(ScriptsTest::changes);

        machine.run(node(Clusters.article(), "k8s-node1"), "prepare.sh", Map.of());
        assertThat(machine.run(node(Clusters.article(), "k8s-node1"), "verify.sh", Map.of())
                        .output())
                .contains("ok      /etc/hosts", "ok      kubelet is 1.36.4", "ok      number of swap areas is 0")
                .contains("ok      /etc/apt/sources.list.d/docker.sources");
    }

    /** Whether a call does anything, rather than ask. */
    private static boolean changes(String call) {
        return call.matches("(apt-get|modprobe|swapoff|curl|kubeadm|ufw allow|apt-mark hold).*")
                || call.matches("systemctl (restart|enable|mask|start|stop).*")
                || call.startsWith("sysctl -q");
    }

    private static FileTree node(Definition definition, String name) {
        return Bootstrap.render(definition).below("nodes/" + name);
    }

    private static String shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command + " 2>/dev/null").start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command).isZero();
        return output;
    }

    static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
