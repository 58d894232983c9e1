package dev.trimtab.apply;

import static dev.trimtab.apply.Shop.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.FieldPointer;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.render.Desired;
import dev.trimtab.render.IgnoreRules;
import dev.trimtab.render.IgnoreRules.Rule;
import dev.trimtab.render.Written;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a sync leaves to others: fields of ignore rules, and the number of replicas where something scales. */
class IgnoredFieldsScenarioTest {

    private static final String WEB = NAMESPACE + "---\n" + """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop, annotations: {owner: git}}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: web, image: "web:1", env: [{name: A, value: b}]}]}
            """;

    private static final String AUTOSCALER = """
            ---
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: web, namespace: shop}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
              minReplicas: 2
              maxReplicas: 9
            """;

    private static final IgnoreRules IMAGE = rules("/spec/template/spec/containers/[name=web]/image");
    private static final IgnoreRules REPLICAS = rules("/spec/replicas");

    private final SyncRig rig = new SyncRig(false);

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void anIgnoredFieldIsSentOnceAndThenNobodysOfOurs() {
        sync(1, WEB, IMAGE);

        assertThat(image()).isEqualTo("web:1");
        assertThat(owned("spec.template.spec.containers[web].image")).isFalse();
        assertThat(owned("spec.template.spec.containers[web].env[A].value")).isTrue();
        assertThat(plan(2, WEB, IMAGE).changes()).isEmpty();
    }

    @Test
    void whatAnotherWritesThereIsNeitherDriftNorChangeAndSurvivesOurNextCommit() {
        sync(1, WEB, IMAGE);
        setImage("web:7");

        Plan drift = rig.plan(IMAGE.on(Written.desired(1, WEB)), Set.of(), true);
        Outcome outcome = sync(2, WEB.replace("value: b", "value: c"), IMAGE);

        assertThat(drift.changes()).isEmpty();
        assertThat(outcome.plan().changes())
                .singleElement()
                .satisfies(change -> assertThat(change.fields())
                        .extracting(field -> field.path())
                        .containsExactly("spec.template.spec.containers[web].env[A].value"));
        assertThat(outcome.succeeded()).isTrue();
        assertThat(image()).isEqualTo("web:7");
        assertThat(live().at("/spec/template/spec/containers/0/env/0/value").asText())
                .isEqualTo("c");
    }

    @Test
    void aRuleThatComesLaterGivesOwnershipUpAndKeepsTheValue() {
        sync(1, WEB, IgnoreRules.NONE);
        JsonNode generation = live().at("/metadata/generation");

        Outcome outcome = sync(2, WEB, REPLICAS);

        Change change = outcome.plan().changes().get(0);
        assertThat(change.reason().code()).isEqualTo(PlanCode.LEFT_TO_OTHERS);
        assertThat(change.fields()).isEmpty();
        assertThat(change.adoption().orElseThrow().yields()).containsExactly("/spec/replicas");
        assertThat(replicas()).isEqualTo(2);
        assertThat(live().at("/metadata/generation")).isEqualTo(generation);
        assertThat(owned("spec.replicas")).isFalse();
        assertThat(plan(3, WEB, REPLICAS).changes()).isEmpty();
    }

    @Test
    void aRuleThatGoesPutsTheValueOfGitBack() {
        sync(1, WEB, REPLICAS);
        scale(5);

        Outcome outcome = sync(2, WEB, IgnoreRules.NONE);

        assertThat(outcome.succeeded()).isTrue();
        assertThat(replicas()).isEqualTo(2);
        assertThat(owned("spec.replicas")).isTrue();
    }

    @Test
    void anIgnoredFieldIsAskedForOnlyInThatItIsIgnored() {
        Desired one = REPLICAS.on(Written.desired(1, WEB));
        Desired other = REPLICAS.on(Written.desired(1, WEB.replace("replicas: 2", "replicas: 4")));
        Desired without = Written.desired(1, WEB);

        assertThat(digests(one)).isEqualTo(digests(other)).isNotEqualTo(digests(without));
    }

