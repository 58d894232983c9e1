package dev.trimtab.bootstrap.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.bootstrap.Bootstrap;
import dev.trimtab.bootstrap.FileTree;
import dev.trimtab.bootstrap.join.JoinPlan.Action;
import dev.trimtab.bootstrap.join.Standing.State;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.MemoryTree;
import dev.trimtab.render.Written;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is decided from facts alone. */
class JoinPlannerTest {

    private static final String OURS = "sha256:" + "a".repeat(64);
    private static final String OTHER = "sha256:" + "b".repeat(64);
    private static final String MACHINE = "0123456789abcdef0123456789abcdef";

    private static final Definition DEFINITION =
            Written.read(MemoryTree.of("cluster.yaml", """
                    apiVersion: cluster.trimtab.dev/v1alpha1
                    kind: Cluster
                    metadata: {name: demo}
                    spec:
                      kubernetesVersion: v1.36.4
                      controlPlaneEndpoint: {host: api.demo.internal, port: 6443}
                      network: {podSubnets: [10.244.0.0/16]}
                      containerd: {version: 2.3.4}
                    """).with("inventory.yaml", """
                    apiVersion: cluster.trimtab.dev/v1alpha1
                    kind: Inventory
                    spec:
                      nodes:
                        - {name: m, address: 10.0.0.10, roles: [control-plane]}
                        - {name: w, address: 10.0.0.11}
                    """));

    private static final FileTree FOLDER = Bootstrap.render(DEFINITION).below("nodes/w");

    /** A fresh machine; each test changes what it is about. */
    private static final class Facts {
        private Set<String> markers = Set.of();
        private Optional<String> ca = Optional.empty();
        private String machineId = MACHINE;
        private String address = "10.0.0.11";
        private String processor = "x86_64";
        private String groups = "cgroup2fs";
        private Duration offset = Duration.ZERO;
        private Set<Integer> ports = Set.of(22);
        private boolean prepared;
        private String kubelet = "1.36.4-1.1";
        private Optional<String> extra = Optional.empty();

        HostFacts build() {
            TreeMap<String, String> digests = new TreeMap<>();
            TreeMap<String, String> packages = new TreeMap<>();
            String hosts = "127.0.0.1 localhost\n";
            if (prepared) {
                FOLDER.files().forEach((path, text) -> {
                    if (path.startsWith("etc/")) {
                        digests.put(
                                "/" + path,
                                Authority.sha256(
                                        text.replace("@DISTRO@", "debian").replace("@CODENAME@", "bookworm")));
                    }
                });
                hosts += FOLDER.files().get("hosts.block");
                Map.of("kubelet", kubelet, "kubeadm", "1.36.4-1.1", "kubectl", "1.36.4-1.1")
                        .forEach(packages::put);
            }
            extra.ifPresent(path -> digests.put(path, "c".repeat(64)));
            return new HostFacts(
                    "debian",
                    "bookworm",
                    "6.1.0",
                    processor,
                    groups,
                    false,
                    machineId,
                    Set.of(address, "172.17.0.1"),
                    offset,
                    ports,
                    packages,
                    digests,
                    hosts,
                    markers,
                    ca);
        }
    }

    private static JoinPlan plan(Facts facts, boolean reset, ClusterFacts.Node... nodes) {
        return plan(facts, reset, Optional.empty(), nodes);
    }

    private static JoinPlan plan(Facts facts, boolean reset, Optional<String> sync, ClusterFacts.Node... nodes) {
        TreeMap<String, ClusterFacts.Node> known = new TreeMap<>();
        Arrays.stream(nodes).forEach(node -> known.put(node.name(), node));
        Inventory.Node worker = DEFINITION.inventory().nodes().get(1);
        return new JoinPlanner(
                        DEFINITION.cluster().orElseThrow(),
                        new ClusterFacts("uid", List.of(OURS), known),
                        Duration.ofMinutes(15),
                        reset,
                        List.of(),
                        sync)
                .plan(worker, FOLDER, facts.build());
    }

    private static ClusterFacts.Node node(String name, boolean ready, String machineId) {
        return new ClusterFacts.Node(
                name, ready, "", machineId, Set.of("10.0.0.11"), Optional.of("10.244.1.0/24"), false);
    }

