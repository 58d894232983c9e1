package dev.trimtab.sandbox.conformance;

import static dev.trimtab.sandbox.conformance.Workloads.PODS;
import static dev.trimtab.sandbox.conformance.Workloads.REPLICA_SETS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.judge.Part;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pod a ReplicaSet gives up when it has one too many. */
@Conformance
@Needs(Part.CONTROLLERS)
final class ScaleInOrderTest {

    private static final String RUNNING = "phase: Running, conditions: [{type: Ready, status: 'True',"
            + " lastTransitionTime: '2026-01-01T00:00:00Z'}]";

    private final Api api;
    private final Workloads workloads;

    ScaleInOrderTest(Api api) {
        this.api = api;
        this.workloads = new Workloads(api);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            a-pending-one-before-running-ones      | {}               | {}                            | {STAYS}         | {phase: Pending}
            an-unready-one-before-ready-ones       | {}               | {}                            | {STAYS}         | {phase: Running}
            the-cheapest                           | {cost: '10'}     | {cost: '-5'}                  | {STAYS}         | {STAYS}
            one-without-a-cost-counts-as-zero      | {cost: '10'}     | {}                            | {STAYS}         | {STAYS}
            an-unready-one-though-it-is-dear       | {}               | {cost: '100'}                 | {STAYS}         | {phase: Running}
            the-one-restarted-most                 | {}               | {}                            | {STAYS}         | {STAYS, containerStatuses: [{name: app, restartCount: 7, ready: true, image: a, imageID: a}]}
            the-one-ready-for-the-shortest-time    | {}               | {}                            | {STAYS}         | {phase: Running, conditions: [{type: Ready, status: 'True', lastTransitionTime: '2026-11-01T00:00:00Z'}]}
            """)
    void givesUp(String rule, String costOfThose, String costOfThat, String statusOfThose, String statusOfThat) {
        String name = rule.replaceAll("[^a-z]", "-");
        workloads.replicaSet(name, Workloads.idleTemplate(name), "replicas: 3");
        List<JsonNode> pods = workloads.awaitPods(name, present -> present.size() == 3);
        String goes = Objects.name(pods.get(1));
        List<String> stay = new ArrayList<>();
        for (JsonNode pod : pods) {
            boolean that = Objects.name(pod).equals(goes);
            annotate(Objects.name(pod), that ? costOfThat : costOfThose);
            workloads.play(Objects.name(pod), (that ? statusOfThat : statusOfThose).replace("STAYS", RUNNING));
            if (!that) {
                stay.add(Objects.name(pod));
            }
        }
        // A scale-in before the controller has seen the statuses would be a guess.
        long ready = workloads.pods(name).stream().filter(Objects::ready).count();
        workloads.await(
                REPLICA_SETS + "/" + name,
                set -> set.at("/status/readyReplicas").asLong() == ready);

        api.merge(REPLICA_SETS + "/" + name + "/scale", "{spec: {replicas: 2}}").ok();

        assertThat(workloads.awaitPods(name, present -> present.size() == 2))
                .extracting(Objects::name)
                .containsExactlyInAnyOrderElementsOf(stay);
    }

    private void annotate(String pod, String costs) {
        String annotations = costs.replace("cost", "controller.kubernetes.io/pod-deletion-cost");
        api.merge(PODS + "/" + pod, "{metadata: {annotations: " + annotations + "}}")
                .ok();
    }
}