    @Test
    void takingAnObjectOverLeavesIgnoredFieldsAsTheyAre() {
        rig.sync(1, NAMESPACE);
        ObjectNode byKubectl =
                Written.object(WEB.substring(WEB.indexOf("---\n") + 4).replace("web:1", "web:9"));
        rig.unrecorded().create(rig.type("apps/v1", "Deployment"), byKubectl, "kubectl-client-side-apply");

        Outcome outcome = sync(2, WEB, IMAGE);

        assertThat(outcome.succeeded()).isTrue();
        assertThat(change(outcome.plan()).fields())
                .extracting(field -> field.path())
                .doesNotContain("spec.template.spec.containers[web].image");
        assertThat(image()).isEqualTo("web:9");
        assertThat(owned("spec.template.spec.containers[web].image")).isFalse();
        assertThat(plan(3, WEB, IMAGE).changes()).isEmpty();
    }

    @Test
    void partOfAnAtomicListIsSentAsItIs() {
        String crd = SchemalessQuantityTest.CART;
        IgnoreRules rules = new IgnoreRules(List.of(new Rule(
                "CloneSet",
                Optional.of("ca*"),
                Optional.of("shop"),
                List.of(FieldPointer.parse("/spec/template/spec/containers/[name=cart]/image")))));
        sync(1, crd, rules);
        rig.edit("apps.kruise.io/v1alpha1", "CloneSet", "shop", "cart", "updater", """
                {spec: {template: {spec: {containers: [{name: cart, image: "cart:8", resources: {limits: {cpu: '1', memory: 1Gi}}}]}}}}
                """);

        Outcome outcome = sync(2, crd.replace("cpu: 1000m", "cpu: 2"), rules);

        assertThat(outcome.succeeded()).isTrue();
        JsonNode container = rig.live("apps.kruise.io/v1alpha1", "CloneSet", "shop", "cart")
                .orElseThrow()
                .at("/spec/template/spec/containers/0");
        assertThat(container.path("image").asText()).isEqualTo("cart:8");
        assertThat(container.at("/resources/limits/cpu").asText()).isEqualTo("2");
        assertThat(plan(3, crd.replace("cpu: 1000m", "cpu: 2"), rules).changes())
                .isEmpty();
    }

