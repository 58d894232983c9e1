package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code trimtab bootstrap import} as a person runs it on what a hand-built cluster left. */
class ImportCommandTest {

    private static final String TOKEN = "q1w2e3.r4t5y6u7i8o9p0a1";
    private static final String KEY = "5a9d0f6e7c8b4a3d2e1f";
    private static final String ANONYMOUS = "bearer-77ffee55dd33";

    private static final String KUBEADM = """
            apiVersion: kubeadm.k8s.io/v1beta3
            kind: InitConfiguration
            bootstrapTokens:
            - {token: %s, ttl: 24h0m0s}
            localAPIEndpoint: {advertiseAddress: 192.168.16.200, bindPort: 6443}
            nodeRegistration: {criSocket: "unix:///var/run/containerd/containerd.sock", name: node}
            ---
            apiVersion: kubeadm.k8s.io/v1beta3
            kind: ClusterConfiguration
            kubernetesVersion: 1.36.4
            clusterName: demo
            imageRepository: registry.aliyuncs.com/google_containers
            apiServer: {timeoutForControlPlane: 4m0s}
            networking: {dnsDomain: cluster.local, podSubnet: 10.244.0.0/16, serviceSubnet: 10.96.0.0/12}
            scheduler: {}
            ---
            apiVersion: kubelet.config.k8s.io/v1beta1
            kind: KubeletConfiguration
            cgroupDriver: systemd
            """.formatted(TOKEN);

    private static final String AGENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: kuboard-agent-25i3sy, namespace: kuboard, labels: {k8s.kuboard.cn/name: kuboard-agent-25i3sy}}
            spec:
              replicas: 1
              selector: {matchLabels: {k8s.kuboard.cn/name: kuboard-agent-25i3sy}}
              template:
                metadata: {labels: {k8s.kuboard.cn/name: kuboard-agent-25i3sy}}
                spec:
                  serviceAccount: kuboard-admin
                  containers:
                  - name: kuboard-agent
                    image: eipwork/kuboard-agent:v3
                    env:
                    - {name: KUBOARD_ENDPOINT, value: "http://192.168.16.200:8080"}
                    - {name: KUBOARD_AGENT_HOST, value: 192.168.16.200}
                    - {name: KUBOARD_AGENT_PORT, value: "10081"}
                    - {name: KUBOARD_AGENT_REMOTE_PORT, value: "35001"}
                    - {name: KUBOARD_AGENT_PROTOCOL, value: tcp}
                    - {name: KUBOARD_AGENT_PROXY, value: ""}
                    - {name: KUBOARD_K8S_CLUSTER_NAME, value: demo}
                    - {name: KUBOARD_AGENT_KEY, value: %s}
                    - {name: KUBERNETES_TOKEN_NAME, value: kuboard-admin}
                    - {name: KUBOARD_ANONYMOUS_TOKEN, value: %s}
            """.formatted(KEY, ANONYMOUS);

    @TempDir
    private Path folder;

    private Path target;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void choose() {
        target = folder.resolve("definition");
    }

    @Test
    void aKubeadmFileOfTheOldVersionBecomesADefinitionWithoutMistakes() throws IOException {
        int code = run(
                "bootstrap",
                "import",
                "kubeadm",
                write("kubeadm.yaml", KUBEADM),
                "--node-name",
                "k8s-master",
                "--out",
                target.toString());

        assertThat(code).as(told()).isZero();
        assertThat(written())
                .contains("kubernetesVersion: v1.36.4", "registry.aliyuncs.com/google_containers", "192.168.16.200")
                .contains("name: k8s-master")
                .doesNotContain(TOKEN);
        assertThat(told()).doesNotContain(TOKEN).contains("[IMP004]", "[CD012]", "timeoutForControlPlane");
        assertThat(run("validate", target.toString())).as(told()).isZero();
    }

    @Test
    void theNameThatKubeadmsExampleLeavesIsTold() throws IOException {
        run("bootstrap", "import", "kubeadm", write("kubeadm.yaml", KUBEADM), "--stdout");

        assertThat(told()).contains("[CD020]").doesNotContain(TOKEN);
    }

    @Test
    void anAgentsManifestsBecomeADocumentAndItsSecretsAFileThatOnlyItsOwnerReads() throws IOException {
        Path secrets = folder.resolve("secrets.yaml");

        int code = run(
                "bootstrap",
                "import",
                "kuboard-agent",
                write("agent.yaml", AGENT),
                "--secrets-file",
                secrets.toString(),
                "--out",
                target.toString());

        assertThat(code).as(told()).isZero();
        assertThat(written())
                .contains("kind: KuboardAgent", "nameSuffix: \"25i3sy\"", "remotePort: 35001", "keySecretRef")
                .doesNotContain(KEY, ANONYMOUS);
        assertThat(told()).doesNotContain(KEY, ANONYMOUS);
        assertThat(Files.readString(secrets)).contains("kind: Secret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
                .isEqualTo("rw-------");
    }

    @Test
    void withoutAPlaceForThemSecretsAreDroppedAndNamed() throws IOException {
        int code = run("bootstrap", "import", "kuboard-agent", write("agent.yaml", AGENT), "--stdout");

        assertThat(code).as(told()).isZero();
        assertThat(told())
                .doesNotContain(KEY, ANONYMOUS)
                .contains("left out: Secret kuboard/kuboard-agent key agentKey");
    }

    @Test
    void aSecretsFileInAGitWorkTreeIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("repo/.git"));

        int code = run(
                "bootstrap",
                "import",
                "kuboard-agent",
                write("agent.yaml", AGENT),
                "--secrets-file",
                folder.resolve("repo/secrets.yaml").toString(),
                "--stdout");

        assertThat(code).isNotZero();
        assertThat(folder.resolve("repo/secrets.yaml")).doesNotExist();
        assertThat(told()).doesNotContain(KEY, ANONYMOUS);
    }

    @Test
    void filesThatAreThereAndDifferAreNotOverwrittenUnlessAsked() throws IOException {
        Files.createDirectories(target);
        Files.writeString(target.resolve("cluster.yaml"), "mine\n");
        String file = write("kubeadm.yaml", KUBEADM);

        assertThat(run("bootstrap", "import", "kubeadm", file, "--node-name", "m", "--out", target.toString()))
                .isNotZero();
        assertThat(target.resolve("cluster.yaml")).hasContent("mine");

        assertThat(run(
                        "bootstrap",
                        "import",
                        "kubeadm",
                        file,
                        "--node-name",
                        "m",
                        "--out",
                        target.toString(),
                        "--force"))
                .as(told())
                .isZero();
        assertThat(Files.readString(target.resolve("cluster.yaml"))).contains("kind: Cluster");
    }

    private int run(String... arguments) {
        CommandLine command = Trimtab.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }

    private String told() {
        return out + "\n" + err;
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private String written() throws IOException {
        try (Stream<Path> files = Files.walk(target)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> {
                        try {
                            return Files.readString(file);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .collect(Collectors.joining("\n---\n"));
        }
    }
}
