package dev.trimtab.definition;

import static dev.trimtab.definition.RuleCases.cluster;
import static dev.trimtab.definition.RuleCases.flannel;
import static dev.trimtab.definition.RuleCases.kuboard;
import static dev.trimtab.definition.RuleCases.nodes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.definition.RuleCases.Case;
import dev.trimtab.definition.RuleCases.Edit;
import dev.trimtab.source.RepoPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule about a definition that needs no cluster: a definition that breaks it, where that is told, and one that does not. */
class RulesTest {

    private static final String HEAD = "apiVersion: cluster.trimtab.dev/v1alpha1\nkind: ";

    /** What every case begins with: nothing is wrong with it. */
    private static final Map<String, String> SOUND = Map.of(
            "cluster.yaml",
            HEAD + """
            Cluster
            metadata: {name: demo}
            spec:
              kubernetesVersion: v1.36.4
              controlPlaneEndpoint: {host: api.demo.internal, port: 6443}
              network:
                podSubnets: [10.244.0.0/16]
                serviceSubnets: [10.96.0.0/12]
                nodeCIDRMaskSizeIPv4: 24
                kubeProxyMode: iptables
              containerd: {version: 2.3.4}
            """,
            "nodes.yaml",
            HEAD + """
            Inventory
            spec:
              groups:
                - {name: gpu, labels: {pool: gpu}, taints: [{key: pool, value: gpu, effect: NoSchedule}]}
                - {name: edge, labels: {side: edge}}
              nodes:
                - {name: k8s-master, address: 192.168.16.200, roles: [control-plane]}
                - {name: k8s-node1, address: 192.168.16.201}
                - {name: k8s-node2, address: 192.168.16.202}
            """,
            "flannel.yaml",
            HEAD + """
            Flannel
            spec:
              version: v0.28.9
              backend: {type: vxlan}
            """,
            "kuboard.yaml",
            HEAD + """
            KuboardAgent
            spec:
              endpoint: http://kuboard.internal:8080
              clusterName: demo
              keySecretRef: {name: kuboard-agent, key: agentKey}
              tokenSecretRef: {name: kuboard-agent, key: anonymousToken}
              image: docker.io/eipwork/kuboard-agent:v3@sha256:0000000000000000000000000000000000000000000000000000000000000000
              rbac: {admin: kuboard-operator}
              server: {publishedWebPort: 8080, publishedAgentPort: 10081}
            """);

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void brokenRuleIsToldWhereItIsBroken(Case broken) {
        Files files = new Files(broken.edits());
        assertThat(files.read().problems())
                .filteredOn(problem -> problem.code() == broken.code())
                .extracting(Problem::toString)
                .containsExactly(files.marked() + ": " + broken.expected() + " ["
                        + broken.code().id() + "]");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void everyProblemOffersAWayOut(Case broken) {
        assertThat(new Files(broken.edits()).read().problems())
                .allSatisfy(problem -> assertThat(problem.fix())
                        .hasValueSatisfying(fix -> assertThat(fix).isNotBlank()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kept")
    void keptRuleIsNotTold(Case kept) {
        assertThat(new Files(kept.edits()).read().problems())
                .filteredOn(problem -> problem.code() == kept.code())
                .isEmpty();
    }

    @Test
    void soundDefinitionHasNoProblem() {
        assertThat(new Files(List.of()).read().problems()).isEmpty();
    }

    @Test
    void everyOfflineRuleHasABreakingAndAKeepingCase() {
        Set<DefinitionCode> elsewhere = Set.of(
                DefinitionCode.CD004,
                DefinitionCode.CD005,
                DefinitionCode.CD064,
                DefinitionCode.CD075,
                DefinitionCode.CD076);
        Set<DefinitionCode> rules = Arrays.stream(DefinitionCode.values())
                .filter(code -> code.id().startsWith("CD") && !elsewhere.contains(code))
                .collect(Collectors.toSet());
        assertThat(broken().map(Case::code).collect(Collectors.toSet())).isEqualTo(rules);
        assertThat(kept().map(Case::code).collect(Collectors.toSet())).isEqualTo(rules);
    }

    @Test
    void warningsLeaveADefinitionUsable() {
        Definition definition = new Files(
                        List.of(cluster("iptables", "ipvs"), kuboard("rbac: {admin: kuboard-operator}", "rbac: {}")))
                .read();
        assertThat(definition.problems())
                .isNotEmpty()
                .allMatch(problem -> problem.severity() == Problem.Severity.WARNING);
        assertThat(definition.refused()).isFalse();
    }

    @Test
    void everythingIsToldInOneRun() {
        Definition definition = new Files(List.of(
                        cluster("10.244.0.0/16", "10.96.0.0/16"),
                        cluster("v1.36.4", "v1.30.0"),
                        nodes("192.168.16.201", "192.168.16.200"),
                        nodes("k8s-node2", "K8S_Node2"),
                        flannel("vxlan}", "vxlan}\n  network: 10.224.0.0/16"),
                        kuboard("http://kuboard.internal:8080", "http://127.0.0.1")))
                .read();
        assertThat(definition.problems())
                .extracting(problem -> problem.code().id())
                .containsExactlyInAnyOrder("CD003", "CD011", "CD022", "CD020", "CD060", "CD070", "CD073");
    }

    /** The key itself must not stand here either, so that another one takes its part. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "'stringData: {agentKey: well-known}', true",
        "'data: {agentKey: d2VsbC1rbm93bg==}', true",
        "'data: {agentKey: \"d2VsbC1rbm93bgo=\"}', true",
        "'stringData: {agentKey: my-own}', false",
        "'stringData: {other: well-known}', false",
    })
    void publishedAgentKeyIsKnownByItsDigest(String content, boolean told) {
        String digest = "d91ec1b42e0801c146837d7ae69e2df582de1dfe4139ee82e1b02b3efd3a3b03";
        Parts parts = new Files(List.of(new Edit(
                        "secret.yaml",
                        "",
                        "{apiVersion: v1, kind: Secret, metadata: {name: kuboard-agent, namespace: kuboard}, " + content
                                + "}\n")))
                .parts();
        Problems problems = new Problems();
        SecretRules.check(parts, problems, digest);
        assertThat(problems.inOrder())
                .extracting(problem -> problem.severity() + " " + problem.code() + " " + problem.text())
                .isEqualTo(
                        told
                                ? List.of(
                                        "WARNING CD075 the agent key is the one printed in Kuboard's public manifests")
                                : List.of());
    }

    @Test
    void mismatchOfNetworksNamesBothFiles() {
        Problem problem = new Files(List.of(flannel("", "  network: 10.224.0.0/16\n")))
                .read()
                .problems()
                .get(0);
        assertThat(problem.at()).hasToString("flannel.yaml:6:12");
        assertThat(problem.text()).contains("10.224.0.0/16").contains("10.244.0.0/16");
        assertThat(problem.fix()).hasValueSatisfying(fix -> assertThat(fix).contains("cluster.yaml:8"));
    }

    /** Patterns with repeated groups need stack for each repetition. */
    @Test
    void textsOfAnyLengthAreJudged() {
        String dots = "a.".repeat(200_000) + "a";
        String key = "-----BEGIN " + "A ".repeat(200_000) + "PRIVATE KEY-----";
        Definition definition = new Files(List.of(
                        cluster("v1.36.4", "v1.36.4-" + dots),
                        cluster("2.3.4", "2.3.4-" + dots),
                        cluster("api.demo.internal", dots),
                        nodes("k8s-node1", dots),
                        nodes("side: edge", "side: \"" + dots + key + "\""),
                        flannel("v0.28.9", "v0.28.9-" + dots),
                        kuboard("http://kuboard.internal:8080", "http://" + dots + ":8080")))
                .read();
        assertThat(definition.problems())
                .extracting(problem -> problem.code().id())
                .contains("CD003", "CD020", "CD033", "CD050", "CD065");
    }

    @Test
    void secretsAreNeverRepeated() {
        String secret = "s3cr3t-value";
        String token = "q1w2e3.0a1b2c3d4e5f6a7b";
        Definition definition = new Files(List.of(
                        nodes(
                                RuleCases.NODE1,
                                "- {name: k8s-node1, address: 192.168.16.201, ssh: {password: " + secret + "}}"),
                        cluster("name: demo", "name: " + token),
                        cluster(
                                "",
                                "  registries: [{registry: docker.io, endpoints: [{url: \"http://me:" + secret
                                        + "@m\"}]}]\n"),
                        nodes("side: edge", "side: \"-" + token + "\"")))
                .read();
        assertThat(definition.problems()).isNotEmpty();
        assertThat(definition.problems().toString()).doesNotContain(secret).doesNotContain(token);
    }

    private static Stream<Case> broken() {
        return RuleCases.BROKEN.stream();
    }

    private static Stream<Case> kept() {
        return RuleCases.KEPT.stream();
    }

    /** The sound definition with edits. */
    private static final class Files {

        private final Map<String, String> texts = new LinkedHashMap<>(SOUND);
        private final List<String> marks = new ArrayList<>();

        Files(List<Edit> edits) {
            for (Edit edit : edits) {
                String text = texts.getOrDefault(edit.file(), "");
                assertThat(text).as(edit.file()).contains(edit.before());
                texts.put(
                        edit.file(),
                        edit.before().isEmpty() ? text + edit.after() : text.replace(edit.before(), edit.after()));
            }
            texts.replaceAll(this::unmark);
        }

        private String unmark(String file, String text) {
            int at = text.indexOf(RuleCases.MARK);
            if (at >= 0) {
                String before = text.substring(0, at);
                long line = before.lines().count() + (before.isEmpty() || before.endsWith("\n") ? 1 : 0);
                marks.add(file + ":" + line + ":" + (at - before.lastIndexOf('\n')));
            }
            return text.replace(RuleCases.MARK, "");
        }

        String marked() {
            assertThat(marks).hasSize(1);
            return marks.get(0);
        }

        Parts parts() {
            return Parts.of(
                    texts.entrySet().stream()
                            .map(file -> FileParser.parse(
                                    new RepoPath(file.getKey()),
                                    file.getValue().getBytes(StandardCharsets.UTF_8),
                                    Limits.DEFAULT))
                            .toList(),
                    new Problems());
        }

        Definition read() {
            MemoryTree tree = new MemoryTree();
            texts.forEach(tree::with);
            return new Definitions(Limits.DEFAULT).read(tree, RepoPath.ROOT);
        }
    }
}
