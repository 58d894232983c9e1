package dev.trimtab.apply;

import static dev.trimtab.apply.Shop.NAMESPACE;
import static dev.trimtab.render.Written.key;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.kube.Takeover;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Claims;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.plan.PlanRequest;
import dev.trimtab.plan.Planner;
import dev.trimtab.plan.PodDetail;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Written;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Objects that were there before the sync become its own, and nothing that Git drops later is left behind. */
class AdoptionTest {

    private static final String CONF = NAMESPACE + "---\n" + """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: conf, namespace: shop}
            data: {mode: fast, level: high}
            """;

    private static final String WEB = NAMESPACE + "---\n" + """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              replicas: 0
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: web, image: "web:1"}]}
            """;

    private final SyncRig rig = new SyncRig(false);

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void clientSideApplyHandsOverItsFieldsAndItsCopyOfTheObject() {
        byClientSideApply(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: conf, namespace: shop}, data: {mode: slow, level: high, gone: x}}");

        Outcome outcome = rig.sync(1, CONF);

        Change change = change(outcome.plan(), "conf");
        assertThat(outcome.succeeded()).isTrue();
        assertThat(change.reason().code()).isEqualTo(PlanCode.ADOPTED);
        assertThat(change.adoption().orElseThrow().from()).containsExactly("kubectl-client-side-apply");
        assertThat(change.fields())
                .extracting(FieldChange::path)
                .containsExactlyInAnyOrder(
                        "data[gone]",
                        "data[mode]",
                        "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]",
                        "metadata.labels[trimtab.dev/sync]");
        assertThat(data()).isEqualTo(Written.object("{mode: fast, level: high}"));
        assertThat(live("conf").at("/metadata/annotations").has(Takeover.LAST_APPLIED))
                .isFalse();
        assertThat(managers("conf")).containsExactly("trimtab-demo");
    }

    @Test
    void whatClientSideApplyOwnedCanBeRemovedByALaterCommit() {
        byClientSideApply(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: conf, namespace: shop}, data: {mode: fast, level: high}}");
        rig.sync(1, CONF);

        rig.sync(2, CONF.replace(", level: high", ""));

        assertThat(data()).isEqualTo(Written.object("{mode: fast}"));
    }

    @Test
    void planOfAnAdoptedWorkloadShowsWhatHappensAndNoDefaults() {
        byClientSideApply("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: shop, labels: {old: label}}
                spec:
                  replicas: 0
                  minReadySeconds: 7
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      terminationGracePeriodSeconds: 5
                      containers:
                      - {name: web, image: "web:1", env: [{name: A, value: b}]}
                      - {name: side, image: "side:1"}
                """);
        rig.unrecorded()
                .patch(
                        rig.type("apps/v1", "Deployment"),
                        Optional.of("shop"),
                        "web",
                        "",
                        PatchType.MERGE,
                        Written.object("metadata: {annotations: {note: by hand}}"),
                        "kubectl-annotate");
        Desired desired = Written.desired(1, WEB);
        Plan plan = rig.plan(desired, Set.of(), false);
        ObjectNode before = live("apps/v1", "Deployment", "web");

        assertThat(change(plan, "web").fields())
                .extracting(FieldChange::path)
                .containsExactlyInAnyOrder(
                        "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]",
                        "metadata.labels[old]",
                        "metadata.labels[trimtab.dev/sync]",
                        "spec.minReadySeconds",
                        "spec.template.spec.containers[side]",
                        "spec.template.spec.containers[web].env",
                        "spec.template.spec.terminationGracePeriodSeconds");
        assertThat(rig.apply(plan, desired).succeeded()).isTrue();
        ObjectNode after = live("apps/v1", "Deployment", "web");
        assertThat(after.at("/metadata/uid")).isEqualTo(before.at("/metadata/uid"));
        assertThat(after.at("/spec/template/spec/containers")).hasSize(1);
        assertThat(after.at("/spec/template/spec/containers/0").has("env")).isFalse();
        assertThat(after.at("/spec/template/spec/terminationGracePeriodSeconds").asInt())
                .isEqualTo(30);
        assertThat(after.at("/metadata/labels").has("old")).isFalse();
        assertThat(after.at("/metadata/annotations/note").asText()).isEqualTo("by hand");
        assertThat(rig.plan(1, WEB).changes()).isEmpty();
    }

    @Test
    void losersOfAForcedApplyAreNamedWithTheirPaths() {
        namespace();
        byApply("tool", "{mode: slow, theirs: x}");

        Outcome outcome = rig.sync(1, CONF);

        Change change = change(outcome.plan(), "conf");
        assertThat(change.adoption().orElseThrow().losses())
                .containsExactly(new Takeover.Loss("tool", List.of("data.mode")));
        assertThat(change.reason().text()).contains("tool loses data.mode");
        assertThat(data()).isEqualTo(Written.object("{mode: fast, level: high, theirs: x}"));
        assertThat(managers("conf")).containsExactlyInAnyOrder("tool", "trimtab-demo");
    }

    @Test
    void whatWasSetByHandWithTheSameValueCanStillBeRemovedAndTheRestStays() {
        namespace();
        rig.unrecorded()
                .create(
                        rig.type("v1", "ConfigMap"),
                        Written.object(
                                "{apiVersion: v1, kind: ConfigMap, metadata: {name: conf, namespace: shop}, data: {level: high, theirs: x}}"),
                        "some-script");
        rig.sync(1, CONF);

        rig.sync(2, CONF.replace(", level: high", ""));

        assertThat(data()).isEqualTo(Written.object("{mode: fast, theirs: x}"));
    }

    @Test
    void removalsWorkAfterManagedFieldsWereWiped() {
        rig.sync(1, CONF);
        rig.unrecorded()
                .patch(
                        rig.type("v1", "ConfigMap"),
                        Optional.of("shop"),
                        "conf",
                        "",
                        PatchType.MERGE,
                        Written.object("metadata: {managedFields: [{}]}"),
                        "kubectl-edit");
        assertThat(live("conf").path("metadata").has("managedFields")).isFalse();

        Outcome outcome = rig.sync(1, CONF);

        assertThat(change(outcome.plan(), "conf").reason().code()).isEqualTo(PlanCode.ADOPTED);
        assertThat(managers("conf")).containsExactly("trimtab-demo");
        rig.sync(2, CONF.replace(", level: high", ""));
        assertThat(data()).isEqualTo(Written.object("{mode: fast}"));
    }

    @Test
    void fieldsThatTheServerAttributesToThoseBeforeTheFirstApplyAreTakenBack() {
        rig.sync(1, CONF);
        ObjectNode conf = live("conf");
        ObjectNode copy = ((ObjectNode) conf.at("/metadata/managedFields/0").deepCopy())
                .put("manager", Takeover.BEFORE_FIRST_APPLY)
                .put("operation", "Update");
        JsonNode entries = conf.at("/metadata/managedFields").deepCopy();
        ((ArrayNode) entries).add(copy);
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").set("managedFields", entries);
        rig.unrecorded()
                .patch(rig.type("v1", "ConfigMap"), Optional.of("shop"), "conf", "", PatchType.MERGE, patch, "x");
        assertThat(managers("conf")).contains(Takeover.BEFORE_FIRST_APPLY);

        rig.sync(1, CONF);

        assertThat(managers("conf")).containsExactly("trimtab-demo");
        assertThat(rig.plan(1, CONF).changes()).isEmpty();
    }

    @Test
    void objectOfAHelmReleaseIsTakenOnlyWithConsent() {
        namespace();
        rig.unrecorded().create(rig.type("v1", "ConfigMap"), Written.object("""
                        apiVersion: v1
                        kind: ConfigMap
                        metadata:
                          name: conf
                          namespace: shop
                          labels: {app.kubernetes.io/managed-by: Helm}
                          annotations: {meta.helm.sh/release-name: shop, meta.helm.sh/release-namespace: shop}
                        data: {mode: slow, chart: x}
                        """), "helm");

        Plan refused = rig.plan(1, CONF);

        assertThat(refused.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(PlanCode.OTHER_TOOL);
            assertThat(problem.text()).contains("helm (shop)").contains("trimtab.dev/adopt: helm");
        });
        String consented = CONF.replace(
                "namespace: shop}\ndata", "namespace: shop, annotations: {trimtab.dev/adopt: helm}}\ndata");
        Outcome outcome = rig.sync(1, consented);
        assertThat(change(outcome.plan(), "conf").adoption().orElseThrow().from())
                .containsExactly("helm");
        assertThat(data()).isEqualTo(Written.object("{mode: fast, level: high}"));
        assertThat(live("conf").at("/metadata/annotations").has("meta.helm.sh/release-name"))
                .isFalse();
        assertThat(managers("conf")).containsExactly("trimtab-demo");
    }

    @Test
    void ofTwoSyncsThatCreateOneObjectTheSecondIsRefusedWithBothNames() {
        Desired desired = Written.desired(1, CONF);
        rig.sync(1, NAMESPACE);
        Plan plan = rig.plan(desired, Set.of(), false);
        byOtherSync();

        Outcome outcome = rig.apply(plan, desired);

        assertThat(outcome.results().get(key("", "ConfigMap", "shop", "conf")))
                .isInstanceOfSatisfying(Result.Failed.class, failed -> {
                    assertThat(failed.code()).isEqualTo(ApplyCode.OTHER_SYNC);
                    assertThat(failed.text()).contains("sync other").contains("sync demo");
                });
        assertThat(data()).isEqualTo(Written.object("{mode: other}"));
        assertThat(rig.plan(1, CONF).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(PlanCode.OTHER_SYNC);
            assertThat(problem.text()).contains("sync other").contains("sync demo");
        });
    }

    @Test
    void objectWhoseLabelWasTakenAwayStillBelongsToTheSyncThatAppliesIt() {
        rig.sync(1, NAMESPACE);
        byOtherSync();
        rig.edit("v1", "ConfigMap", "shop", "conf", "kubectl-edit", "metadata: {labels: {trimtab.dev/sync: null}}");

        assertThat(rig.plan(1, CONF).problems())
                .extracting(Plan.ObjectProblem::code)
                .containsExactly(PlanCode.OTHER_SYNC);
    }

    @Test
    void objectMovesToAnotherSyncWithConsent() {
        rig.sync(1, NAMESPACE);
        byOtherSync();

        rig.sync(
                1,
                CONF.replace(
                        "namespace: shop}\ndata",
                        "namespace: shop, annotations: {trimtab.dev/adopt: trimtab-other}}\ndata"));

        assertThat(data()).isEqualTo(Written.object("{mode: fast, level: high}"));
        assertThat(managers("conf")).containsExactly("trimtab-demo");
    }

    @Test
    void oneProcessRefusesASecondClaimEvenWhenNothingWasWritten() {
        Claims claims = new Claims();
        Desired first = Written.desired(1, CONF);
        Plan held = planner("one", claims).plan(request(first));
        Plan refused = planner("two", claims).plan(request(first));

        assertThat(held.problems()).isEmpty();
        assertThat(refused.problems()).hasSize(2).allSatisfy(problem -> {
            assertThat(problem.code()).isEqualTo(PlanCode.OTHER_SYNC);
            assertThat(problem.text()).contains("sync one").contains("sync two");
        });
        planner("one", claims).plan(request(Written.desired(2, NAMESPACE)));
        assertThat(planner("two", claims).plan(request(first)).problems()).hasSize(1);
    }

    private Planner planner(String sync, Claims claims) {
        return new Planner(
                rig.cluster,
                sync,
                claims,
                PodDetail.NAMES,
                UpdateStrategy.Policy.IN_PLACE_IF_POSSIBLE,
                Clock.systemUTC());
    }

    private static PlanRequest request(Desired desired) {
        return new PlanRequest("file:///repo.git", Optional.empty(), desired, Set.of(), Set.of(), Set.of(), false);
    }

    private void namespace() {
        rig.unrecorded().create(rig.type("v1", "Namespace"), Written.object(NAMESPACE), "kubectl-create");
    }

    /** As {@code kubectl apply} writes a new object. */
    private void byClientSideApply(String yaml) {
        namespace();
        ObjectNode object = Written.object(yaml);
        String copy = object.toString();
        object.withObjectProperty("metadata").withObjectProperty("annotations").put(Takeover.LAST_APPLIED, copy);
        rig.unrecorded()
                .create(
                        rig.type(
                                object.path("apiVersion").asText(),
                                object.path("kind").asText()),
                        object,
                        "kubectl-client-side-apply");
    }

    private void byApply(String manager, String data) {
        rig.unrecorded()
                .apply(
                        rig.type("v1", "ConfigMap"),
                        Written.object(
                                "{apiVersion: v1, kind: ConfigMap, metadata: {name: conf, namespace: shop}, data: "
                                        + data + "}"),
                        new ApplyOptions(manager, false, false));
    }

    private void byOtherSync() {
        ClusterClient cluster = rig.unrecorded();
        cluster.apply(
                rig.type("v1", "ConfigMap"),
                Written.object(
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: conf, namespace: shop, labels: {trimtab.dev/sync: other}}, data: {mode: other}}"),
                new ApplyOptions("trimtab-other", false, false));
    }

    private static Change change(Plan plan, String name) {
        return plan.changes().stream()
                .filter(change -> change.object().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> managers(String name) {
        return ManagedFields.entries(live(name).path("metadata")).stream()
                .map(ManagedFields.Entry::manager)
                .toList();
    }

    private JsonNode data() {
        return live("conf").path("data");
    }

    private ObjectNode live(String name) {
        return live("v1", "ConfigMap", name);
    }

    private ObjectNode live(String apiVersion, String kind, String name) {
        return rig.live(apiVersion, kind, "shop", name).orElseThrow();
    }
}
