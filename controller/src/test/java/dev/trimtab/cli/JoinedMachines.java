package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.join.Authorities;
import dev.trimtab.join.FakeHost;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.render.Written;
import dev.trimtab.sandbox.Sandbox;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
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
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Machines behind SSH servers and a cluster, and {@code trimtab bootstrap join} between them. */
abstract class JoinedMachines {

    static final String MIRROR = "https://mirror-a.internal";

    @TempDir
    Path folder;

    final StringWriter out = new StringWriter();

    final StringWriter err = new StringWriter();

    final Map<String, FakeHost> hosts = new TreeMap<>();

    final List<String> told = new ArrayList<>();

    Sandbox sandbox;

    ClusterClient cluster;

    String ca;

    String ready = "'True', reason: KubeletReady";

    @BeforeEach
    void begin() throws Exception {
        assumeTrue(Stream.of("sh", "sha256sum").allMatch(JoinedMachines::onPath), "sh or sha256sum is not on the PATH");
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

    FakeHost host(String name) {
        return Objects.requireNonNull(hosts.get(name), name);
    }

    ResourceType type(String kind) {
        return cluster.resource("v1", kind).orElseThrow();
    }

    /** What a kubelet does with its Node object, and the controllers with it. */
    void register(String name, String address) {
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

    void define(String mirror, String more) throws Exception {
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

    int join(String... words) {
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

    String everything() {
        return out + "\n" + err;
    }

    List<String> tokens() {
        return cluster.list(type("Secret"), Optional.of("kube-system"), "").stream()
                .map(secret -> secret.at("/metadata/name").asText())
                .filter(name -> name.startsWith("bootstrap-token-"))
                .toList();
    }

    String given(String name, String pattern) {
        Matcher secret = Pattern.compile(pattern).matcher(host(name).machine().read("state/join"));
        assertThat(secret.find()).as("kubeadm was given it").isTrue();
        return secret.group(1);
    }

    int bootstrap(String... words) {
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

    static boolean changes(String line) {
        return line.matches("sudo -n -- (mkdir|install|dd|env|sh|rm|shred|kubeadm|crictl) .*");
    }

    static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
