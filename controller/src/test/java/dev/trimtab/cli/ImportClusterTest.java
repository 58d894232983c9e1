package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.CountingProxy;
import dev.trimtab.render.Written;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code trimtab bootstrap import cluster}: a cluster that was built by hand becomes a definition of itself. */
@Timeout(180)
class ImportClusterTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private Path target;
    private HandBuiltCluster cluster;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void build() throws IOException {
        target = folder.resolve("definition");
        cluster = new HandBuiltCluster(folder).withNodesAsKubeadmJoinsThem();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aRunningClusterBecomesADefinitionWithoutMistakes() {
        cluster.with("kubeadm.yaml", "flannel.yaml", "kuboard.yaml");

        assertThat(importCluster("--name", "demo")).as(told()).isZero();

        assertThat(document("cluster.yaml")).isEqualTo(Written.object("""
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Cluster
                metadata: {name: demo}
                spec:
                  kubernetesVersion: v1.36.0
                  controlPlaneEndpoint: {host: 192.168.0.10, port: 6443}
                  network: {podSubnets: [10.244.0.0/16]}
                  containerd: {version: 2.2.1}
                  kubeadm: {certSANs: [api.example.org]}
                """));
        assertThat(document("inventory/nodes.yaml")).isEqualTo(Written.object("""
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Inventory
                spec:
                  nodes:
                  - {name: k8s-master, address: 192.168.0.10, roles: [control-plane], kubeletVersion: v1.36.2}
                  - name: k8s-node1
                    address: 192.168.0.11
                    roles: [worker]
                    labels: {pool: gpu, topology.kubernetes.io/zone: a}
                    taints: [{key: pool, value: gpu, effect: NoSchedule}]
                    kubeletVersion: v1.36.2
                  - {name: k8s-node2, address: 192.168.0.12, roles: [worker], schedulable: false, kubeletVersion: v1.36.2}
                """));
        assertThat(document("addons/flannel.yaml")).isEqualTo(Written.object("""
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Flannel
                spec: {version: v0.27.4, backend: {type: vxlan}, selector: {k8s-app: flannel}}
                """));
        assertThat(document("addons/kuboard-agent.yaml").path("spec").path("keySecretRef"))
                .isEqualTo(Written.object("{name: kuboard-agent, key: agentKey}"));
        assertThat(codes())
                .as("the build of the API server, the cordon, the agents' old toleration and role, no place for pods")
                .containsExactlyInAnyOrder("IMP010", "IMP019", "IMP015", "CD077", "CD077", "CD035");
        assertNoSecretIn(told(), written());

        assertThat(run("validate", target.toString())).as(told()).isZero();
    }

    @Test
    void importingOnlyReadsAndNeitherSecretsNorKubelets() throws IOException {
        cluster.with("kubeadm.yaml", "flannel.yaml", "kuboard.yaml");
        try (CountingProxy wire = new CountingProxy(cluster.kubeconfig)) {
            Path counted = Files.writeString(folder.resolve("counted"), wire.kubeconfig());

            assertThat(run("bootstrap", "import", "cluster", "--stdout", "--kubeconfig", counted.toString()))
                    .as(told())
                    .isZero();

            assertThat(wire.requests())
                    .isNotEmpty()
                    .allMatch(request -> request.method().equals("GET"))
                    .noneMatch(request ->
                            request.path().contains("/proxy") || request.path().contains("/secrets"));
        }
    }

    @Test
    void theImportedDefinitionWantsOfTheSameClusterOnlyWhatIsAnnounced() throws IOException {
        cluster.with("kubeadm.yaml", "flannel.yaml");
        importCluster("--name", "demo");

        assertThat(run("plan", "-f", target.toString(), "-o", "json", "--kubeconfig", kubeconfig()))
                .as(told())
                .isZero();

        JsonNode plan = JSON.readTree(out.toString());
        assertThat(plan.path("result").asText()).as(told()).isEqualTo("changes");
        assertThat(plan.path("changes"))
                .allSatisfy(change -> assertThat(paths(change))
                        .as(change.toString())
                        .allMatch(path -> path.matches("metadata\\.labels\\[trimtab\\.dev/.*"
                                + "|metadata\\.annotations\\[(trimtab\\.dev/.*"
                                + "|kubectl\\.kubernetes\\.io/last-applied-configuration)]"
                                + "|template\\.metadata\\.annotations\\[trimtab\\.dev/flannel-conf]")));
        assertThat(plan.at("/nodes/changes"))
                .allSatisfy(change -> assertThat(paths(change))
                        .as(change.toString())
                        .allMatch(path -> path.equals("metadata.labels[node-role.kubernetes.io/worker]")
                                || path.equals("metadata.annotations[trimtab.dev/machine]")));

        assertThat(run("apply", "-f", target.toString(), "--yes", "--kubeconfig", kubeconfig()))
                .as(told())
                .isZero();
        assertThat(cluster.get("v1", "Node", "", "k8s-node1").at("/spec/taints").toString())
                .contains("node.kubernetes.io/not-ready", "\"pool\"");
        assertThat(cluster.get("v1", "Node", "", "k8s-node2")
                        .at("/spec/unschedulable")
                        .asBoolean())
                .isTrue();
        assertThat(run("plan", "-f", target.toString(), "--detailed-exitcode", "--kubeconfig", kubeconfig()))
                .as(told())
                .isZero();
    }

    @Test
    void secretsGoStraightIntoTheClusterAndNowhereElse() {
        cluster.with("kubeadm.yaml", "kuboard.yaml");

        assertThat(importCluster("--apply-secrets")).as(told()).isZero();

        assertThat(secretData("agentKey")).isEqualTo(HandBuiltCluster.SECRETS.get(0));
        assertThat(secretData("anonymousToken")).isEqualTo(HandBuiltCluster.SECRETS.get(1));
        assertNoSecretIn(told(), written());
        assertThat(told()).contains("applied Secret kuboard/kuboard-agent to cluster sandbox");

        JsonNode before = cluster.get("v1", "Secret", "kuboard", "kuboard-agent");
        assertThat(importCluster("--apply-secrets")).as(told()).isZero();
        assertThat(cluster.get("v1", "Secret", "kuboard", "kuboard-agent")).isEqualTo(before);
    }

    @Test
    void agentsThatHeldTheirSecretsInPlainGoOnWithReferences() {
        cluster.with("kubeadm.yaml", "kuboard.yaml");
        importCluster("--apply-secrets");

        assertThat(run("plan", "-f", target.toString(), "--kubeconfig", kubeconfig()))
                .as(told())
                .isZero();
        assertThat(told()).contains("env[KUBOARD_AGENT_KEY].valueFrom").doesNotContain("INCOMPLETE");
        assertNoSecretIn(told());

        assertThat(run("apply", "-f", target.toString(), "--yes", "--kubeconfig", kubeconfig()))
                .as(told())
                .isZero();
        JsonNode env = cluster.get("apps/v1", "Deployment", "kuboard", "kuboard-agent-25i3sy")
                .at("/spec/template/spec/containers/0/env");
        assertThat(env.toString())
                .contains("{\"name\":\"KUBOARD_AGENT_KEY\",\"valueFrom\":{\"secretKeyRef\":")
                .doesNotContain(HandBuiltCluster.SECRETS);
        assertThat(run("plan", "-f", target.toString(), "--detailed-exitcode", "--kubeconfig", kubeconfig()))
                .as(told())
                .isZero();
    }

    @Test
    void aSecretThatIsThereWithOtherValuesIsKeptAndNothingIsWritten() {
        cluster.with("kubeadm.yaml", "kuboard.yaml").create(HandBuiltCluster.json("""
                {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "kuboard-agent", "namespace": "kuboard"},
                 "data": {"agentKey": "b3RoZXI=", "anonymousToken": "b3RoZXI="}}
                """));

        assertThat(importCluster("--apply-secrets")).isEqualTo(ExitCode.ERROR);

        assertThat(secretData("agentKey")).isEqualTo("other");
        assertThat(told()).contains("Secret kuboard/kuboard-agent is there already with other values");
        assertNoSecretIn(told());
        assertThat(target).doesNotExist();
    }

    @Test
    void secretsOfAClusterGoIntoAFileForItsOwnerAlone() throws IOException {
        cluster.with("kubeadm.yaml", "kuboard.yaml");
        Path secrets = folder.resolve("secrets.yaml");

        assertThat(importCluster("--secrets-file", secrets.toString()))
                .as(told())
                .isZero();

        assertThat(Files.readString(secrets)).contains(HandBuiltCluster.SECRETS);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
                .isEqualTo("rw-------");
        assertNoSecretIn(told(), written());
        assertThat(cluster.get("v1", "Secret", "kuboard", "kuboard-agent").isMissingNode())
                .isTrue();
    }

    @Test
    void aClusterWithoutSecretsSaysSoWhenTheyAreAskedFor() {
        cluster.with("kubeadm.yaml", "flannel.yaml");

        assertThat(importCluster("--apply-secrets")).as(told()).isZero();

        assertThat(told()).contains("there is no secret to keep: the source holds none");
    }

    @Test
    void aClusterThatWasNotBuiltWithKubeadmIsImportedWithWhatIsMissingTold() {
        assertThat(importCluster()).as(told()).isZero();

        assertThat(told())
                .contains(
                        "ConfigMap kube-system/kubeadm-config: warning: it is not there",
                        "ConfigMap kube-system/kubelet-config: warning: it is not there",
                        "ConfigMap kube-system/kube-proxy: warning: it is not there",
                        "the DaemonSets: warning: none of them is a flannel",
                        "no podSubnet is written; flannel's usual 10.244.0.0/16 was taken");
        assertThat(target.resolve("addons")).doesNotExist();
        assertThat(document("inventory/nodes.yaml").at("/spec/nodes")).hasSize(3);
    }

    @ParameterizedTest(name = "{0} in {1} running {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "calico-node    | kube-system  | calico/node:v3.30    | the pod network is Calico, of which a definition knows nothing",
                "cilium         | kube-system  | cilium/cilium:v1.18  | the pod network is Cilium",
                "kube-flannel   | kube-system  | flannel/flannel:v0.26.1 | flannel does not run as DaemonSet kube-flannel/kube-flannel-ds",
            })
    void anotherPodNetworkIsTold(String name, String namespace, String image, String text) {
        cluster.with("kubeadm.yaml").create(daemonSet(name, namespace, image));

        assertThat(importCluster()).as(told()).isZero();

        assertThat(told()).contains("DaemonSet " + namespace + "/" + name + ": warning: " + text, "[IMP020]");
    }

    @Test
    void twoPodNetworksAreTold() {
        cluster.with("kubeadm.yaml", "flannel.yaml");
        cluster.create(daemonSet("kube-flannel-ds", "kube-system", "quay.io/coreos/flannel:v0.14.0"));
        cluster.create(daemonSet("calico-node", "kube-system", "calico/node:v3.30"));

        assertThat(importCluster()).as(told()).isZero();

        assertThat(told())
                .contains("flannel runs more than once: DaemonSet kube-flannel/kube-flannel-ds, DaemonSet"
                        + " kube-system/kube-flannel-ds; the first one was taken")
                .contains("Calico runs beside flannel: two pod networks fight");
        assertThat(document("addons/flannel.yaml").at("/spec/version").asText()).isEqualTo("v0.27.4");
    }

    @Test
    void whatMayNotBeReadIsToldAsSuch() throws IOException {
        cluster.with("kubeadm.yaml", "flannel.yaml", "kuboard.yaml");
        String reader = Files.writeString(folder.resolve("reader"), cluster.sandbox.kubeconfig(HandBuiltCluster.READER))
                .toString();

        assertThat(run("bootstrap", "import", "cluster", "--out", target.toString(), "--kubeconfig", reader))
                .isEqualTo(ExitCode.ERROR);
        assertThat(told()).contains("not allowed to list the nodes of cluster sandbox; nothing is imported");
        assertThat(target).doesNotExist();

        cluster.create(HandBuiltCluster.json("""
                {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "nodes"},
                 "rules": [{"apiGroups": [""], "resources": ["nodes"], "verbs": ["list"]}]}
                """));
        cluster.create(HandBuiltCluster.json("""
                {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "nodes"},
                 "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "nodes"},
                 "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "reader"}]}
                """));
        assertThat(run("bootstrap", "import", "cluster", "--out", target.toString(), "--kubeconfig", reader))
                .as(told())
                .isZero();
        assertThat(told())
                .contains(
                        "ConfigMap kube-system/kubeadm-config: warning: not allowed to read it",
                        "the DaemonSets: warning: not allowed to read them; nothing is known of the pod network",
                        "the Deployments in namespace kuboard: warning: not allowed to read them")
                .doesNotContain("none of them is a flannel");
    }

    @Test
    void anUnreachableClusterIsAnErrorThatNamesItAndWritesNothing() throws IOException {
        cluster.sandbox.close();

        assertThat(importCluster()).isEqualTo(ExitCode.ERROR);

        assertThat(told()).contains("does not answer");
        assertThat(target).doesNotExist();
    }

    @Test
    void aDefinitionThatIsThereAndDiffersIsKeptAndNoSecretIsApplied() throws IOException {
        cluster.with("kubeadm.yaml", "kuboard.yaml");
        Files.createDirectories(target);
        Files.writeString(target.resolve("cluster.yaml"), "mine\n");

        assertThat(importCluster("--apply-secrets")).isEqualTo(ExitCode.ERROR);

        assertThat(told()).contains("has cluster.yaml already; nothing is written");
        assertThat(written()).isEqualTo("mine\n");
        assertThat(cluster.get("v1", "Secret", "kuboard", "kuboard-agent").isMissingNode())
                .isTrue();
    }

    @Test
    void anEndpointWithoutTheServersPortIsCorrectedByWhoKnowsIt() {
        cluster.with("kubeadm.yaml", "kuboard.yaml");

        assertThat(importCluster("--published-web-port", "8081")).as(told()).isZero();

        assertThat(document("addons/kuboard-agent.yaml").at("/spec/endpoint").asText())
                .isEqualTo("http://192.168.16.200:8081");
        assertThat(told()).contains("[CD073]");
    }

    private static ObjectNode daemonSet(String name, String namespace, String image) {
        return HandBuiltCluster.json("""
                {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "%1$s", "namespace": "%2$s"},
                 "spec": {"selector": {"matchLabels": {"app": "%1$s"}}, "template": {
                   "metadata": {"labels": {"app": "%1$s"}},
                   "spec": {"containers": [{"name": "main", "image": "%3$s"}]}}}}
                """.formatted(name, namespace, image));
    }

    private static List<String> paths(JsonNode change) {
        List<String> paths = new ArrayList<>();
        change.path("fields").forEach(field -> paths.add(field.path("path").asText()));
        return paths;
    }

    private List<String> codes() {
        return err.toString()
                .lines()
                .filter(line -> line.matches(".*\\[[A-Z]+\\d{3}]$"))
                .map(line -> line.substring(line.lastIndexOf('[') + 1, line.length() - 1))
                .toList();
    }

    private static void assertNoSecretIn(String... texts) {
        for (String secret : HandBuiltCluster.SECRETS) {
            String encoded = Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
            assertThat(texts).noneMatch(text -> text.contains(secret) || text.contains(encoded));
        }
    }

    private String secretData(String key) {
        String data = cluster.get("v1", "Secret", "kuboard", "kuboard-agent")
                .path("data")
                .path(key)
                .asText();
        return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    }

    private int importCluster(String... options) {
        List<String> arguments = new ArrayList<>(List.of("bootstrap", "import", "cluster"));
        arguments.addAll(List.of("--out", target.toString(), "--kubeconfig", kubeconfig()));
        arguments.addAll(List.of(options));
        return run(arguments.toArray(String[]::new));
    }

    private String kubeconfig() {
        return cluster.kubeconfig.toString();
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = Trimtab.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }

    private String told() {
        return out + "\n" + err;
    }

    private JsonNode document(String file) {
        try {
            return Written.object(Files.readString(target.resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String written() {
        try (Stream<Path> files = Files.walk(target)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> {
                        try {
                            return Files.readString(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .collect(Collectors.joining("---\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
