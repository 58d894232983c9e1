package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

/** Evictions: deletions that a PodDisruptionBudget can refuse for now. */
@Conformance
final class EvictionTest {

    private static final String PODS = "/api/v1/namespaces/{ns}/pods";
    private static final String BUDGETS = "/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets";

    private final Api api;

    EvictionTest(Api api) {
        this.api = api;
    }

    private Answer readyPod(String name, String app) {
        api.post(
                        PODS,
                        "{apiVersion: v1, kind: Pod, metadata: {name: " + name + ", labels: {app: " + app
                                + "}}, spec: {schedulerName: nobody, containers: [{name: c, image: 'a:1'}]}}")
                .ok();
        return api.merge(
                        PODS + "/" + name + "/status",
                        "{status: {phase: Running, conditions: [{type: Ready, status: 'True'}]}}")
                .ok();
    }

    /** Where a controller keeps the status it comes to the same; where none does the budget is what is written here. */
    private void exhausted(String app) {
        api.post(
                        BUDGETS,
                        "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: " + app
                                + "}, spec: {minAvailable: 1, selector: {matchLabels: {app: " + app + "}}}}")
                .ok();
        api.merge(
                        BUDGETS + "/" + app + "/status",
                        "{status: {observedGeneration: 1, disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1,"
                                + " expectedPods: 1}}")
                .ok();
    }

    private Answer evict(String name) {
        return evict(name, "{}");
    }

    private Answer evict(String name, String deleteOptions) {
        return api.post(
                PODS + "/" + name + "/eviction",
                "{apiVersion: policy/v1, kind: Eviction, metadata: {name: " + name + "}, deleteOptions: "
                        + deleteOptions + "}");
    }

    @Test
    void anEvictionDeletesThePod() {
        readyPod("evicted", "evicted");
        Answer done = evict("evicted");

        assertThat(done.code()).isEqualTo(201);
        assertThat(done.json())
                .isEqualTo(Api.tree("{kind: Status, apiVersion: v1, metadata: {}, status: Success, code: 201}"));
        assertThat(api.get(PODS + "/evicted").code()).isEqualTo(404);
    }

    @Test
    void anExhaustedBudgetRefusesForNow() {
        readyPod("kept", "kept");
        exhausted("kept");

        await().untilAsserted(() -> {
            Answer refused = evict("kept");
            assertThat(refused.code()).isEqualTo(429);
            assertThat(refused.json()).isEqualTo(Api.tree("""
                            kind: Status
                            apiVersion: v1
                            metadata: {}
                            status: Failure
                            message: Cannot evict pod as it would violate the pod's disruption budget.
                            reason: TooManyRequests
                            details:
                              causes:
                              - reason: DisruptionBudget
                                message: The disruption budget kept needs 1 healthy pods and has 1 currently
                            code: 429
                            """));
        });
        assertThat(api.get(PODS + "/kept").code()).isEqualTo(200);
    }

    @Test
    void aPodThatIsNotRunningIsNotProtected() {
        api.post(
                        PODS,
                        "{apiVersion: v1, kind: Pod, metadata: {name: pending, labels: {app: pending}}, spec:"
                                + " {schedulerName: nobody, containers: [{name: c, image: 'a:1'}]}}")
                .ok();
        exhausted("pending");

        assertThat(evict("pending").code()).isEqualTo(201);
    }

    @Test
    void twoBudgetsOfOnePodAreTooMany() {
        readyPod("twice", "twice");
        exhausted("twice");
        api.post(
                        BUDGETS,
                        "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: twice-more}, spec:"
                                + " {maxUnavailable: 1, selector: {matchLabels: {app: twice}}}}")
                .ok();
        Answer refused = evict("twice");

        assertThat(refused.code()).isEqualTo(500);
        assertThat(refused.message())
                .isEqualTo("This pod has more than one PodDisruptionBudget, which the eviction subresource does not"
                        + " support.");
    }

    @Test
    void aDryRunLeavesThePod() {
        readyPod("dry", "dry");

        assertThat(evict("dry", "{dryRun: [All]}").code()).isEqualTo(201);
        assertThat(api.get(PODS + "/dry").code()).isEqualTo(200);
    }

    @Test
    void anotherUidIsAConflict() {
        readyPod("uid", "uid");
        Answer refused = evict("uid", "{preconditions: {uid: 0e7b1b5e-0000-0000-0000-000000000000}}");

        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.reason()).isEqualTo("Conflict");
        assertThat(api.get(PODS + "/uid").code()).isEqualTo(200);
    }

    @Test
    void anAbsentPodIsNotFound() {
        assertThat(evict("absent").code()).isEqualTo(404);
    }

    @Test
    void theNameInTheBodyIsTheOneInThePath() {
        readyPod("named", "named");
        Answer refused =
                api.post(PODS + "/named/eviction", "{apiVersion: policy/v1, kind: Eviction, metadata: {name: other}}");

        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.message()).isEqualTo("name in URL does not match name in Eviction object");
    }
}