    @Test
    void replicasAreLeftToAnAutoscalerOfTheSameCommitWithoutAMomentOfOneReplica() {
        sync(1, WEB, IgnoreRules.NONE);
        scale(5);
        JsonNode generation = live().at("/metadata/generation");

        Outcome outcome = sync(2, WEB + AUTOSCALER, IgnoreRules.NONE);

        assertThat(outcome.succeeded()).isTrue();
        assertThat(replicas()).isEqualTo(5);
        assertThat(live().at("/metadata/generation")).isEqualTo(generation);
        assertThat(outcome.plan().warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.text())
                        .contains("spec.replicas is left to HorizontalPodAutoscaler shop/web"));
        assertThat(plan(3, WEB + AUTOSCALER, IgnoreRules.NONE).changes()).isEmpty();
        // Taking it out of Git, as the warning says, does not scale either.
        sync(4, WEB.replace("  replicas: 2\n", "") + AUTOSCALER, IgnoreRules.NONE);
        assertThat(replicas()).isEqualTo(5);
    }

    @Test
    void replicasAreLeftToAnAutoscalerThatIsOnlyInTheCluster() {
        sync(1, WEB, IgnoreRules.NONE);
        createAutoscaler();
        scale(6);
        rig.recorded.forget();

        Plan drift = rig.plan(Written.desired(1, WEB), Set.of(), true);

        assertThat(drift.changes()).isEmpty();
        assertThat(drift.warnings()).hasSize(1);
        Outcome outcome = sync(2, WEB.replace("web:1", "web:2"), IgnoreRules.NONE);
        assertThat(outcome.succeeded()).isTrue();
        assertThat(image()).isEqualTo("web:2");
        assertThat(replicas()).isEqualTo(6);
    }

    @Test
    void replicasThatLeaveGitAreLeftToAnAutoscalerThatIsOnlyInTheCluster() {
        sync(1, WEB, IgnoreRules.NONE);
        createAutoscaler();

        Outcome outcome = sync(2, WEB.replace("  replicas: 2\n", ""), IgnoreRules.NONE);

        assertThat(outcome.plan().changes().get(0).reason().code()).isEqualTo(PlanCode.LEFT_TO_OTHERS);
        assertThat(outcome.succeeded()).isTrue();
        assertThat(replicas()).isEqualTo(2);
    }

    @Test
    void noAutoscalerIsAskedForWhileReplicasAreAsInGit() {
        sync(1, WEB, IgnoreRules.NONE);
        createAutoscaler();
        rig.recorded.forget();

        Desired desired = Written.desired(2, WEB.replace("web:1", "web:2"));
        Plan plan = rig.plan(desired, Set.of(Written.key("", "Namespace", "", "shop")), false);
        rig.apply(plan, desired);

        assertThat(rig.recorded.calls("list")).doesNotContain("list HorizontalPodAutoscaler");
        assertThat(rig.recorded.calls("get")).hasSize(1);
        assertThat(rig.recorded.calls("dry-run")).hasSize(1);
        assertThat(rig.recorded.writes()).containsExactly("apply Deployment shop/web");
    }

    @Test
    void whoMayNotSeeAutoscalersStillScalesAsGitSays() {
        sync(1, WEB, IgnoreRules.NONE);
        rig.recorded.before(call -> {
            if (call.equals("list HorizontalPodAutoscaler")) {
                throw new ApiException(403, ErrorClass.FORBIDDEN, "no", List.of(), Optional.empty());
            }
        });

        sync(2, WEB.replace("replicas: 2", "replicas: 3"), IgnoreRules.NONE);

        assertThat(replicas()).isEqualTo(3);
    }

    private void createAutoscaler() {
        rig.unrecorded()
                .create(
                        rig.type("autoscaling/v2", "HorizontalPodAutoscaler"),
                        Written.object(AUTOSCALER.substring(4)),
                        "kubectl-create");
    }

    private void scale(int replicas) {
        rig.unrecorded()
                .patch(
                        rig.type("apps/v1", "Deployment"),
                        Optional.of("shop"),
                        "web",
                        "scale",
                        PatchType.MERGE,
                        Written.object("{spec: {replicas: " + replicas + "}}"),
                        "kube-controller-manager");
    }

    private void setImage(String image) {
        rig.unrecorded()
                .patch(
                        rig.type("apps/v1", "Deployment"),
                        Optional.of("shop"),
                        "web",
                        "",
                        PatchType.STRATEGIC,
                        Written.object(
                                "{spec: {template: {spec: {containers: [{name: web, image: '" + image + "'}]}}}}"),
                        "kubectl-set");
    }

    private Outcome sync(int revision, String yaml, IgnoreRules rules) {
        Desired desired = rules.on(Written.desired(revision, yaml));
        return rig.apply(rig.plan(desired, Set.of(), false), desired);
    }

    private Plan plan(int revision, String yaml, IgnoreRules rules) {
        return rig.plan(rules.on(Written.desired(revision, yaml)), Set.of(), false);
    }

    private static Change change(Plan plan) {
        return plan.changes().stream()
                .filter(change -> change.object().kind().equals("Deployment"))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> digests(Desired desired) {
        return desired.objects().values().stream()
                .map(object -> object.digest().value())
                .toList();
    }

    private static IgnoreRules rules(String path) {
        return new IgnoreRules(
                List.of(new Rule("Deployment", Optional.empty(), Optional.empty(), List.of(FieldPointer.parse(path)))));
    }

    private String image() {
        return live().at("/spec/template/spec/containers/0/image").asText();
    }

    private int replicas() {
        return live().at("/spec/replicas").asInt();
    }

    private boolean owned(String path) {
        return ManagedFields.ownedBy(live().path("metadata"), "trimtab-demo")
                .orElseThrow()
                .touches(path);
    }

    private ObjectNode live() {
        return rig.live("apps/v1", "Deployment", "shop", "web").orElseThrow();
    }
}
