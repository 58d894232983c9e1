package dev.trimtab.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.trimtab.source.DirectoryTree;
import dev.trimtab.source.RepoPath;
import dev.trimtab.source.RepoTree;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DefinitionsTest {

    private static final String WEB = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: shop}\n";
    private static final String OWN = "apiVersion: cluster.trimtab.dev/v1alpha1\n";
    private static final String CLUSTER = OWN
            + "kind: Cluster\nmetadata: {name: demo}\n"
            + "spec:\n  kubernetesVersion: 1.36.4\n  network: {podSubnets: [10.244.0.0/16]}\n";

    private static final String WITH_ENDPOINT = CLUSTER + "  controlPlaneEndpoint: {host: api.demo.internal}\n";

    private final Definitions definitions = new Definitions(Limits.DEFAULT);

    @Test
    void plainManifestsNeedNoCluster() {
        Definition definition = read(MemoryTree.of("a.yaml", WEB));
        assertThat(definition.problems()).isEmpty();
        assertThat(definition.refused()).isFalse();
        assertThat(definition.cluster()).isEmpty();
        assertThat(definition.manifests())
                .extracting(Manifest::key)
                .map(Object::toString)
                .containsExactly("ConfigMap shop/web");
    }

    @Test
    void itemsOfListsAreObjectsWithTheirOwnPlaces() {
        Definition definition = read(MemoryTree.of("a.yaml", """
                apiVersion: v1
                kind: List
                items:
                  - apiVersion: v1
                    kind: Namespace
                    metadata: {name: shop}
                  - apiVersion: v1
                    kind: ConfigMapList
                    items:
                      - {apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}}
                """));
        assertThat(definition.problems()).isEmpty();
        assertThat(definition.manifests())
                .extracting(
                        manifest -> manifest.key() + " " + manifest.positions().document())
                .containsExactly("Namespace shop a.yaml:4:5", "ConfigMap shop/c a.yaml:10:9");
        assertThat(definition.manifests().get(1).positions().at("/metadata/name"))
                .hasToString("a.yaml:10:60");
    }

    @Test
    void jsonIsReadWithTabsAndItsOwnNumbers() {
        Definition definition = read(MemoryTree.of(
                "a.json",
                "{\n\t\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\",\n\t\"metadata\": {\"name\": \"a\"},\n"
                        + "\t\"n\": [1e3, 1.0, 9223372036854775807, 0.5, \"yes\"]\n}\n{\"kind\": \"Secret\","
                        + " \"apiVersion\": \"v1\", \"metadata\": {\"name\": \"b\"}}"));
        assertThat(definition.problems()).isEmpty();
        assertThat(definition.manifests()).hasSize(2);
        assertThat(definition.manifests().get(0).json().path("n"))
                .hasToString("[1000,1,9223372036854775807,0.5,\"yes\"]");
        assertThat(definition.manifests().get(0).positions().at("/metadata/name"))
                .hasToString("a.json:3:23");
        assertThat(definition.manifests().get(1).positions().document()).hasToString("a.json:6:1");
    }

    @Test
    void otherFilesAndHiddenFoldersAreNotRead() {
        MemoryTree tree = MemoryTree.of("clusters/a/web.yml", WEB)
                .with("clusters/a/README.md", "not: [yaml")
                .with("clusters/a/.github/workflow.yaml", "on: push")
                .with("clusters/a/.hidden.yaml", "broken: [")
                .with("clusters/b/web.yaml", "broken: [");
        Definition definition = definitions.read(tree, new RepoPath("clusters/a"));
        assertThat(definition.problems()).isEmpty();
        assertThat(tree.read).containsExactly("clusters/a/web.yml");
    }

    @Test
    void onlyFilesThatChangedAreReadAgain() {
        MemoryTree tree = MemoryTree.of("a.yaml", WEB)
                .with("b.yaml", WEB.replace("web", "b"))
                .with("c.yaml", WEB.replace("web", "c"));
        read(tree);
        tree.read.clear();
        tree.with("b.yaml", WEB.replace("web", "d"));
        Definition definition = read(tree);
        assertThat(tree.read).containsExactly("b.yaml");
        assertThat(definition.manifests())
                .extracting(manifest -> manifest.key().name())
                .containsExactly("web", "d", "c");
    }

    @Test
    void whatIsKeptBetweenReadsIsBounded() {
        Limits small = new Limits(10, 1000, 10_000, 100, 50, 1000, WEB.length() + 10L);
        Definitions bounded = new Definitions(small);
        MemoryTree tree = MemoryTree.of("a.yaml", WEB).with("b.yaml", WEB.replace("web", "b"));
        bounded.read(tree, RepoPath.ROOT);
        tree.read.clear();
        assertThat(bounded.read(tree, RepoPath.ROOT).manifests()).hasSize(2);
        assertThat(tree.read).isNotEmpty();
    }

    @Test
    void problemsOfAllFilesAreToldInOneRun() {
        Definition definition = read(MemoryTree.of("a.yaml", "x: [\n")
                .with("b.yaml", "kind: A\n---\n- 1\n---\n" + WEB)
                .with("c.yaml", WEB)
                .with("link.txt", RepoTree.Mode.SYMLINK));
        assertThat(definition.refused()).isTrue();
        assertThat(definition.problems())
                .extracting(problem -> problem.at() + " " + problem.code().id())
                .containsExactly(
                        "a.yaml:2:1 YML001",
                        "b.yaml:1:1 YML007",
                        "b.yaml:3:1 YML007",
                        "c.yaml:1:1 CD080",
                        "link.txt:1:1 DEF001");
        assertThat(definition.problems())
                .allSatisfy(problem -> assertThat(problem.fix()).isNotEmpty());
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusalNamesPlaceCodeAndReason(MemoryTree tree, String expected) {
        Definition definition = read(tree);
        assertThat(definition.refused()).isTrue();
        assertThat(definition.problems()).extracting(Problem::toString).containsExactly(expected);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(new MemoryTree(), ".:1:1: error: revision 1234567 holds nothing at path . [DEF004]"),
                arguments(
                        MemoryTree.of("w", WEB).with("l.yaml", RepoTree.Mode.SYMLINK),
                        "l.yaml:1:1: error: a symbolic link; what it points to is not read [DEF001]"),
                arguments(
                        MemoryTree.of("w", WEB).with("m", RepoTree.Mode.SUBMODULE),
                        "m:1:1: error: a Git submodule; its files are not read [DEF002]"),
                arguments(
                        MemoryTree.of("a.yaml", WEB.replace("v1", "apps/v1").replace("ConfigMap", "Deployment"))
                                .with(
                                        "b.yaml",
                                        "# moved\n\n"
                                                + WEB.replace("v1", "apps/v1beta1")
                                                        .replace("ConfigMap", "Deployment")),
                        "b.yaml:3:1: error: Deployment shop/web is defined twice: a.yaml:1 and b.yaml:3 [CD080]"),
                arguments(
                        new MemoryTree().with("a.yaml", bytes("a: 1\nb: \u00e9\u00ff\n", StandardCharsets.ISO_8859_1)),
                        "a.yaml:2:4: error: the file is not UTF-8 text [YML003]"),
                arguments(
                        MemoryTree.of("a.yaml", "a: 1\nb: \u00e9\u0007\n"),
                        "a.yaml:2:5: error: character U+0007 has no place in YAML or JSON [YML003]"),
                arguments(
                        MemoryTree.of("a.yaml", " ".repeat(5_000_000)),
                        "a.yaml:1:1: error: the file has 5000000 bytes; at most 4194304 are read [YML006]"),
                arguments(
                        MemoryTree.of("a.yaml", "kind: ConfigMap\nmetadata: {name: a}\n"),
                        "a.yaml:1:1: error: the document has no apiVersion [YML007]"),
                arguments(
                        MemoryTree.of("a.yaml", "apiVersion: 1\nkind: ConfigMap\nmetadata: {name: a}\n"),
                        "a.yaml:1:13: error: apiVersion must be a string; found a number [YML007]"),
                arguments(
                        MemoryTree.of("a.yaml", "apiVersion: v1\nkind: ConfigMap\n"),
                        "a.yaml:1:1: error: ConfigMap has no metadata [DEF005]"),
                arguments(
                        MemoryTree.of("a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n"),
                        "a.yaml:3:11: error: Pod has generateName but no name; every sync would make another object"
                                + " [DEF005]"),
                arguments(
                        MemoryTree.of("a.yaml", WEB + "# x\n---\n" + WEB.replace("web,", "web, labels: {v: 1.0},")),
                        "a.yaml:8:35: error: metadata.labels.v must be a string; found a number [DEF005]"),
                arguments(
                        MemoryTree.of("a.json", "{\"a\": 1,\n \"a\": tru}"),
                        "a.json:2:7: error: not well-formed JSON [YML001]"),
                arguments(
                        MemoryTree.of(
                                "a.json",
                                "{\"kind\": \"A\",\n \"apiVersion\": \"v1\", \"kind\": \"B\","
                                        + " \"metadata\": {\"name\": \"a\"}}"),
                        "a.json:2:22: error: key \"kind\" is written twice; the first is in line 1 [YML002]"),
                arguments(
                        MemoryTree.of(
                                "a.json",
                                "{\"n\": [1e400], \"apiVersion\": \"v1\", \"kind\": \"A\","
                                        + " \"metadata\": {\"name\": \"a\"}}"),
                        "a.json:1:8: error: the number is too large [YML008]"),
                arguments(
                        MemoryTree.of("a.yaml", CLUSTER).with("b.yaml", CLUSTER),
                        "b.yaml:1:1: error: found 2 Cluster documents (a.yaml:1, b.yaml:1); exactly one is required"
                                + " [CD002]"),
                arguments(
                        MemoryTree.of("a.yaml", OWN + "kind: Flannel\nspec: {version: v0.28.9}\n"),
                        "a.yaml:1:1: error: found 0 Cluster documents; exactly one is required [CD002]"),
                arguments(
                        MemoryTree.of(
                                "a.yaml",
                                CLUSTER.replace(
                                        "podSubnets: [10.244.0.0/16]", "podSubnets: [10.244.0.0/16], podSubnet: b")),
                        "a.yaml:6:42: error: unknown field \"podSubnet\" in Cluster.spec.network; did you mean"
                                + " \"podSubnets\"? [CD001]"),
                arguments(
                        MemoryTree.of("a.yaml", CLUSTER.replace("[10.244.0.0/16]", "10.244.0.0/16, dnsDomain: a")),
                        "a.yaml:6:25: error: Cluster.spec.network.podSubnets must be a list of strings; found a string"
                                + " [CD001]"),
                arguments(
                        MemoryTree.of("a.yaml", CLUSTER.replace("1.36.4", "1.36")),
                        "a.yaml:5:22: error: Cluster.spec.kubernetesVersion must be a string; found a number [CD001]"),
                arguments(
                        MemoryTree.of("a.yaml", CLUSTER + "  images: {pullPolicy: Sometimes}\n"),
                        "a.yaml:7:24: error: Cluster.spec.images.pullPolicy \"Sometimes\" is unknown; use Always,"
                                + " IfNotPresent or Never [CD001]"),
                arguments(
                        MemoryTree.of("a.yaml", CLUSTER + "  controlPlaneEndpoint: {host: a, port: \"6443\"}\n"),
                        "a.yaml:7:41: error: Cluster.spec.controlPlaneEndpoint.port must be a whole number; found a"
                                + " string [CD001]"),
                arguments(
                        MemoryTree.of("a.yaml", OWN.replace("v1alpha1", "v1") + "kind: Cluster\n"),
                        "a.yaml:1:13: error: unknown apiVersion \"cluster.trimtab.dev/v1\" of kind Cluster [CD001]"),
                arguments(
                        MemoryTree.of("a.yaml", OWN + "kind: Inventry\n"),
                        "a.yaml:2:7: error: unknown kind \"Inventry\" of cluster.trimtab.dev/v1alpha1; did you mean"
                                + " \"Inventory\"? [CD001]"),
                arguments(
                        MemoryTree.of("a.yaml", WITH_ENDPOINT)
                                .with(
                                        "b.yaml",
                                        inventory(
                                                "  - {name: n1, address: 10.0.0.1, roles: [control-plane, worker]}\n"))
                                .with("c.yaml", inventory("  - {address: 10.0.0.2, name: n1}\n")),
                        "c.yaml:4:3: error: node \"n1\" is defined twice: b.yaml:4 and c.yaml:4 [CD021]"),
                arguments(
                        MemoryTree.of("a.yaml", WITH_ENDPOINT)
                                .with(
                                        "b.yaml",
                                        inventory(
                                                "  - {name: n1, address: 10.0.0.1, taints: [{key: k, effect: NoSchedul}]},"
                                                        + " {name: n2, address: 10.0.0.2, roles: [control-plane, worker]}\n")),
                        "b.yaml:4:59: error: taints[0].effect \"NoSchedul\" is invalid; use NoSchedule, PreferNoSchedule"
                                + " or NoExecute [CD030]"),
                arguments(
                        MemoryTree.of("a.yaml", CLUSTER)
                                .with(
                                        "b.yaml",
                                        OWN + "kind: Flannel\nspec: {version: v0.28.9, backend: {type: wiregaurd}}\n"),
                        "b.yaml:3:42: error: backend.type \"wiregaurd\" is unknown; use vxlan, host-gw or wireguard"
                                + " [CD061]"),
                arguments(
                        MemoryTree.of("a.yaml", OWN + "kind: WorkloadSet\nspec: {path: ../x}\n"),
                        "a.yaml:3:14: error: WorkloadSet.spec.path \"../x\" has an empty, . or .. segment [CD001]"));
    }

    @Test
    void inventoriesAreReadAsOneAndDefaultsReachOnlyTheirOwnFile() {
        Definition definition = read(MemoryTree.of("a.yaml", WITH_ENDPOINT)
                .with(
                        "b.yaml",
                        OWN
                                + "kind: Inventory\nspec:\n  defaults: {ssh: {user: ops, port: 2222}, arch: arm64}\n  nodes:\n"
                                + "  - {name: m1, address: 10.0.0.1, roles: [control-plane], ssh: {hostKey: k}}\n")
                .with("c.yaml", inventory("  - {name: w1, address: 10.0.0.2}\n")));
        assertThat(definition.problems()).isEmpty();
        Inventory.Node master = definition.inventory().nodes().get(0);
        Inventory.Node worker = definition.inventory().nodes().get(1);
        assertThat(master.roles()).containsExactly(Inventory.Role.CONTROL_PLANE);
        assertThat(master.ssh())
                .isEqualTo(new Inventory.Ssh(Optional.empty(), "ops", 2222, Optional.empty(), true, Optional.of("k")));
        assertThat(master.arch()).isEqualTo("arm64");
        assertThat(worker.roles()).containsExactly(Inventory.Role.WORKER);
        assertThat(worker.ssh().user()).isEqualTo("root");
        assertThat(worker.origin().at("/address")).hasToString("c.yaml:4:23");
        assertThat(definition.cluster().orElseThrow().kubernetesVersion()).isEqualTo("v1.36.4");
        assertThat(definition.cluster().orElseThrow().tokens().ttl()).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void anyBytesGiveProblemsAndNeverAnException() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> splices = List.of(
                "\"\\ud800\"",
                "\t",
                "&a ",
                "*a",
                "<<: ",
                "!!int ",
                "? ",
                "- ",
                ": ",
                "{",
                "[",
                "}",
                "]",
                "\"",
                "'",
                "|",
                "%YAML 99999999999.1\n",
                "---\n",
                "\0",
                "\u0085",
                "\uFEFF",
                "!<",
                "\"\\U99999999\"",
                "1".repeat(2000),
                ".5" + "_5".repeat(400),
                "kind: List\nitems: []\n");
        for (int i = 0; i < 2000; i++) {
            StringBuilder text =
                    new StringBuilder(random.nextBoolean() ? CLUSTER : WEB + "---\n" + OWN + "kind: Flannel\n");
            for (int edits = random.nextInt(4); edits >= 0; edits--) {
                int at = random.nextInt(text.length());
                text.replace(
                        at,
                        Math.min(text.length(), at + random.nextInt(6)),
                        splices.get(random.nextInt(splices.size())));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (random.nextInt(4) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            String name = random.nextBoolean() ? "a.yaml" : "a.json";
            assertThatCode(() -> read(new MemoryTree().with(name, bytes)))
                    .as("seed %d, round %d: %s", seed, i, text)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void escapesInKeysDoNotReachATerminal() {
        Definition definition = read(MemoryTree.of("a.yaml", CLUSTER + "  \"\\e[31m\": 1\n"));
        assertThat(definition.problems())
                .extracting(Problem::text)
                .containsExactly("unknown field \"\\u001b[31m\" in Cluster.spec");
    }

    @Test
    void templateToForkReadsClean() {
        Path template = Path.of("..", "repo-template");
        try (DirectoryTree tree = new DirectoryTree(template, Clock.systemUTC())) {
            Definition definition = definitions.read(tree, RepoPath.ROOT);
            assertThat(definition.problems())
                    .as("an image that moves and cluster-admin: true of every Kuboard agent, for a person to weigh")
                    .extracting(
                            problem -> problem.severity() + " " + problem.code().id())
                    .containsExactly("WARNING CD077", "WARNING CD077");
            assertThat(definition.cluster().orElseThrow().name()).isEqualTo("demo");
            assertThat(definition.inventory().nodes())
                    .extracting(Inventory.Node::name)
                    .containsExactly("k8s-master", "k8s-node1", "k8s-node2");
            assertThat(definition.addons()).extracting(Addon::name).containsExactly("flannel", "kuboard-agent");
            assertThat(definition.manifests())
                    .extracting(manifest -> manifest.key().toString())
                    .containsExactlyInAnyOrder(
                            "Namespace shop",
                            "CloneSet shop/cart",
                            "Service shop/cart",
                            "Deployment shop/web",
                            "Service shop/web",
                            "ConfigMap shop/shop-settings",
                            "ConfigMap shop/shop-banner");
        }
    }

    private Definition read(RepoTree tree) {
        return definitions.read(tree, RepoPath.ROOT);
    }

    /** With its first node in line 4. */
    private static String inventory(String nodes) {
        return OWN + "kind: Inventory\nspec: {nodes: [\n" + nodes.replaceFirst("- ", "") + "]}\n";
    }

    private static byte[] bytes(String text, Charset charset) {
        return text.getBytes(charset);
    }
}
