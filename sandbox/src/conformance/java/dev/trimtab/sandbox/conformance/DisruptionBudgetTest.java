package dev.trimtab.sandbox.conformance;

import static dev.trimtab.sandbox.conformance.Workloads.PODS;
import static dev.trimtab.sandbox.conformance.Workloads.V1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.judge.Part;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many pods a PodDisruptionBudget lets go, and what an eviction beyond that is told. */
@Conformance
@Needs({Part.CONTROLLERS, Part.NODES})
final class DisruptionBudgetTest {

    private static final String BUDGETS = "/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets";

    private final Api api;
    private final Workloads workloads;

    DisruptionBudgetTest(Api api) {
        this.api = api;
        this.workloads = new Workloads(api);
    }

    private void running(String name, int replicas) {
        workloads.deployment(name, Workloads.template(name, V1), "replicas: " + replicas);
        workloads.awaitRollout(name);
    }

    private void budget(String name, String spec) {
        api.post(
                        BUDGETS,
                        "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: " + name
                                + "}, spec: {selector: {matchLabels: {app: " + name + "}}, " + spec + "}}")
                .ok();
    }

    private JsonNode allowing(String name, int allowed) {
        return workloads.await(
                BUDGETS + "/" + name,
                budget -> Objects.observed(budget)
                        && budget.at("/status/disruptionsAllowed").asInt() == allowed);
    }

    private Answer evict(String pod) {
        return api.post(
                PODS + "/" + pod + "/eviction",
                "{apiVersion: policy/v1, kind: Eviction, metadata: {name: " + pod + "}}");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            minimum       | minAvailable: 2     | 2 | 1
            minimum-share | minAvailable: 50%   | 2 | 1
            maximum       | maxUnavailable: 1   | 2 | 1
            maximum-share | maxUnavailable: 50% | 1 | 2
            nothing       | maxUnavailable: 0   | 3 | 0
            """)
    void itsStatusSaysHowManyMayGo(String name, String spec, int desired, int allowed) {
        running(name, 3);
        budget(name, spec);
        JsonNode budget = allowing(name, allowed);

        assertThat(budget.at("/status/currentHealthy").asInt()).isEqualTo(3);
        assertThat(budget.at("/status/desiredHealthy").asInt()).isEqualTo(desired);
        assertThat(budget.at("/status/expectedPods").asInt()).isEqualTo(3);
        JsonNode condition = Objects.condition(budget, "DisruptionAllowed");
        assertThat(condition.path("status").asText()).isEqualTo(allowed > 0 ? "True" : "False");
        assertThat(condition.path("reason").asText()).isEqualTo(allowed > 0 ? "SufficientPods" : "InsufficientPods");
    }

    @Test
    void anEvictionBeyondItIsTooManyAndLaterOnIsNot() {
        running("evicted", 2);
        budget("evicted", "minAvailable: 2");
        allowing("evicted", 0);
        String pod = Objects.name(workloads.pods("evicted").get(0));
        Answer refused = evict(pod);

        assertThat(refused.code()).isEqualTo(429);
        assertThat(refused.reason()).isEqualTo("TooManyRequests");
        assertThat(refused.message()).isEqualTo("Cannot evict pod as it would violate the pod's disruption budget.");
        assertThat(refused.at("/details/causes")).isEqualTo(Api.tree("""
                        - reason: DisruptionBudget
                          message: The disruption budget evicted needs 2 healthy pods and has 2 currently
                        """));

        api.merge("/apis/apps/v1/namespaces/{ns}/deployments/evicted/scale", "{spec: {replicas: 3}}")
                .ok();
        allowing("evicted", 1);
        Answer evicted = evict(pod);
        assertThat(evicted.code()).isEqualTo(201);
        assertThat(evicted.text("/status")).isEqualTo("Success");
        workloads.awaitGone(PODS + "/" + pod);
        allowing("evicted", 1);
    }

    @Test
    void oneEvictionUsesItUpUntilTheReplacementIsReady() {
        running("used", 2);
        budget("used", "maxUnavailable: 1");
        allowing("used", 1);
        List<JsonNode> pods = workloads.pods("used");

        assertThat(evict(Objects.name(pods.get(0))).code()).isEqualTo(201);
        assertThat(evict(Objects.name(pods.get(1))).code()).isEqualTo(429);
        workloads.awaitReady("used", 2);
        allowing("used", 1);
    }

    @Test
    void aPodThatDoesNotRunYetMayAlwaysGo() {
        workloads.deployment("pending", Workloads.idleTemplate("pending"), "replicas: 1");
        String pod = Objects.name(
                workloads.awaitPods("pending", pods -> pods.size() == 1).get(0));
        budget("pending", "minAvailable: 1");
        allowing("pending", 0);

        assertThat(evict(pod).code()).isEqualTo(201);
    }
}
