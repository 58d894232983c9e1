package dev.trimtab.apply;

import static dev.trimtab.apply.Shop.NAMESPACE;
import static dev.trimtab.apply.Shop.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Operation;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.plan.PodImpact;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Written;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario S12: a field changes that the server never lets change. */
class RecreateTest {

    private static final String WEB = NAMESPACE + "---\n" + """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop, annotations: {note: here}}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web, tier: front}}
                spec: {containers: [{name: web, image: "web:1"}]}
            """;

    /** The pods that run have this label. */
    private static final String OTHER_SELECTOR =
            WEB.replace("{matchLabels: {app: web}}", "{matchLabels: {tier: front}}");

    /** The pods that run do not. */
    private static final String STRANGE_SELECTOR = WEB.replace("app: web", "app: shop-web");

    private SyncRig rig = new SyncRig(true);

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void withoutConsentNothingIsDeletedAndTheRestIsApplied() {
        rig.sync(1, WEB);
        String uid = uid("web");
        rig.recorded.forget();

        Outcome outcome = rig.sync(2, OTHER_SELECTOR + "---\n" + config("conf"));

        Change change = change(outcome.plan());
        assertThat(change.action()).isEqualTo(Action.RECREATE);
        assertThat(change.reason().code()).isEqualTo(PlanCode.IMMUTABLE);
        assertThat(change.reason().fields()).containsExactly("spec.selector");
        assertThat(change.reason().advice()).isPresent();
        assertThat(outcome.results().get(change.object()))
                .isEqualTo(
                        new Result.Held(
                                ApplyCode.RECREATE_CONSENT,
                                "immutable: spec.selector; needs consent: annotate it in Git with trimtab.dev/recreate: allow, or approve the plan"));
        assertThat(outcome.results().get(Written.key("", "ConfigMap", "shop", "conf")))
                .isInstanceOf(Result.Applied.class);
        assertThat(rig.recorded.writes()).containsExactly("apply ConfigMap shop/conf");
        assertThat(uid("web")).isEqualTo(uid);
    }

    @Test
    void withConsentInGitTheObjectIsMadeAnewOnceAndPodsThatItSelectsStay() {
        rig.sync(1, allowed(WEB));
        String uid = uid("web");
        Set<String> pods = pods(2);
        rig.recorded.forget();

        Outcome outcome = settle(2, allowed(OTHER_SELECTOR));

        assertThat(rig.recorded.writes()).containsExactly("delete Deployment shop/web", "apply Deployment shop/web");
        assertThat(change(outcome.plan()).operation()).isIn(Operation.RECREATE_KEEPING_PODS, Operation.CREATE);
        assertThat(uid("web")).isNotEqualTo(uid);
        assertThat(pods(2)).isEqualTo(pods);
        assertThat(rig.plan(2, allowed(OTHER_SELECTOR)).changes()).isEmpty();
    }

