package dev.trimtab.nodes;

import static dev.trimtab.nodes.Fixture.NOW;
import static dev.trimtab.nodes.Fixture.declared;
import static dev.trimtab.nodes.Fixture.declaredWith;
import static dev.trimtab.nodes.Fixture.json;
import static dev.trimtab.nodes.Fixture.node;
import static dev.trimtab.nodes.Fixture.owned;
import static dev.trimtab.nodes.Fixture.plan;
import static dev.trimtab.nodes.Fixture.surroundings;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.bootstrap.NodeReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ObservationsTest extends ObservationCases {

    @Test
    void aNodeThatIsAsDeclaredTellsNothing() {
        assertThat(plan(declared(N1), node("n1", 11)).observations()).isEmpty();
    }

    @Test
    void whetherANodeHasSwapIsNotAskedBeforeItsKubeletHasReported() {
        ObjectNode silent = node("n1", 11);
        silent.remove("status");

        assertThat(told(plan(declared(N1), silent)))
                .contains("NODE_OUT_OF_REACH WARNING")
                .doesNotContain("SWAP");
    }

    static Stream<Arguments> nodes() {
        return Stream.of(
                observed(
                        "NODE_NOT_READY WARNING",
                        condition("Ready", "False", "KubeletNotReady", "2026-03-01T11:54:00Z")),
                observed("", condition("Ready", "False", "KubeletNotReady", "2026-03-01T11:56:00Z")),
                observed(
                        "NODE_NOT_READY WARNING",
                        condition("Ready", "Unknown", "NodeStatusUnknown", "2026-02-01T00:00:00Z")),
                observed(
                        "NODE_OUT_OF_REACH WARNING",
                        node -> node.withObject("/status").remove("conditions")),
                observed(
                        "NODE_UNDER_PRESSURE WARNING", condition("DiskPressure", "True", "KubeletHasDiskPressure", "")),
                observed(
                        "NODE_UNDER_PRESSURE WARNING",
                        condition("PIDPressure", "True", "KubeletHasInsufficientPID", "")),
                observed("NETWORK_UNAVAILABLE WARNING", condition("NetworkUnavailable", "True", "NoRouteCreated", "")),
                observed("", condition("NetworkUnavailable", "False", "FlannelIsUp", "")),
                observed("NODE_IDENTITY_CHANGED WARNING", info("machineID", "another")),
                observed("NODE_IDENTITY_CHANGED WARNING", info("systemUUID", "another")),
                observed(
                        "NODE_IDENTITY_CHANGED WARNING",
                        node -> ((ObjectNode) node.at("/status/addresses/0")).put("address", "192.168.0.99")),
                observed("NODE_OF_OTHER_SYNC WARNING", node -> owned(node, "trimtab-other", "Apply", "labels", "a")),
                observed(
                        "ROLE_MISMATCH WARNING",
                        node -> Fixture.label(node, "node-role.kubernetes.io/control-plane", "")),
                observed("RUNTIME_WRONG WARNING", info("containerRuntimeVersion", "docker://24.0.1")),
                observed("RUNTIME_OUTDATED WARNING", info("containerRuntimeVersion", "containerd://1.7.28")),
                observed("RUNTIME_OUTDATED WARNING", info("containerRuntimeVersion", "containerd://2.1.9")),
                observed("", info("containerRuntimeVersion", "containerd://2.2.0")),
                observed("", info("containerRuntimeVersion", "containerd://2.4.0")),
                observed("PLATFORM_DIFFERS INFO", info("architecture", "arm64")),
                observed(
                        "SWAP_ON WARNING",
                        node -> node.withObject("/status/nodeInfo/swap").put("capacity", 1024)),
                observed(
                        "POD_CIDR_MISSING CRITICAL",
                        node -> node.withObject("/spec").remove(List.of("podCIDR", "podCIDRs"))),
                observed(
                        "POD_CIDR_OUTSIDE CRITICAL",
                        node -> node.withObject("/spec").putArray("podCIDRs").add("10.245.1.0/24")),
                observed(
                        "CORDONED_BY_HAND WARNING",
                        node -> node.withObject("/spec").put("unschedulable", true)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nodes")
    void ofOneNode(String expected, Consumer<ObjectNode> edit) {
        ObjectNode node = node("n1", 11);
        edit.accept(node);

        assertThat(told(plan(declared(N1), node))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "API {0}, Git {1}, kubelet {2}: {3}")
    @CsvSource({
        "v1.35.8, v1.35.8, v1.36.0,  SKEW_FORBIDDEN CRITICAL",
        "v1.35.8, v1.35.8, v1.31.9,  'SKEW_TOO_OLD CRITICAL, SWAP_UNKNOWN INFO'",
        "v1.35.8, v1.35.8, v1.33.9,  'UPGRADE_PENDING WARNING, SWAP_UNKNOWN INFO'",
        "v1.35.8, v1.35.8, v1.34.0,  UPGRADE_PENDING WARNING",
        "v1.35.8, v1.35.8, v1.35.7,  UPGRADE_PENDING WARNING",
        "v1.35.8, v1.35.8, v1.35.8,  ''",
        "v1.35.8, v1.36.1, v1.36.1,  SKEW_FORBIDDEN CRITICAL",
    })
    void kubeletsOfAnotherVersion(String server, String git, String kubelet, String expected) {
        ObjectNode node = node("n1", 11);
        info("kubeletVersion", kubelet).accept(node);
        DeclaredNodes declared = declared(N1 + ", kubeletVersion: " + git);

        assertThat(told(plan(declared, List.of(node), surroundings(server)))).isEqualTo(expected);
    }

    @Test
    void aDeclaredContainerdIsComparedToo() {
        DeclaredNodes declared = declaredWith("containerd: {version: 2.3.4}", N1);

        assertThat(told(plan(declared, node("n1", 11)))).isEqualTo("RUNTIME_DIFFERS WARNING");
    }

    @Test
    void aDeclaredSystemAndKernelAreComparedToo() {
        ObjectNode node = node("n1", 11);
        info("osImage", "Ubuntu 22.04.5 LTS").accept(node);
        info("kernelVersion", "5.15.0").accept(node);

        assertThat(told(plan(declared(N1 + ", osImage: Ubuntu 24.04.2 LTS, kernelVersion: 5.15.0"), node)))
                .isEqualTo("PLATFORM_DIFFERS INFO");
    }

    @Test
    void unknownAndMissingNodesAreToldAndIgnoredOnesAreNot() {
        DeclaredNodes declared = declared(
                N1,
                "name: n2, address: 192.168.0.12",
                "name: n3, address: 192.168.0.13, state: ignored",
                "name: n4, address: 192.168.0.14, state: ignored");
        ObjectNode ignored = node("n4", 14);
        ignored.withObject("/spec").put("unschedulable", true);

        NodePlan plan = plan(declared, node("n1", 11), node("n9", 19), ignored);

        assertThat(plan.observations())
                .extracting(one -> one.node().orElse("") + " " + one.code())
                .containsExactly("n2 NODE_MISSING", "n9 NODE_UNKNOWN");
        assertThat(plan.observations().get(0).wayOut())
                .as("how it joins")
                .contains("trimtab bootstrap render --node n2", "192.168.0.12", "join.sh", "state: ignored");
        assertThat(plan.changes()).noneMatch(change -> !change.node().equals("n1"));
    }

    @Test
    void unknownNodesAreNotToldWherePolicyIgnoresThem() {
        DeclaredNodes declared = declaredWith("policy: {onUnknownNode: ignore}", N1);

        assertThat(told(plan(declared, node("n1", 11), node("n9", 19)))).isEmpty();
    }

    @Test
    void overlappingPodRangesAreToldOfTheSecond() {
        DeclaredNodes declared = declared(N1, "name: n2, address: 192.168.0.12");
        ObjectNode second = node("n2", 12);
        second.withObject("/spec").putArray("podCIDRs").add("10.244.11.128/25");

        assertThat(told(plan(declared, node("n1", 11), second))).isEqualTo("POD_CIDR_OVERLAP CRITICAL");
    }

    @Test
    void whatIsOnlyObservedIsToldAndNotWritten() {
        DeclaredNodes declared = declaredWith(
                "policy: {labels: observe, taints: observe}",
                N1 + ", labels: {pool: a}, taints: [{key: pool, effect: NoSchedule}]");

        NodePlan plan = plan(declared, node("n1", 11));

        assertThat(told(plan)).isEqualTo("LABELS_DIFFER WARNING, TAINTS_DIFFER WARNING");
        assertThat(plan.changes()).isEmpty();
    }

    @Test
    void theTaintOfRegistrationIsInThePlanWhereItGoesAndIsToldWhereItStays() {
        ObjectNode node = Fixture.taint(node("n1", 11), "trimtab.dev/uninitialized", "", "NoSchedule");

        NodePlan plan = plan(declared(N1 + ", labels: {pool: a}"), node);
        assertThat(told(plan)).isEmpty();
        NodeChange last = plan.changes().get(plan.changes().size() - 1);
        assertThat(last.fields().get(0).path()).isEqualTo("spec.taints[trimtab.dev/uninitialized:NoSchedule]");
        assertThat(last.notes()).singleElement().asString().contains("the node has registered with taint");

        assertThat(told(plan(declaredWith("policy: {taints: observe}", N1), node)))
                .isEqualTo("UNINITIALIZED WARNING");
        assertThat(told(plan(declared("name: n1, address: 192.168.0.99"), node)))
                .as("nothing is written to it")
                .isEqualTo("NODE_IDENTITY_CHANGED WARNING, UNINITIALIZED WARNING");
        assertThat(told(plan(declared("name: n2, address: 192.168.0.12"), node("n2", 12), node)))
                .isEqualTo("NODE_UNKNOWN WARNING, UNINITIALIZED WARNING");
        assertThat(told(plan(declared(N1 + ", state: ignored"), node))).isEmpty();
    }

    @Test
    void nothingIsWrittenToANodeWhoseMachineChanged() {
        ObjectNode node = node("n1", 11);
        info("machineID", "another").accept(node);
        DeclaredNodes declared =
                declared(N1 + ", labels: {pool: a}, schedulable: false, taints: [{key: pool, effect: NoSchedule}]");

        assertThat(plan(declared, node).changes()).isEmpty();
    }

    @Test
    void anotherMachineUnderTheNameOfARemovedNodeIsNotDrained() {
        NodePlan plan = plan(declared("name: n1, address: 192.168.0.99, state: removed"), node("n1", 11));

        assertThat(told(plan)).isEqualTo("NODE_IDENTITY_CHANGED WARNING");
        assertThat(plan.changes()).isEmpty();
    }

    @ParameterizedTest(name = "{0} {1} failed: {2}, {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                // NOW is 2026-03-01T12:00:00Z
                "2026-03-01T11:00:00Z | 0 | ''                      | all 24 checks well, today",
                "2026-02-26T12:00:00Z | 0 | ''                      | all 24 checks well, 3 days ago",
                "2026-03-02T12:00:00Z | 0 | ''                      | all 24 checks well, today",
                "2026-01-30T12:00:00Z | 0 | REPORT_STALE INFO       | all 24 checks well, 30 days ago",
                "2026-02-28T12:00:00Z | 2 | MACHINE_DIFFERS WARNING | 2 of 24 checks failed, 1 day ago",
                "2026-01-01T12:00:00Z | 2 | MACHINE_DIFFERS WARNING | 2 of 24 checks failed, 59 days ago",
            })
    void whatVerifyShFoundIsToldWithItsAge(String at, int failures, String expected, String words) {
        ObjectNode node = node("n1", 11);
        NodeReport report = new NodeReport(
                Instant.parse(at),
                24,
                failures,
                failures == 0 ? List.of() : List.of("clock is not synchronised"),
                "ab");
        node.withObject("/metadata/annotations").put(NodeReport.ANNOTATION, report.text());

        NodePlan plan = plan(declared(N1), node);

        assertThat(told(plan)).isEqualTo(expected);
        assertThat(OutsideView.words(OutsideView.of(node), NOW)).isEqualTo(words);
        if (failures > 0) {
            assertThat(plan.observations().get(0).text()).contains("clock is not synchronised; and more");
        }
        Instant stale = report.at().plus(Duration.ofDays(30));
        assertThat(plan.lookAt())
                .as("without a request in between")
                .isEqualTo(failures == 0 && stale.isAfter(NOW) ? Optional.of(stale) : Optional.empty());
    }

    @Test
    void whereNobodyKeptAReportThatIsSaidWhereNodesAreListed() {
        assertThat(OutsideView.words(OutsideView.of(node("n1", 11)), NOW)).isEqualTo("never verified");
    }

    @Test
    void theTimeAtWhichANodeIsUnreadyForTooLongIsKnownBeforehand() {
        ObjectNode node = node("n1", 11);
        condition("Ready", "False", "KubeletNotReady", "2026-03-01T11:56:00Z").accept(node);

        assertThat(plan(declared(N1), node).lookAt()).contains(NOW.plusSeconds(60));
    }

    @Test
    void aNodeThatIsAManifestTooIsLeftToIt() {
        NodePlan plan = plan(
                Fixture.read(Fixture.text("", N1 + ", labels: {pool: a}")
                        + "---\n{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {pool: b}}}\n"),
                node("n1", 11));

        assertThat(told(plan)).isEqualTo("NODE_DEFINED_TWICE WARNING");
        assertThat(plan.changes()).isEmpty();
    }

    @Test
    void aDrainThatDoesNotEndInTimeStopsAndIsCritical() {
        ObjectNode node = node("n1", 11);
        node.withObject("/metadata/annotations").put("trimtab.dev/drain-began", "2026-03-01T11:54:00Z");
        node.withObject("/spec").put("unschedulable", true);
        ObjectNode pod = json("""
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-1", "namespace": "shop", "uid": "1",
                   "ownerReferences": [{"kind": "ReplicaSet", "name": "web", "controller": true}]},
                 "spec": {"nodeName": "n1"}, "status": {"phase": "Running"}}
                """);

        NodePlan plan = new NodePlanner(Fixture.SYNC, DrainTerms.CONTROLLER)
                .plan(
                        declared(N1 + ", state: removed", "name: n2, address: 192.168.0.12"),
                        List.of(node, node("n2", 12)),
                        surroundings(),
                        Map.of("n1", NodeLoad.of(List.of(pod), List.of(), List.of())),
                        NOW);

        assertThat(told(plan)).isEqualTo("DRAIN_STOPPED CRITICAL");
        assertThat(plan.changes()).noneMatch(change -> change.kind() == NodeChange.Kind.DRAIN);
    }
}
