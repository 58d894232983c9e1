package dev.trimtab.apply;

import static dev.trimtab.apply.Shop.NAMESPACE;
import static dev.trimtab.apply.Shop.SHOP;
import static dev.trimtab.render.Written.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.FieldPointer;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Written;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From manifests to a cluster and back, against a served API without controllers. */
class SyncScenarioTest {

    private final SyncRig rig = new SyncRig(false);

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void firstSyncCreatesEverythingInAnEmptyCluster() {
        Plan plan = rig.plan(1, SHOP);
        assertThat(plan.changes())
                .extracting(
                        change -> change.object().name(),
                        Change::action,
                        change -> change.reason().code())
                .containsExactlyInAnyOrder(
                        tuple("shop", Action.CREATE, PlanCode.NOT_YET_THERE),
                        tuple("conf", Action.CREATE, PlanCode.NOT_YET_THERE),
                        tuple("web", Action.CREATE, PlanCode.NOT_YET_THERE));
        assertThat(plan.complete()).isTrue();

        Outcome outcome = rig.sync(1, SHOP);

        assertThat(outcome.succeeded()).isTrue();
        assertThat(live("conf").path("data").path("mode").asText()).isEqualTo("fast");
        assertThat(live("conf")
                        .path("metadata")
                        .path("labels")
                        .path("trimtab.dev/sync")
                        .asText())
                .isEqualTo("demo");
        rig.restart();
        assertThat(rig.inventory.keys())
                .isEqualTo(Written.desired(1, SHOP).objects().keySet());
        assertThat(rig.inventory.digests()).hasSize(3);
        assertThat(rig.inventory.lastApplied()).contains(Written.revision(1));
    }

    @Test
    void secondPlanOfTheSameRevisionIsEmptyAndApplyingItWritesNothing() {
        rig.sync(1, SHOP);
        rig.restart();
        rig.recorded.forget();

        Outcome outcome = rig.sync(1, SHOP);

        assertThat(outcome.plan().changes()).isEmpty();
        assertThat(outcome.plan().unchanged()).hasSize(3);
        assertThat(rig.recorded.calls()).noneMatch(RecordedCluster::isWrite);
    }