    @Test
    void podsThatTheNewSelectorDoesNotMatchGoWithTheOldObject() {
        rig.sync(1, WEB);
        Set<String> pods = pods(2);

        Plan plan = rig.plan(2, allowed(STRANGE_SELECTOR));
        settle(2, allowed(STRANGE_SELECTOR));

        assertThat(change(plan).operation()).isEqualTo(Operation.RECREATE);
        assertThat(change(plan).pods().effect()).isEqualTo(PodImpact.Effect.RECREATE);
        assertThat(change(plan).pods().count()).isEqualTo(2);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(pods(2)).doesNotContainAnyElementsOf(pods));
    }

    @Test
    void aPersonWhoApprovesThePlanConsents() {
        rig.sync(1, WEB);
        String uid = uid("web");
        Desired desired = Written.desired(2, STRANGE_SELECTOR);

        Plan plan = rig.plan(desired, Set.of(), false);
        rig.apply(plan, desired, new Consent(Guards.STANDARD, true));

        assertThat(uid("web")).isNotEqualTo(uid);
    }

    @ParameterizedTest(name = "{1} of {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "v1 ConfigMap | data | immutable: true, data: {a: b} | immutable: true, data: {a: c}",
                "v1 Secret | type | type: Opaque, stringData: {a: secret} | type: example.com/a, stringData: {a: secret}",
                "rbac.authorization.k8s.io/v1 RoleBinding | roleRef | roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: a} | roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: b}",
                "batch/v1 Job | spec.template | spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: c, image: 'a:1'}]}}} | spec: {suspend: false, template: {spec: {restartPolicy: Never, containers: [{name: c, image: 'a:2'}]}}}",
                "apps/v1 StatefulSet | spec.serviceName | spec: {serviceName: a, replicas: 0, selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: 'a:1'}]}}} | spec: {serviceName: b, replicas: 0, selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: 'a:1'}]}}}",
            })
    void everyKindOfTheTableIsRecreatedWithConsent(String kind, String field, String before, String after) {
        String[] words = kind.split(" ", -1);
        String manifest = NAMESPACE + "---\n{apiVersion: " + words[0] + ", kind: " + words[1]
                + ", metadata: {name: one, namespace: shop, annotations: {trimtab.dev/recreate: allow}}, %s}\n";
        rig.sync(1, manifest.formatted(before));
        String uid = live(words[0], words[1], "one").at("/metadata/uid").asText();

        Change change = rig.plan(2, manifest.formatted(after)).changes().get(0);
        settle(2, manifest.formatted(after));

        assertThat(change.reason().fields()).containsExactly(field);
        assertThat(change.fields()).isNotEmpty();
        assertThat(change.toString()).doesNotContain("secret").doesNotContain("c2VjcmV0");
        assertThat(live(words[0], words[1], "one").at("/metadata/uid").asText()).isNotEqualTo(uid);
        assertThat(rig.plan(2, manifest.formatted(after)).changes()).isEmpty();
    }

    @Test
    void aMistakeBesideAnImmutableFieldDeletesNothing() {
        rig.sync(1, WEB);
        rig.recorded.forget();

        Outcome outcome = rig.sync(2, allowed(OTHER_SELECTOR).replace("image: \"web:1\"", "image: \"\""));

        assertThat(outcome.plan().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(PlanCode.INVALID));
        assertThat(rig.recorded.writes()).isEmpty();
    }

    @Test
    void aClaimIsNeverRecreated() {
        String claim = NAMESPACE + "---\n" + """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: data, namespace: shop, annotations: {trimtab.dev/recreate: allow}}
                spec: {storageClassName: a, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """;
        rig.sync(1, claim);
        rig.recorded.forget();
        Desired desired = Written.desired(2, claim.replace("storageClassName: a", "storageClassName: b"));

        Plan plan = rig.plan(desired, Set.of(), false);
        rig.apply(plan, desired, new Consent(Guards.STANDARD, true));

        assertThat(plan.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(PlanCode.NEVER_RECREATED));
        assertThat(plan.problems().get(0).text()).contains("immutable: spec");
        assertThat(rig.recorded.calls("delete")).isEmpty();
    }

    @Test
    void anObjectThatIsNotOursYetIsNotRecreated() {
        rig.sync(1, NAMESPACE);
        rig.unrecorded()
                .create(
                        rig.type("apps/v1", "Deployment"),
                        Written.object(WEB.substring(WEB.indexOf("---\n") + 4)),
                        "kubectl-create");

        Plan plan = rig.plan(2, allowed(OTHER_SELECTOR));

        assertThat(plan.changes()).isEmpty();
        assertThat(plan.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(PlanCode.INVALID));
    }

    @Test
    void aFinalizerIsWaitedForBetweenPlans() {
        rig.sync(1, allowed(WEB));
        rig.edit("apps/v1", "Deployment", "shop", "web", "kubectl", "{metadata: {finalizers: [example.com/wait]}}");
        rig.recorded.forget();

        Outcome first = rig.sync(2, allowed(STRANGE_SELECTOR));
        Outcome second = rig.sync(2, allowed(STRANGE_SELECTOR));
        rig.edit("apps/v1", "Deployment", "shop", "web", "kubectl", "{metadata: {finalizers: null}}");
        settle(2, allowed(STRANGE_SELECTOR));

        assertThat(first.results().get(key())).isInstanceOf(Result.Leaving.class);
        assertThat(second.plan().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(PlanCode.TERMINATING));
        assertThat(rig.recorded.writes()).containsExactly("delete Deployment shop/web", "apply Deployment shop/web");
    }

    /** What the next process finds in Git: the same revision, or the one before because somebody took the commit back. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProcessThatDiesBetweenDeleteAndCreateIsMadeUpFor(boolean takenBack) {
        int survived = 0;
        for (int deadly = 1; survived == 0; deadly++) {
            rig.close();
            rig = new SyncRig(true);
            rig.sync(1, allowed(WEB));
            if (!diesAt(deadly)) {
                survived = deadly - 1;
            }
            rig.restart();
            String at = "killed at write " + deadly;
            assertThat(rig.inventory.keys()).as(at).contains(key());

            String wanted = takenBack ? allowed(WEB) : allowed(STRANGE_SELECTOR);
            settle(takenBack ? 3 : 2, wanted);

            assertThat(live("apps/v1", "Deployment", "web")
                            .at("/spec/selector/matchLabels/app")
                            .asText())
                    .as(at)
                    .isEqualTo(takenBack ? "web" : "shop-web");
            assertThat(rig.plan(takenBack ? 3 : 2, wanted).changes()).as(at).isEmpty();
        }
        // The delete, the apply and the inventory.
        assertThat(survived).as("writes that were died at").isGreaterThanOrEqualTo(3);
    }

    private boolean diesAt(int deadly) {
        AtomicInteger writes = new AtomicInteger();
        rig.recorded.before(call -> {
            if (writes.get() >= deadly || (RecordedCluster.isWrite(call) && writes.incrementAndGet() >= deadly)) {
                throw new Killed();
            }
        });
        try {
            settle(2, allowed(STRANGE_SELECTOR));
            return false;
        } catch (Killed e) {
            return true;
        } finally {
            rig.recorded.before(call -> {});
        }
    }

    /** Plans and applies as the controller does, until nothing is left to do. */
    private Outcome settle(int revision, String yaml) {
        Outcome[] last = new Outcome[1];
        await().atMost(Duration.ofSeconds(20)).pollDelay(Duration.ZERO).until(() -> {
            last[0] = rig.sync(revision, yaml);
            return last[0].succeeded() && last[0].plan().complete();
        });
        return last[0];
    }

    private Set<String> pods(int count) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> rig.unrecorded().list(rig.type("v1", "Pod"), Optional.of("shop"), "").stream()
                                .filter(pod -> !pod.path("metadata").has("deletionTimestamp"))
                                .map(pod -> pod.at("/metadata/uid").asText())
                                .collect(Collectors.toSet()),
                        pods -> pods.size() == count);
    }

    private static String allowed(String yaml) {
        return yaml.replace("annotations: {note: here}", "annotations: {trimtab.dev/recreate: allow}");
    }

    private static Change change(Plan plan) {
        List<Change> changes = plan.changes().stream()
                .filter(change -> change.object().equals(key()))
                .toList();
        assertThat(changes).hasSize(1);
        return changes.get(0);
    }

    private static ObjectKey key() {
        return Written.key("apps", "Deployment", "shop", "web");
    }

    private String uid(String name) {
        return live("apps/v1", "Deployment", name).at("/metadata/uid").asText();
    }

    private ObjectNode live(String apiVersion, String kind, String name) {
        return rig.live(apiVersion, kind, "shop", name).orElseThrow();
    }

    /** Nothing of the product catches this. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
