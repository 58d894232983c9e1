package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.apply.ApplyCode;
import dev.trimtab.apply.Inventory;
import dev.trimtab.apply.Result;
import dev.trimtab.kube.CountingProxy;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person may count on from commit to cluster, with each request counted on the wire. */
@Timeout(180)
class ScenarioTest {

    static final String SETTINGS =
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: NAMESPACE}, data: {a: '1', b: '2'}}\n";

    static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: NAMESPACE}
            spec: {selector: {app: web}, ports: [{port: 80}]}
            """;

    static String deployment(String name, String image, String env) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s, namespace: NAMESPACE}
                spec:
                  replicas: 0
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec: {containers: [{name: c, image: '%2$s', env: [%3$s]}]}
                """.formatted(name, image, env);
    }

    @TempDir
    private Path folder;

    private ScenarioRig rig;

    @BeforeEach
    void start() {
        rig = new ScenarioRig(folder);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private String manager() {
        return Ownership.fieldManager(rig.name);
    }

    @Test
    @DisplayName("S1: after the first sync nothing is asked and nothing is written")
    void afterTheFirstSyncNothingIsAskedAndNothingIsWritten() {
        String commit = rig.with("settings.yaml", SETTINGS)
                .with("service.yaml", SERVICE)
                .with("web.yaml", deployment("web", "example.com/web:1", ""))
                .commit();
        rig.start("");
        rig.awaitSettled(commit);

        for (ObjectNode object : List.of(
                rig.get("v1", "Namespace", rig.name),
                rig.get("v1", "ConfigMap", "settings"),
                rig.get("v1", "Service", "web"),
                rig.get("apps/v1", "Deployment", "web"))) {
            assertThat(object.at("/metadata/labels/trimtab.dev~1sync").asText()).isEqualTo(rig.name);
            assertThat(ManagedFields.ownedBy(object.path("metadata"), manager()))
                    .isPresent();
        }
        Inventory inventory = Inventory.load(rig.client(), rig.name);
        assertThat(inventory.keys()).hasSize(4);
        assertThat(inventory.lastApplied().orElseThrow().commit()).isEqualTo(commit);
        assertThat(rig.status().ready().truth()).isEqualTo(SyncStatus.Truth.TRUE);

        rig.rest();
        rig.awaitPolls(10);
        assertThat(rig.requests()).isEmpty();
        assertThat(rig.of(SyncEvent.StatusChanged.class)).isEmpty();
    }

    @Test
    @DisplayName("S2: one changed image among 1,000 objects costs three requests at most, and at rest there are none")
    void oneChangedImageAmongAThousandObjectsCostsThreeRequestsAtMost() {
        int apps = 250;
        for (int i = 0; i < apps; i++) {
            rig.with("app-" + i + ".yaml", app(i, "1"));
        }
        rig.settled("");
        // Each Deployment is annotated once by its controller, which counts as a generation.
        rig.patiently("the controllers are done")
                .until(() -> rig.client().list(rig.type("apps/v1", "Deployment"), Optional.of(rig.name), "").stream()
                        .allMatch(object ->
                                object.path("metadata").path("annotations").has("deployment.kubernetes.io/revision")));
        List<ObjectNode> before = rig.client().list(rig.type("apps/v1", "Deployment"), Optional.of(rig.name), "");
        rig.awaitPolls(10);
        assertThat(rig.requests()).as("at rest").isEmpty();

        String commit = rig.with("app-7.yaml", app(7, "2")).commit();
        rig.awaitSettled(commit);
        rig.awaitRest();

        assertThat(rig.requests()).as("requests").hasSizeLessThanOrEqualTo(3);
        assertThat(rig.requests().stream().filter(CountingProxy.Request::dryRun))
                .hasSizeLessThanOrEqualTo(1);
        assertThat(rig.writes().stream().filter(request -> request.path().endsWith("/deployments/app-7")))
                .hasSize(1);
        assertThat(rig.writes().stream().filter(request -> !request.path().contains("/" + Inventory.NAMESPACE + "/")))
                .hasSize(1);
        assertThat(generations(rig.client().list(rig.type("apps/v1", "Deployment"), Optional.of(rig.name), "")))
                .filteredOn(version -> !version.startsWith("app-7 "))
                .isEqualTo(generations(before).stream()
                        .filter(version -> !version.startsWith("app-7 "))
                        .toList());
    }

    private static String app(int number, String tag) {
        String name = "app-" + number;
        return deployment(name, "example.com/web:" + tag, "") + "---\n"
                + SERVICE.replace("name: web", "name: " + name) + "---\n"
                + SETTINGS.replace("name: settings", "name: " + name) + "---\n"
                + "{apiVersion: v1, kind: ServiceAccount, metadata: {name: " + name + ", namespace: NAMESPACE}}\n";
    }

    private static List<String> generations(List<ObjectNode> objects) {
        return objects.stream()
                .map(object -> object.at("/metadata/name").asText() + " "
                        + object.at("/metadata/generation").asText())
                .sorted()
                .toList();
    }

    @Test
    @DisplayName("S3: an edit of an owned field is healed by one write; what others add stays, without a write")
    void anEditOfAnOwnedFieldIsHealedByOneWriteAndWhatOthersAddStays() {
        rig.with("web.yaml", deployment("web", "example.com/web:1", "")).settled("");

        rig.patch("apps/v1", "Deployment", "web", "kubectl-annotate", "{metadata: {annotations: {x: 'y'}}}");
        rig.patch(
                "apps/v1",
                "Deployment",
                "web",
                "istio",
                "{spec: {template: {spec: {containers: [{name: 'sidecar', image: 'example.com/side:1'}]}}}}");
        rig.awaitRest();
        assertThat(rig.writes()).as("additions").isEmpty();
        assertThat(rig.of(SyncEvent.DriftFound.class)).isEmpty();

        rig.forget();
        rig.patch(
                "apps/v1",
                "Deployment",
                "web",
                "kubectl-set",
                "{spec: {template: {spec: {containers: [{name: 'c', image: 'example.com/web:hand'}]}}}}");
        rig.patiently("healed").until(() -> image("c").equals("example.com/web:1"));
        rig.awaitRest();

        assertThat(rig.writes())
                .singleElement()
                .satisfies(write -> assertThat(write.path()).endsWith("/deployments/web"));
        assertThat(rig.of(SyncEvent.DriftFound.class)).singleElement().satisfies(found -> {
            assertThat(found.healing()).isTrue();
            assertThat(found.drifts().get(0).manager()).contains("kubectl-set");
        });
        assertThat(image("sidecar")).isEqualTo("example.com/side:1");
        assertThat(rig.get("apps/v1", "Deployment", "web")
                        .at("/metadata/annotations/x")
                        .asText())
                .isEqualTo("y");
    }

    private String image(String container) {
        for (JsonNode each : rig.get("apps/v1", "Deployment", "web").at("/spec/template/spec/containers")) {
            if (each.path("name").asText().equals(container)) {
                return each.path("image").asText();
            }
        }
        return "";
    }

    @Test
    @DisplayName("S4: where drift is only reported nothing is written, and a manual revert clears it")
    void whereDriftIsOnlyReportedNothingIsWrittenAndAManualRevertClearsIt() {
        rig.with("web.yaml", deployment("web", "example.com/web:1", "")).settled("");
        rig.stop();
        rig.start("  mode: observe\n");
        rig.await1(SyncEvent.Planned.class);
        rig.rest();

        String patch = "{spec: {template: {spec: {containers: [{name: 'c', image: '%s'}]}}}}";
        rig.patch("apps/v1", "Deployment", "web", "kubectl-set", patch.formatted("example.com/web:hand"));
        SyncEvent.DriftFound found = rig.await1(SyncEvent.DriftFound.class);
        assertThat(found.healing()).isFalse();
        assertThat(found.drifts().get(0).fields().toString())
                .contains("containers[c].image", "example.com/web:hand", "example.com/web:1");
        assertThat(rig.status().counts().drifted()).isEqualTo(1);

        rig.patch("apps/v1", "Deployment", "web", "kubectl-set", patch.formatted("example.com/web:1"));
        assertThat(rig.await1(SyncEvent.DriftEnded.class).healed()).isFalse();
        rig.patiently("no drift").until(() -> rig.status().counts().drifted() == 0);
        assertThat(rig.writes()).isEmpty();
    }

    @Test
    @DisplayName("S5: fields that leave Git leave the cluster in one write, and those of others stay")
    void fieldsThatLeaveGitLeaveTheClusterInOneWriteAndThoseOfOthersStay() {
        String labelled = deployment("web", "example.com/web:1", "{name: MODE, value: fast}")
                .replace(
                        "{name: web, namespace: NAMESPACE}",
                        "{name: web, namespace: NAMESPACE, labels: {tier: front}}");
        rig.with("web.yaml", labelled).settled("");
        rig.patch("apps/v1", "Deployment", "web", "kubectl-label", "{metadata: {labels: {team: 'a'}}}");
        rig.rest();

        String commit =
                rig.with("web.yaml", deployment("web", "example.com/web:1", "")).commit();
        rig.awaitSettled(commit);

        ObjectNode live = rig.get("apps/v1", "Deployment", "web");
        assertThat(live.at("/spec/template/spec/containers/0/env")).isEmpty();
        assertThat(live.at("/metadata/labels").has("tier")).isFalse();
        assertThat(live.at("/metadata/labels/team").asText()).isEqualTo("a");
        assertThat(rig.writes().stream().filter(write -> write.path().endsWith("/deployments/web")))
                .hasSize(1);
    }

    @Test
    @DisplayName("S5: what kubectl apply made is adopted, so that a field that leaves Git goes")
    void whatKubectlApplyMadeIsAdoptedSoThatAFieldThatLeavesGitGoes() {
        rig.settled("");
        String last =
                "{\\\"apiVersion\\\":\\\"v1\\\",\\\"kind\\\":\\\"ConfigMap\\\",\\\"metadata\\\":{\\\"annotations\\\":{},"
                        + "\\\"name\\\":\\\"settings\\\",\\\"namespace\\\":\\\"" + rig.name
                        + "\\\"},\\\"data\\\":{\\\"a\\\":\\\"1\\\",\\\"b\\\":\\\"2\\\"}}";
        rig.create(
                "kubectl-client-side-apply",
                "{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'settings', namespace: 'NAMESPACE', annotations:"
                        + " {'kubectl.kubernetes.io/last-applied-configuration': \"" + last
                        + "\"}}, data: {a: '1', b: '2'}}");

        rig.awaitSettled(
                rig.with("settings.yaml", SETTINGS.replace(", b: '2'", "")).commit());

        ObjectNode live = rig.get("v1", "ConfigMap", "settings");
        assertThat(live.path("data").properties())
                .extracting(entry -> entry.getKey())
                .containsExactly("a");
        assertThat(live.at("/metadata/annotations").has("kubectl.kubernetes.io/last-applied-configuration"))
                .isFalse();
    }

    @Test
    @DisplayName("S6: a renamed object is created before the old one is deleted, with the uid as precondition")
    void aRenamedObjectIsCreatedBeforeTheOldOneIsDeleted() {
        rig.with("settings.yaml", SETTINGS).settled("");

        rig.awaitSettled(rig.with("settings.yaml", SETTINGS.replace("name: settings", "name: renamed"))
                .commit());

        List<String> writes = rig.writes().stream()
                .filter(write -> write.path().contains("/" + rig.name + "/configmaps"))
                .map(write -> write.method() + " " + write.path().replaceAll(".*/", ""))
                .toList();
        assertThat(writes).containsExactly("PATCH renamed", "DELETE settings");
        assertThat(rig.find("v1", "ConfigMap", "settings")).isEmpty();
        assertThat(Inventory.load(rig.client(), rig.name).keys())
                .extracting(ObjectKey::name)
                .containsExactlyInAnyOrder(rig.name, "renamed");
    }

    @Test
    @DisplayName("S6: an object that must not be pruned stays and leaves the inventory")
    void anObjectThatMustNotBePrunedStaysAndLeavesTheInventory() {
        rig.with(
                        "settings.yaml",
                        SETTINGS.replace(
                                "namespace: NAMESPACE",
                                "namespace: NAMESPACE, annotations: {trimtab.dev/prune: disabled}"))
                .settled("");

        rig.awaitSettled(rig.with("settings.yaml", SETTINGS.replace("name: settings", "name: renamed"))
                .commit());

        assertThat(rig.find("v1", "ConfigMap", "settings")).isPresent();
        assertThat(Inventory.load(rig.client(), rig.name).keys())
                .extracting(ObjectKey::name)
                .containsExactlyInAnyOrder(rig.name, "renamed");
    }

    @Test
    @DisplayName("S7: an empty definition deletes nothing, says so, and goes on when the files are back")
    void anEmptyDefinitionDeletesNothingSaysSoAndGoesOnWhenTheFilesAreBack() {
        List<String> files = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            files.add("map-" + i + ".yaml");
            rig.with(files.get(i), SETTINGS.replace("name: settings", "name: map-" + i));
        }
        rig.settled("");
        files.forEach(rig::without);
        rig.without("namespace.yaml").with("README.md", "nothing here").commit();

        SyncEvent.Held held = rig.await1(SyncEvent.Held.class);
        assertThat(held.holds()).singleElement().satisfies(hold -> {
            assertThat(hold.code()).isEqualTo(ApplyCode.EMPTY_SET);
            assertThat(hold.objects()).hasSize(12);
        });
        rig.patiently("not ready").until(() -> rig.status().ready().truth() == SyncStatus.Truth.FALSE);
        assertThat(rig.status().ready().message()).contains("12");
        for (int i = 0; i < 11; i++) {
            rig.with(files.get(i), SETTINGS.replace("name: settings", "name: map-" + i));
        }
        rig.awaitSettled(rig.with("namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: NAMESPACE}\n")
                .commit());
        assertThat(rig.requests().stream().filter(request -> request.method().equals("DELETE")))
                .isEmpty();
    }

    @Test
    @DisplayName(
            "S8: a definition, its object, a namespace and what is in it go through in one commit, without a refusal")
    void aDefinitionItsObjectANamespaceAndWhatIsInItGoThroughInOneCommit() {
        String group = rig.name + ".example.com";
        String commit = rig.with("widget.yaml", """
                        apiVersion: %1$s/v1
                        kind: Widget
                        metadata: {name: one, namespace: NAMESPACE}
                        spec: {size: 3}
                        ---
                        apiVersion: apiextensions.k8s.io/v1
                        kind: CustomResourceDefinition
                        metadata: {name: widgets.%1$s}
                        spec:
                          group: %1$s
                          scope: Namespaced
                          names: {plural: widgets, singular: widget, kind: Widget}
                          versions:
                          - name: v1
                            served: true
                            storage: true
                            schema:
                              openAPIV3Schema:
                                type: object
                                properties: {spec: {type: object, properties: {size: {type: integer}}}}
                        """.formatted(group))
                .with("settings.yaml", SETTINGS)
                .commit();
        rig.start("");
        rig.awaitSettled(commit);

        assertThat(rig.of(SyncEvent.Applied.class)).hasSize(1);
        assertThat(rig.get(group + "/v1", "Widget", "one").at("/spec/size").asInt())
                .isEqualTo(3);
        assertThat(rig.writes()).filteredOn(write -> write.code() >= 400).isEmpty();
    }

    @Test
    @DisplayName("S9: one bad object stops itself, is named with its place, and is not tried again")
    void oneBadObjectStopsItselfIsNamedWithItsPlaceAndIsNotTriedAgain() {
        rig.settled("");
        for (int i = 0; i < 49; i++) {
            rig.with("map-" + i + ".yaml", SETTINGS.replace("name: settings", "name: map-" + i));
        }
        rig.with("web.yaml", deployment("web", "example.com/web:1", "").replace("replicas: 0", "replica: 3"))
                .commit();

        rig.await1(SyncEvent.Applied.class);
        rig.patiently("49 are there")
                .until(() -> rig.client()
                                .list(rig.type("v1", "ConfigMap"), Optional.of(rig.name), Ownership.selector(rig.name))
                                .size()
                        == 49);
        rig.awaitPolls(10);

        assertThat(rig.requests().stream().filter(request -> request.path().endsWith("/deployments/web")))
                .hasSizeLessThanOrEqualTo(2);
        assertThat(rig.of(SyncEvent.Planned.class).get(0).plan().problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.object().name()).isEqualTo("web");
                    assertThat(problem.text()).contains("replica");
                    assertThat(problem.origin().orElseThrow().toString()).startsWith("web.yaml:1:1");
                });
        assertThat(rig.of(SyncEvent.Applied.class).get(0).outcome().results().values())
                .hasSize(49)
                .allSatisfy(result -> assertThat(result).isInstanceOf(Result.Applied.class));
        assertThat(rig.status().counts().failed()).isEqualTo(1);
    }
}