    @Test
    void oneChangedObjectCostsOneDryRunAndOnePatch() {
        rig.sync(1, SHOP);
        Desired next = Written.desired(2, SHOP.replace("mode: fast,", "mode: slow,"));
        ObjectKey conf = key("", "ConfigMap", "shop", "conf");
        Set<ObjectKey> confirmed = new HashSet<>(next.objects().keySet());
        confirmed.remove(conf);
        rig.recorded.forget();

        Plan plan = rig.plan(next, confirmed, false);
        Outcome outcome = rig.apply(plan, next);

        assertThat(outcome.succeeded()).isTrue();
        assertThat(plan.known()).isEqualTo(2);
        assertThat(plan.changes()).hasSize(1);
        assertThat(plan.changes().get(0).fields())
                .containsExactly(new FieldChange(
                        "data[mode]",
                        Optional.of(
                                plan.changes().get(0).fields().get(0).before().orElseThrow()),
                        Optional.of(Written.object("v: slow").path("v")),
                        false,
                        FieldChange.Origin.GIT,
                        Optional.empty(),
                        Optional.of(FieldPointer.parse("/data/mode"))));
        assertThat(rig.recorded.writes()).containsExactly("apply ConfigMap shop/conf");
        assertThat(rig.recorded.calls("dry-run")).containsExactly("dry-run ConfigMap shop/conf");
        assertThat(rig.recorded.calls("apply")).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void fieldsThatLeaveGitLeaveTheCluster() {
        rig.sync(1, SHOP);

        Outcome outcome = rig.sync(
                2,
                SHOP.replace(", {name: OLD, value: gone}", "")
                        .replace(", team: one", "")
                        .replace(", level: high", ""));

        assertThat(outcome.plan().changes().stream().flatMap(change -> change.fields().stream()))
                .extracting(FieldChange::path)
                .containsExactlyInAnyOrder(
                        "data[level]", "metadata.labels[team]", "spec.template.spec.containers[web].env[OLD]");
        assertThat(live("conf").path("data").has("level")).isFalse();
        assertThat(deployment().path("metadata").path("labels").has("team")).isFalse();
        assertThat(deployment().at("/spec/template/spec/containers/0/env")).hasSize(1);
    }

    @Test
    void namespaceDefinitionAndCustomObjectGoThroughInOnePlan() {
        String boat = """
                apiVersion: sea.example/v1
                kind: Boat
                metadata: {name: dory, namespace: harbour}
                spec: {length: 4}
                """;
        String crd = """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: boats.sea.example}
                spec:
                  group: sea.example
                  scope: Namespaced
                  names: {kind: Boat, plural: boats, singular: boat, listKind: BoatList}
                  versions:
                  - name: v1
                    served: true
                    storage: true
                    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """;
        String all = boat + "---\n" + crd + "---\n" + NAMESPACE.replace("shop", "harbour");

        Outcome outcome = rig.sync(1, all);

        assertThat(outcome.plan().problems()).isEmpty();
        assertThat(outcome.results().values()).hasSize(3).allMatch(result -> result instanceof Result.Applied);
        assertThat(rig.live("sea.example/v1", "Boat", "harbour", "dory")).isPresent();
        assertThat(rig.plan(1, all).changes()).isEmpty();
    }

    @Test
    void secretValuesReachNeitherPlanNorOutcome() {
        String secret = NAMESPACE + "---\n" + """
                apiVersion: v1
                kind: Secret
                metadata: {name: db, namespace: shop}
                stringData: {password: hunter2, user: ada}
                """;
        rig.sync(1, secret);

        Outcome outcome = rig.sync(2, secret.replace("hunter2", "hunter3"));

        assertThat(outcome.plan().changes().get(0).fields())
                .extracting(FieldChange::path, FieldChange::masked)
                .containsExactly(tuple("data[password]", true));
        assertThat(outcome.toString()).doesNotContain("hunter", "aHVudGVy");
        assertThat(rig.live("v1", "Secret", "shop", "db")
                        .orElseThrow()
                        .at("/data/password")
                        .asText())
                .isEqualTo("aHVudGVyMw==");
    }

    @Test
    void additionsOfOthersAreNoChange() {
        rig.sync(1, SHOP);
        rig.edit("v1", "ConfigMap", "shop", "conf", "someone", "{metadata: {annotations: {a: b}}, data: {extra: x}}");
        rig.unrecorded()
                .patch(
                        rig.type("apps/v1", "Deployment"),
                        Optional.of("shop"),
                        "web",
                        "",
                        ClusterClient.PatchType.STRATEGIC,
                        Written.object("spec: {template: {spec: {containers: [{name: sidecar, image: \"proxy:1\"}]}}}"),
                        "injector");

        assertThat(rig.plan(1, SHOP).changes()).isEmpty();
    }

    @Test
    void handEditIsPutBackAndNamesWhoMadeIt() {
        rig.sync(1, SHOP);
        rig.edit("v1", "ConfigMap", "shop", "conf", "kubectl-edit", "data: {mode: broken}");
        Desired desired = Written.desired(1, SHOP);

        Plan plan = rig.plan(desired, Set.of(), true);

        assertThat(plan.changes()).hasSize(1);
        Change change = plan.changes().get(0);
        assertThat(change.reason().code()).isEqualTo(PlanCode.DRIFTED);
        assertThat(change.fields())
                .extracting(FieldChange::path, FieldChange::origin, FieldChange::liveManager)
                .containsExactly(tuple("data[mode]", FieldChange.Origin.DRIFT, Optional.of("kubectl-edit")));
        rig.apply(plan, desired);
        assertThat(live("conf").path("data").path("mode").asText()).isEqualTo("fast");
    }

    @Test
    void objectThatWasDeletedByHandIsCreatedAgain() {
        rig.sync(1, SHOP);
        String uid = live("conf").at("/metadata/uid").asText();
        rig.unrecorded()
                .delete(
                        rig.type("v1", "ConfigMap"),
                        Optional.of("shop"),
                        "conf",
                        uid,
                        ClusterClient.Propagation.BACKGROUND);
        Desired desired = Written.desired(1, SHOP);

        Plan plan = rig.plan(desired, Set.of(), true);

        assertThat(plan.changes())
                .extracting(change -> change.reason().code())
                .containsExactly(PlanCode.DELETED_IN_CLUSTER);
        assertThat(rig.apply(plan, desired).succeeded()).isTrue();
    }

    @Test
    void ownershipMovesEvenWhereNoValueDiffers() {
        rig.sync(1, SHOP);
        rig.unrecorded()
                .apply(
                        rig.type("v1", "ConfigMap"),
                        Written.object(
                                "{apiVersion: v1, kind: ConfigMap, metadata: {name: conf, namespace: shop}, data: {level: high}}"),
                        new ClusterClient.ApplyOptions("other", false, false));

        Outcome outcome = rig.sync(2, SHOP.replace(", level: high", ""));

        assertThat(outcome.plan().changes())
                .extracting(
                        change -> change.reason().code(),
                        change -> change.fields().size())
                .containsExactly(tuple(PlanCode.OWNERSHIP_DIFFERS, 0));
        assertThat(live("conf").path("data").path("level").asText()).isEqualTo("high");
        assertThat(rig.plan(2, SHOP.replace(", level: high", "")).changes()).isEmpty();
    }

    private ObjectNode live(String configMap) {
        return rig.live("v1", "ConfigMap", "shop", configMap).orElseThrow();
    }

    private ObjectNode deployment() {
        return rig.live("apps/v1", "Deployment", "shop", "web").orElseThrow();
    }
}
