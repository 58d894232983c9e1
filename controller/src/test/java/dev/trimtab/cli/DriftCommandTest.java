package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.apply.Inventory;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.CountingProxy;
import dev.trimtab.kube.CountingProxy.Mishap;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A cluster beside what was applied to it, looked at once. What people do in this cluster they did two hours ago. */
@Timeout(180)
class DriftCommandTest extends DriftCluster {

    @Test
    void aClusterAsItWasAppliedHasNoDriftAndIsAskedForNothingButReads() throws IOException {
        settings("a: '1'");
        map("kube-system", "system", "a: '1'");
        apply();
        wire.forget();

        assertThat(drift("--detailed-exitcode")).as(err.toString()).isZero();

        assertThat(out.toString())
                .contains("No drift. 2 objects compared, all are as they were applied.", "as applied from a folder");
        assertThat(wire.requests()).isNotEmpty().noneMatch(CountingProxy.Request::writes);
        JsonNode json = json();
        assertThat(json.path("format").asText()).isEqualTo("trimtab.drift/v1");
        assertThat(json.path("result").asText()).isEqualTo("no-drift");
        assertThat(json.path("complete").asBoolean()).isTrue();
        assertThat(json.at("/syncs/0/summary/compared").asInt()).isEqualTo(2);
        assertThat(json.at("/syncs/0/summary/asApplied").asInt()).isEqualTo(2);
    }

