package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pods are updated first. Pods are numbered in the order they have without any strategy. */
class CloneSetOrderTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "6, '4,5', '4,0,1,2,3,5'",
        "6, '3,4,5', '3,0,1,4,2,5'",
        "9, '6,7,8', '6,0,1,2,7,3,4,5,8'",
        "6, '4', '0,1,2,3,4,5'",
        "3, '0,1', '0,1,2'",
        "6, '0,1,2,3', '0,4,1,2,5,3'"
    })
    void scatteredPodsAreSpreadAndTheLastIsKeptForTheEnd(int count, String matching, String expected) {
        List<ObjectNode> pods = pods(count);
        for (String index : matching.split(",", -1)) {
            label(pods.get(Integer.parseInt(index)), "shard", "a");
        }

        assertThat(order("{scatterStrategy: [{key: shard, value: a}]}", pods)).isEqualTo(expected);
    }

    @Test
    void theScatterTermWithFewerPodsHasTheLastWord() {
        List<ObjectNode> pods = pods(6);
        for (int i : new int[] {3, 4, 5}) {
            label(pods.get(i), "shard", "a");
        }
        for (int i : new int[] {1, 2}) {
            label(pods.get(i), "zone", "b");
        }

        assertThat(order("{scatterStrategy: [{key: zone, value: b}, {key: shard, value: a}]}", pods))
                .isEqualTo("1,3,0,4,5,2");
    }

    @Test
    void theWeightsOfAllMatchingTermsAddUp() {
        List<ObjectNode> pods = pods(4);
        label(pods.get(1), "canary", "yes");
        label(pods.get(2), "canary", "yes");
        label(pods.get(2), "zone", "b");
        label(pods.get(3), "zone", "b");

        assertThat(order("""
                        priorityStrategy:
                          weightPriority:
                          - {weight: 50, matchSelector: {matchLabels: {zone: b}}}
                          - {weight: 30, matchSelector: {matchExpressions: [{key: canary, operator: Exists}]}}
                        """, pods)).isEqualTo("2,3,1,0");
    }

    @Test
    void anOrderKeyComparesTheNumberAtTheEndAndPodsWithoutAnyKeyGoFirst() {
        List<ObjectNode> pods = pods(5);
        label(pods.get(0), "first", "rank-2");
        label(pods.get(1), "first", "rank-10");
        label(pods.get(2), "second", "rank-99");
        label(pods.get(3), "first", "none");

        assertThat(order("{priorityStrategy: {orderPriority: [{orderedKey: first}, {orderedKey: second}]}}", pods))
                .isEqualTo("4,1,0,3,2");
    }

    @Test
    void aPriorityOutweighsThatAPodIsOutOfService() {
        List<ObjectNode> pods = pods(3);
        label(pods.get(2), "canary", "yes");
        pods.get(0).putObject("status").put("phase", "Pending");

        assertThat(order(
                        "{priorityStrategy: {weightPriority: [{weight: 9, matchSelector: {matchLabels: {canary: 'yes'}}}]}}",
                        pods))
                .isEqualTo("2,0,1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{type: InPlaceIfPossible, %s}", "{type: RollingUpdate, rollingUpdate: {%s}}"})
    void bothShapesOfTheStrategyAreRead(String shape) {
        List<ObjectNode> pods = pods(2);
        label(pods.get(1), "first", "1");
        label(pods.get(0), "second", "1");
        String strategy =
                shape.formatted("priorityStrategy: {orderPriority: [{orderedKey: first}, {orderedKey: second}]}");

        assertThat(order(strategy, pods)).isEqualTo("1,0");
    }

    @Test
    void aPodWhoseUpdateHasBegunKeepsItsPlace() {
        List<ObjectNode> pods = pods(3);
        label(pods.get(0), "first", "1");
        label(pods.get(1), "first", "2");
        pods.get(0)
                .withArray("/status/conditions")
                .addObject()
                .put("type", CloneSetKeys.GATE)
                .put("status", "False");

        assertThat(order("{priorityStrategy: {orderPriority: [{orderedKey: first}]}}", pods))
                .isEqualTo("0,2,1");
    }

    private static List<ObjectNode> pods(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Trees.yaml("""
                        metadata: {name: "%d", uid: "%d"}
                        spec: {nodeName: n}
                        status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
                        """.formatted(i, i)))
                .toList();
    }

    private static void label(ObjectNode pod, String key, String value) {
        pod.withObject("/metadata/labels").put(key, value);
    }

    private static String order(String strategy, List<ObjectNode> pods) {
        ObjectNode set = Trees.yaml("{metadata: {name: web}, spec: {}}");
        set.withObject("/spec").set("updateStrategy", Trees.yaml(strategy));
        List<PodView> views = new ArrayList<>(pods.stream().map(PodView::new).toList());
        CloneSetState state = CloneSetState.of(CloneSet.of(set), views, List.of(), List.of(), NOW);
        return String.join(
                ",",
                new UpdateOrder(state).of(views).stream().map(PodView::name).toList());
    }
}
