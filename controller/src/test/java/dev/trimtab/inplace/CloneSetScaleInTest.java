package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which pods go when there are too many, and which because they were named. */
class CloneSetScaleInTest {

    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

    @Test
    void crowdedNodesLosePodsFirstAndEndUpEven() {
        assertThat(order("{}", Map.of(), "a", "a", "a", "a", "b", "b", "b")).startsWith("3", "6", "2");
    }

    @Test
    void withSpreadConstraintsThePlaceIsWhatTheyName() {
        Map<String, JsonNode> nodes = Map.of(
                "a", Trees.yaml("{zone: x}"),
                "b", Trees.yaml("{zone: x}"),
                "c", Trees.yaml("{zone: y}"));

        assertThat(order("{topologySpreadConstraints: [{topologyKey: zone}]}", nodes, "a", "b", "c", "c", "a"))
                .as("three in zone x, though no node has more than two")
                .startsWith("4");
        assertThat(order("{topologySpreadConstraints: [{topologyKey: zone}]}", Map.of(), "a", "b", "c"))
                .as("what is not known is one place")
                .startsWith("2");
    }

    @Test
    void theDeletionCostOutweighsCrowding() {
        List<ObjectNode> pods = pods("a", "a", "b");
        pods.get(2).withObject("/metadata/annotations").put(CloneSetKeys.DELETION_COST, "-1");

        assertThat(order(state("{}", Map.of(), pods))).startsWith("2");
    }

    @Test
    void aNamedPodIsReplacedAndItsNameTakenOffTheList() {
        CloneSetWorld world = new CloneSetWorld(new SplittableRandom(1));
        world.settle();
        String named = world.pods.keySet().iterator().next();
        world.spec().putObject("scaleStrategy").putArray("podsToDelete").add(named);
        assertThat(world.settle()).isTrue();

        assertThat(world.pods).hasSize(3).doesNotContainKey(named);
        assertThat(world.cloneSet.at("/spec/scaleStrategy/podsToDelete")).isEmpty();
    }

    @Test
    void aNamedPodIsTheOneThatGoesWithAScaleIn() {
        CloneSetWorld world = new CloneSetWorld(new SplittableRandom(1));
        world.settle();
        List<String> names = List.copyOf(world.pods.keySet());
        world.spec()
                .put("replicas", 2)
                .putObject("scaleStrategy")
                .putArray("podsToDelete")
                .add(names.get(1));
        assertThat(world.settle()).isTrue();

        assertThat(world.pods).containsOnlyKeys(names.get(0), names.get(2));
    }

    @Test
    void namesOfPodsThatAreThereStayOnTheList() {
        CloneSetWorld world = new CloneSetWorld(new SplittableRandom(1));
        world.settle();
        String named = world.pods.keySet().iterator().next();
        world.strategy().put("maxUnavailable", 0).put("maxSurge", 1);
        world.spec()
                .putObject("scaleStrategy")
                .putArray("podsToDelete")
                .add(named)
                .add("web-gone");
        world.reconcile();

        assertThat(world.cloneSet.at("/spec/scaleStrategy/podsToDelete")).isEqualTo(Trees.json("[\"" + named + "\"]"));
        assertThat(world.pods).as("its successor comes first").hasSize(4);
    }

    private static List<ObjectNode> pods(String... nodes) {
        return IntStream.range(0, nodes.length)
                .mapToObj(i -> Trees.yaml("""
                        metadata: {name: "%d", uid: "%d", creationTimestamp: "2026-01-01T00:00:%02dZ"}
                        spec: {nodeName: %s}
                        status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
                        """.formatted(i, i, i, nodes[i])))
                .toList();
    }

    private static CloneSetState state(String spec, Map<String, JsonNode> nodes, List<ObjectNode> pods) {
        ObjectNode set = Trees.yaml("{metadata: {name: web}, spec: {template: {}}}");
        set.withObject("/spec/template").set("spec", Trees.yaml(spec));
        return CloneSetState.of(
                        CloneSet.of(set), pods.stream().map(PodView::new).toList(), List.of(), List.of(), NOW)
                .onNodes(nodes);
    }

    private static List<String> order(String spec, Map<String, JsonNode> nodes, String... pods) {
        return order(state(spec, nodes, pods(pods)));
    }

    private static List<String> order(CloneSetState state) {
        return state.pods().stream()
                .sorted(PodOrder.toDelete(state))
                .map(PodView::name)
                .toList();
    }
}