    @Test
    void theFolderMayBeNamedWithoutAnOption() throws IOException {
        settings("a: '1'");
        apply();

        assertThat(trimtab("drift", shop.toString(), "--kubeconfig", counted.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("No drift. 1 object compared, it is as it was applied.");
    }

    @Test
    void whoNamesNoSyncWhereAnotherKeepsTheClusterIsToldItsName() throws IOException {
        settings("a: '1'");
        Inventory.createNamespace(cluster, "trimtab-demo");
        cluster.create(maps(), (ObjectNode) JSON.readTree("""
                        {"apiVersion": "v1", "kind": "ConfigMap",
                         "metadata": {"name": "trimtab-status-demo", "namespace": "trimtab-system",
                                      "labels": {"trimtab.dev/status": "demo"}}}
                        """), "trimtab-demo");

        for (String command : List.of("drift", "plan")) {
            trimtab(command, shop.toString(), "--kubeconfig", direct.toString());
            assertThat(err.toString()).contains("this cluster is kept by demo", "add --sync demo");
            trimtab(command, shop.toString(), "--kubeconfig", direct.toString(), "--sync", "demo");
            assertThat(err.toString()).doesNotContain("hint");
        }

        apply();
        assertThat(drift()).as(err.toString()).isZero();
        assertThat(err.toString()).as("now there is something of this sync").doesNotContain("hint");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "drift                                     | DIR",
                "drift DIR --config FILE                   | mutually exclusive",
                "drift DIR -f DIR                          | expected only one match",
                "drift --config FILE --kubeconfig KUBE     | a ClusterSync says itself which cluster it is for",
                "drift --config FILE --cluster demo        | a ClusterSync says itself which cluster it is for",
            })
    void whatCannotBeMeantIsRefused(String line, String said) {
        assertThat(trimtab(line.strip().split(" +"))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(said);
    }

    @Test
    void aChangedFieldIsToldWithBothValuesWhoAndSinceWhen() throws IOException {
        settings("a: '1', b: '1'");
        apply();
        edit(SETTINGS, "{\"data\": {\"a\": \"9\"}}");

        assertThat(drift()).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("1 object drifted: 1 warning; 0 as applied", "changed", "ConfigMap default/settings")
                .contains("kubectl-edit (Update)", "2 hours ago", "data[a]   1 -> 9", "settings.yaml:1")
                .doesNotContain("data[b]", "No drift");
        assertThat(drift("--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);

        JsonNode json = json();
        JsonNode one = json.at("/syncs/0/drift/0");
        assertThat(json.path("result").asText()).isEqualTo("drift");
        assertThat(one.path("type").asText()).isEqualTo("changed");
        assertThat(one.at("/by/manager").asText()).isEqualTo("kubectl-edit");
        assertThat(one.at("/fields/0/git").asText()).isEqualTo("1");
        assertThat(one.at("/fields/0/live").asText()).isEqualTo("9");
        assertThat(one.at("/fields/0/pointer").asText()).isEqualTo("/data/a");
        assertThat(one.path("gitMoved").asBoolean()).isFalse();
    }

    @Test
    void aDeletedObjectIsMissing() throws IOException {
        settings("a: '1'");
        apply();
        cluster.delete(maps(), Optional.of("default"), SETTINGS, "", Propagation.BACKGROUND);

        assertThat(drift("--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString())
                .contains("missing", "the server keeps no record of what was deleted, nor by whom")
                .doesNotContain("waits to be applied");
        assertThat(json().at("/syncs/0/drift/0/type").asText()).isEqualTo("missing");
    }

    @Test
    void wipedOwnershipIsDriftAlthoughAllValuesAreGits() throws IOException {
        settings("a: '1'");
        apply();
        edit(SETTINGS, "{\"metadata\": {\"managedFields\": [{}]}}");

        assertThat(drift("--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString()).contains("extra owner", "its values are Git's");
    }

    @Test
    void valuesOfSecretsAreInNoOutput() throws IOException {
        write(
                "secret",
                "{apiVersion: v1, kind: Secret, metadata: {name: key, namespace: default}, stringData: {k: swordfish}}");
        apply();
        cluster.patch(
                type("v1", "Secret"),
                Optional.of("default"),
                "key",
                "",
                PatchType.MERGE,
                JSON.readTree("{\"data\": {\"k\": \"aGFkZG9jaw==\"}}"),
                "kubectl-edit");

        for (List<String> form : List.of(
                List.of("--all"),
                List.of("-o", "json"),
                List.of("--suggest-ignore"),
                List.of("--suggest-ignore", "-o", "json"))) {
            assertThat(drift(form.toArray(String[]::new))).as(err.toString()).isZero();
            assertThat(out.toString()).contains("key");
            assertThat(out.toString() + err).doesNotContain("swordfish", "c3dvcmRmaXNo", "haddock", "aGFkZG9jaw");
        }
        assertThat(json().at("/syncs/0/drift/0/fields/0/masked").asBoolean()).isTrue();
    }

    @Test
    void whatGitWantsOtherwiseSinceThenWaitsAndIsNoDrift() throws IOException {
        settings("a: '1'");
        map("default", "gone", "a: '1'");
        apply();
        settings("a: '2', new: '1'");
        map("default", "more", "a: '1'");
        Files.delete(shop.resolve("gone.yaml"));

        assertThat(drift("--detailed-exitcode")).as(out + err.toString()).isZero();
        assertThat(out.toString()).contains("3 objects wait to be applied, which is no drift", "No drift");
        assertThat(json().at("/syncs/0/summary/pending").asInt()).isEqualTo(3);
    }

    @Test
    void whatDriftedAndMovedInGitAsWellIsBoth() throws IOException {
        settings("a: '1', b: '1'");
        apply();
        settings("a: '2', b: '1'");
        edit(SETTINGS, "{\"data\": {\"b\": \"9\"}}");

        assertThat(drift("--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString())
                .contains("data[b]   1 -> 9", "Git wants it otherwise by now, too", "1 object waits to be applied")
                .doesNotContain("data[a]");
        assertThat(json().at("/syncs/0/drift/0/gitMoved").asBoolean()).isTrue();
    }

    @Test
    void whatCannotBeComparedIsNeverNoDrift() throws IOException {
        settings("a: '1'");
        map("default", "other", "a: '1'");
        apply();
        edit(SETTINGS, "{\"data\": {\"a\": \"9\"}}");
        wire.mishaps(request -> request.path().endsWith("/configmaps/settings")
                ? Optional.of(Mishap.INTERNAL_ERROR)
                : Optional.empty());

        assertThat(drift("--detailed-exitcode")).isEqualTo(ExitCode.ERROR);
        assertThat(out.toString())
                .contains("INCOMPLETE  1 object could not be compared", "ConfigMap default/settings")
                .doesNotContainIgnoringCase("no drift");
        assertThat(drift("-o", "json")).isEqualTo(ExitCode.ERROR);
        JsonNode json = JSON.readTree(out.toString());
        assertThat(json.path("result").asText()).isEqualTo("error");
        assertThat(json.at("/syncs/0/problems/0/object/name").asText()).isEqualTo(SETTINGS);
        assertThat(drift("--suggest-ignore")).isEqualTo(ExitCode.ERROR);
        assertThat(out.toString()).contains("# not compared: ConfigMap default/settings");
    }

    @Test
    void onlyWhatIsAskedForIsShownAndTheRestIsCounted() throws IOException {
        settings("a: '1'");
        map("kube-system", "system", "a: '1'");
        apply();
        edit(SETTINGS, "{\"data\": {\"a\": \"9\"}}");
        cluster.patch(
                maps(),
                Optional.of("kube-system"),
                "system",
                "",
                PatchType.MERGE,
                JSON.readTree("{\"data\": {\"a\": \"9\"}}"),
                "kubectl-edit");

        assertThat(drift("--severity", "critical", "--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString())
                .contains("1 critical", "kube-system/system", "1 more drifted and are left out")
                .doesNotContain("default/settings");
        assertThat(drift("--since", "3h")).isZero();
        assertThat(out.toString()).contains("kube-system/system", "default/settings");
        assertThat(drift("--since", "1h", "--detailed-exitcode")).isZero();
        assertThat(out.toString())
                .contains("None that was asked for; 2 objects drifted in all.")
                .doesNotContain("No drift");
    }

    /** {@code docs/drift.md} names these numbers. */
    @Test
    @Timeout(600)
    void aThousandObjectsCostNoRequestEachButForThoseThatSomebodyTouched() throws IOException {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            many.append("---\n").append(text("default", "many-" + i, "a: '1'"));
        }
        write("many", many.toString());
        apply();
        wire.forget();
        assertThat(drift("--detailed-exitcode")).as(err.toString()).isZero();
        assertThat(wire.requests()).hasSizeLessThanOrEqualTo(7);

        for (int i = 0; i < 5; i++) {
            edit("many-" + i, "{\"data\": {\"a\": \"9\"}}");
        }
        wire.forget();
        assertThat(drift("--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        assertThat(wire.requests()).hasSizeLessThanOrEqualTo(7 + 2 * 5);
    }

    @Test
    void labelsAndTaintsOfNodesDriftToo() throws IOException {
        write("cluster", """
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Cluster
                metadata: {name: demo}
                spec:
                  kubernetesVersion: v1.36.2
                  controlPlaneEndpoint: {host: 192.168.0.200, port: 6443}
                  network: {podSubnets: [10.244.0.0/16]}
                ---
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Inventory
                metadata: {name: nodes}
                spec:
                  nodes:
                    - {name: k8s-master, address: 192.168.0.10, roles: [control-plane]}
                    - name: k8s-node1
                      address: 192.168.0.11
                      labels: {pool: a}
                      taints: [{key: pool, value: gpu, effect: NoSchedule}]
                """);
        node("k8s-master", "{\"metadata\": {\"labels\": {\"node-role.kubernetes.io/control-plane\": \"\"}}}");
        apply();
        assertThat(drift("--detailed-exitcode")).as(out + err.toString()).isZero();

        node("k8s-node1", "{\"metadata\": {\"labels\": {\"pool\": \"b\"}}, \"spec\": {\"taints\": null}}");

        assertThat(drift("--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString())
                .contains(
                        "critical", "Node k8s-node1", "metadata.labels[pool]   a -> b", "spec.taints[pool:NoSchedule]")
                .doesNotContain("No drift");
        assertThat(drift("--suggest-ignore")).isZero();
        assertThat(out.toString()).contains("no rule is for nodes").doesNotContain("\nspec:");
    }
}
