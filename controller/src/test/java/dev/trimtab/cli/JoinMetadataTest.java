package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.bootstrap.NodeReport;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.render.Written;
import dev.trimtab.sandbox.faults.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a join leaves on the Node object: labels, taints and the report of its machine. */
@Timeout(120)
class JoinMetadataTest extends JoinedMachines {

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
}