    @ParameterizedTest(name = "{0} with CA {1}, Node {2}, prepared {3}: {4}, {5} {6}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-                                      | -     | false | false | ABSENT       | JOIN           | -",
                "-                                      | -     | false | true  | PREPARED     | JOIN           | -",
                "/etc/kubernetes/bootstrap-kubelet.conf | -     | false | true  | HALF_JOINED  | REFUSE         | JOI007",
                "/var/lib/kubelet/config.yaml           | -     | false | true  | HALF_JOINED  | REFUSE         | JOI007",
                "/etc/kubernetes/kubelet.conf           | ours  | false | true  | HALF_JOINED  | REFUSE         | JOI007",
                "/etc/kubernetes/kubelet.conf           | -     | true  | true  | HALF_JOINED  | REFUSE         | JOI007",
                "/etc/kubernetes/kubelet.conf           | ours  | true  | true  | JOINED       | NOTHING        | -",
                "/etc/kubernetes/kubelet.conf           | other | false | true  | JOINED_OTHER | REFUSE         | JOI008",
                "/etc/kubernetes/kubelet.conf           | other | true  | true  | JOINED_OTHER | REFUSE         | JOI008",
                "/var/lib/rancher/k3s                   | -     | false | true  | FOREIGN      | REFUSE         | JOI009",
                "/var/lib/rancher/rke2                  | -     | false | false | FOREIGN      | REFUSE         | JOI009",
            })
    void whereAMachineStandsFollowsFromFileCaAndNode(
            String marker, String ca, boolean known, boolean prepared, State state, Action action, String code) {
        Facts facts = new Facts();
        facts.prepared = prepared;
        if (marker != null) {
            facts.markers = Set.of(marker);
        }
        facts.ca = Optional.ofNullable(ca).map(one -> one.equals("ours") ? OURS : OTHER);

        JoinPlan plan = known ? plan(facts, false, node("w", true, MACHINE)) : plan(facts, false);

        assertThat(plan.standing().state()).isEqualTo(state);
        assertThat(plan.action()).isEqualTo(action);
        assertThat(plan.obstacle().map(one -> one.code().id())).isEqualTo(Optional.ofNullable(code));
        assertThat(plan.commands().isEmpty()).isEqualTo(action == Action.NOTHING || action == Action.REFUSE);
    }

    @Test
    void resetIsForHalfJoinedMachinesAlone() {
        Facts half = new Facts();
        half.markers = Set.of("/var/lib/kubelet/config.yaml");
        assertThat(plan(half, true).action()).isEqualTo(Action.RESET_AND_JOIN);
        assertThat(plan(half, true).commands()).startsWith("kubeadm reset --force");

        Facts other = new Facts();
        other.markers = Set.of("/etc/kubernetes/kubelet.conf");
        other.ca = Optional.of(OTHER);
        assertThat(plan(other, true).action()).isEqualTo(Action.REFUSE);
        assertThat(plan(other, true).obstacle().orElseThrow().text()).contains(OURS, OTHER);

        assertThat(plan(new Facts(), true).commands()).noneMatch(line -> line.contains("reset"));
    }

    @Test
    void aMachineThatDoesNotFitIsRefused() {
        Facts facts = new Facts();
        facts.address = "10.0.0.99";
        refused(facts, JoinCode.JOI011, "does not have the address 10.0.0.11");

        facts = new Facts();
        facts.processor = "aarch64";
        refused(facts, JoinCode.JOI011, "is arm64, the inventory says amd64");

        facts = new Facts();
        facts.groups = "tmpfs";
        refused(facts, JoinCode.JOI011, "cgroup version 1");

        facts = new Facts();
        facts.offset = Duration.ofSeconds(31);
        refused(facts, JoinCode.JOI011, "off by 31 s, more than the 30 s");

        facts = new Facts();
        facts.ports = new HashSet<>(List.of(22, 10250));
        refused(facts, JoinCode.JOI011, "somebody listens on port 10250");
    }

    private static void refused(Facts facts, JoinCode code, String text, ClusterFacts.Node... nodes) {
        JoinPlan plan = plan(facts, false, nodes);
        assertThat(plan.action()).isEqualTo(Action.REFUSE);
        assertThat(plan.obstacle().orElseThrow().code()).isEqualTo(code);
        assertThat(plan.obstacle().orElseThrow().text()).contains(text);
    }

    @Test
    void oneMachineHasOneName() {
        refused(new Facts(), JoinCode.JOI010, "the machine-id of node other", node("other", true, MACHINE));
        refused(new Facts(), JoinCode.JOI010, "knows w as machine fff", node("w", false, "fff"));
        refused(new Facts(), JoinCode.JOI010, "is ready, but the machine", node("w", true, MACHINE));
        // What a reset leaves behind: the Node of this very machine, not ready.
        assertThat(plan(new Facts(), false, node("w", false, MACHINE)).action()).isEqualTo(Action.JOIN);
    }

    @Test
    void aNodeOfAnotherVersionIsForAnUpgrade() {
        Facts facts = joined();
        facts.kubelet = "1.35.2-1.1";
        refused(facts, JoinCode.JOI015, "kubelet 1.35.2-1.1, not 1.36.4", node("w", true, MACHINE));
    }

    @Test
    void aMirrorThatLeftTheDefinitionIsAChange() {
        Facts facts = joined();
        facts.extra = Optional.of("/etc/containerd/certs.d/gone.example/hosts.toml");

        JoinPlan plan = plan(facts, false, node("w", true, MACHINE));

        assertThat(plan.action()).isEqualTo(Action.PREPARE);
        assertThat(plan.files())
                .containsExactly(new FileChange(
                        "/etc/containerd/certs.d/gone.example/hosts.toml",
                        Optional.of("c".repeat(64)),
                        Optional.empty()));
        assertThat(plan.notes()).contains("containerd is not restarted");
        assertThat(plan.commands()).noneMatch(line -> line.contains("sh " + RemoteCommand.FOLDER + "/join.sh"));
    }

    private static Facts joined() {
        Facts facts = new Facts();
        facts.prepared = true;
        facts.markers = Set.of("/etc/kubernetes/kubelet.conf");
        facts.ca = Optional.of(OURS);
        return facts;
    }

    @Test
    void theDigestIsOfTheMachineAndOfWhatIsDoneToIt() {
        Facts other = new Facts();
        other.machineId = "another";

        assertThat(plan(new Facts(), false).digest())
                .isEqualTo(plan(new Facts(), false).digest())
                .isNotEqualTo(plan(other, false).digest());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {"plain:1.0 | plain:1.0", "a b | 'a b'", "$(x) | '$(x)'", "it's | 'it'\\''s'", "a;b | 'a;b'"})
    void wordsReachTheShellAsTheyAre(String word, String line) {
        assertThat(RemoteCommand.pull(word).line()).isEqualTo("crictl pull " + line);
    }

    @Test
    void whatIsSecretIsNotInTheWords() {
        assertThat(Upload.secret(Upload.TOKEN, "abc123.secret"))
                .allSatisfy(command -> assertThat(command.toString()).doesNotContain("abc123"));
    }

    @ParameterizedTest(name = "joined {0}, prepared {1}, waits {2}, sync {3}: {4}")
    @CsvSource(
            nullValues = "-",
            value = {
                // joined, prepared, waits, known sync; action, sync in the plan, note
                "false, true,  false, demo, JOIN,    demo, in the name of sync demo",
                "false, true,  false, -,    JOIN,    -,    no sync is known",
                "true,  true,  false, demo, NOTHING, -,    -",
                "true,  true,  true,  demo, FINISH,  demo, did not come to its end",
                "true,  true,  true,  -,    FINISH,  -,    no sync is known",
                "true,  false, true,  demo, PREPARE, demo, in the name of sync demo",
                "true,  false, false, demo, PREPARE, -,    -",
            })
    void whatAnEarlierJoinDidNotComeToIsDoneNow(
            boolean joined, boolean prepared, boolean waits, String sync, Action action, String inPlan, String note) {
        Facts facts = new Facts();
        facts.prepared = true;
        if (!prepared) {
            facts.extra = Optional.of("/etc/containerd/certs.d/gone.internal/hosts.toml");
        }
        if (joined) {
            facts.markers = Set.of(FactReader.KUBELET_CONF);
            facts.ca = Optional.of(OURS);
        }
        ClusterFacts.Node[] nodes = joined
                ? new ClusterFacts.Node[] {
                    new ClusterFacts.Node(
                            "w", true, "", MACHINE, Set.of("10.0.0.11"), Optional.of("10.244.1.0/24"), waits)
                }
                : new ClusterFacts.Node[0];

        JoinPlan plan = plan(facts, false, Optional.ofNullable(sync), nodes);

        assertThat(plan.action()).isEqualTo(action);
        assertThat(plan.sync()).isEqualTo(Optional.ofNullable(inPlan));
        if (note != null) {
            assertThat(plan.notes()).anyMatch(one -> one.contains(note));
        }
        assertThat(plan(facts, false, Optional.of("other"), nodes).digest().equals(plan.digest()))
                .as("an approval names the sync where one is needed")
                .isEqualTo(joined && !waits);
    }
}
