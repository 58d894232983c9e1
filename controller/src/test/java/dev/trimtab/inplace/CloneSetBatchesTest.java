package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers with launch priorities restart one group after the other. */
class CloneSetBatchesTest {

    private final CloneSetWorld world = new CloneSetWorld(new SplittableRandom(1));

    @ParameterizedTest
    @CsvSource({
        "c1, c1",
        "c3 c4, c3 c4",
        "c1 c2, c1",
        "c2, c2",
        "c1 c2 c4, c1",
        "c2 c4, c2",
        "c1 none c2, c1 none",
        "none c2, c2 none",
        "b1 c2, b1"
    })
    void theHighestPriorityAndWhatHasNoneGoFirst(String restarting, String first) {
        assertThat(Batches.first(priorities(), set(restarting), Map.of())).isEqualTo(set(first));
    }

    @Test
    void aSharedLabelRaisesTheLowerContainer() {
        Map<String, Set<String>> reads =
                Map.of("c2", Set.of("metadata.labels[k2]"), "c3", Set.of("metadata.labels[k2]"));

        assertThat(Batches.first(priorities(), set("c1 c2 c3 c4"), reads)).isEqualTo(set("c1"));
        assertThat(Batches.first(priorities(), set("c2 c3 c4"), reads)).isEqualTo(set("c2 c3"));
        assertThat(Batches.first(priorities(), set("c4"), reads)).isEqualTo(set("c4"));
    }

    @Test
    void orderedMeansTheOrderInThePod() {
        PodView pod = priorities();
        pod.json().withObject("/metadata/annotations").put(CloneSetKeys.LAUNCH_PRIORITY, "Ordered");
        ((ArrayNode) pod.json().at("/spec/containers")).forEach(container -> ((ObjectNode) container).remove("env"));

        assertThat(Batches.first(pod, set("c2 c3 none"), Map.of())).isEqualTo(set("c2"));
    }

    @Test
    void theSecondContainerWaitsUntilTheFirstIsReadyAndThePodServesAfterBoth() {
        twoContainers("10", "0");
        world.app().put("image", "app:2");
        side().put("image", "side:2");
        world.reconcile();
        world.reconcile();

        Step.PatchPod first = onlyPatch();
        assertThat(images(first)).containsExactly("app=app:2");
        JsonNode state = state(first);
        assertThat(state.path("nextContainerImages")).isEqualTo(Trees.json("{\"side\":\"side:2\"}"));
        assertThat(state.at("/preCheckBeforeNext/containersRequiredReady")).isEqualTo(Trees.json("[\"app\"]"));
        assertThat(state.at("/containerBatchesRecord/0/containers")).isEqualTo(Trees.json("[\"app\"]"));
        world.kubelet(1);
        assertThat(world.reconcile().steps()).as("it has not restarted yet").isEmpty();
        world.kubelet(1);
        Step.PatchPod second = onlyPatch();
        assertThat(images(second)).containsExactly("side=side:2");
        assertThat(state(second).has("nextContainerImages")).isFalse();
        assertThat(state(second).has("preCheckBeforeNext")).isFalse();
        assertThat(state(second).path("containerBatchesRecord")).hasSize(2);
        assertThat(state(second).at("/lastContainerStatuses/app/imageID"))
                .isEqualTo(state.at("/lastContainerStatuses/app/imageID"));
        assertThat(world.views().get(0).gateClosed()).isTrue();
        assertThat(world.settle()).isTrue();
        assertThat(world.views()).allMatch(pod -> pod.ready() && pod.restarts() == 2);
    }

    @Test
    void aContainerThatIsNotReadyHoldsTheNextOne() {
        twoContainers("10", "0");
        world.app().put("image", "app:bad");
        side().put("image", "side:2");
        assertThat(world.settle()).isTrue();

        assertThat(world.views().get(0).image("side")).isEqualTo("side:1");
    }

    @Test
    void aLabelThatTheSecondContainerReadsComesWithIt() {
        twoContainers("20", "10");
        side().withArray("env")
                .add(Trees.yaml("{name: L, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['level']\"}}}"));
        world.templateLabels().put("level", "low");
        assertThat(world.settle()).isTrue();
        world.app().put("image", "app:2");
        side().put("image", "side:2");
        world.templateLabels().put("level", "high").put("other", "x");
        world.reconcile();
        world.reconcile();

        Step.PatchPod first = onlyPatch();
        assertThat(first.patch().at("/metadata/labels").has("level")).isFalse();
        assertThat(first.patch().at("/metadata/labels/other").asText()).isEqualTo("x");
        assertThat(state(first)
                        .at("/nextContainerRefMetadata/side/labels/level")
                        .asText())
                .isEqualTo("high");
        world.kubelet(1);
        world.kubelet(1);
        Step.PatchPod second = onlyPatch();
        assertThat(images(second)).containsExactly("side=side:2");
        assertThat(second.patch().at("/metadata/labels/level").asText()).isEqualTo("high");
        assertThat(world.settle()).isTrue();
        assertThat(world.views().get(0).label("level")).isEqualTo("high");
    }

    @ParameterizedTest
    @CsvSource({"app:3, side:3", "app:3, side:2", "app:2, side:3", "app:1, side:1"})
    void aTemplateInBetweenTakesTheWaitingContainersAlong(String app, String side) {
        twoContainers("20", "10");
        side().withArray("env")
                .add(Trees.yaml("{name: L, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['level']\"}}}"));
        world.settle();
        world.app().put("image", "app:2");
        side().put("image", "side:2");
        world.templateLabels().put("level", "high");
        for (int i = 0; i < 3; i++) {
            world.reconcile();
        }
        assertThat(world.views().get(0).image("app")).isEqualTo("app:2");
        world.app().put("image", app);
        side().put("image", side);
        assertThat(world.settle()).isTrue();

        assertThat(world.views()).hasSize(1).allMatch(PodView::ready);
        PodView pod = world.views().get(0);
        assertThat(pod.image("app")).isEqualTo(app);
        assertThat(pod.image("side")).isEqualTo(side);
        assertThat(pod.label("level")).isEqualTo("high");
        assertThat(pod.restarts()).isLessThanOrEqualTo(4);
    }

    @Test
    void aPausedSetFinishesThePodItHasBegun() {
        twoContainers("10", "0");
        world.app().put("image", "app:2");
        side().put("image", "side:2");
        for (int i = 0; i < 3; i++) {
            world.reconcile();
        }
        world.strategy().put("paused", true);
        assertThat(world.settle()).isTrue();

        assertThat(world.views().get(0).image("side")).isEqualTo("side:2");
        assertThat(world.views()).allMatch(PodView::ready);
    }

    @Test
    void containersOfOnePriorityRestartTogether() {
        twoContainers("5", "5");
        world.app().put("image", "app:2");
        side().put("image", "side:2");
        world.reconcile();
        world.reconcile();

        Step.PatchPod only = onlyPatch();
        assertThat(images(only)).containsExactly("app=app:2", "side=side:2");
        assertThat(state(only).has("containerBatchesRecord")).isFalse();
    }

    @Test
    void aStateThatNobodyCanReadHoldsNoPodBack() {
        PodView pod = priorities();
        pod.json().withObject("/metadata/annotations").put(CloneSetKeys.UPDATE_STATE, "{broken");

        assertThat(Completion.done(pod)).isTrue();
    }

    @Test
    void whatOpenKruiseWroteDownIsReadAndWrittenAgain() {
        String text = "{\"revision\":\"web-1\",\"updateTimestamp\":\"2026-01-01T00:00:00Z\",\"updateImages\":true,"
                + "\"lastContainerStatuses\":{\"c1\":{\"imageID\":\"sha256:1\"}},"
                + "\"nextContainerImages\":{\"c2\":\"c2:2\"},"
                + "\"nextContainerRefMetadata\":{\"c2\":{\"labels\":{\"k\":\"v\"}}},"
                + "\"preCheckBeforeNext\":{\"containersRequiredReady\":[\"c1\"]},"
                + "\"containerBatchesRecord\":[{\"timestamp\":\"2026-01-01T00:00:00Z\",\"containers\":[\"c1\"]}]}";
        PodView pod = priorities();
        pod.json().withObject("/metadata/annotations").put(CloneSetKeys.UPDATE_STATE, text);
        InPlaceState state = InPlaceState.of(pod).orElseThrow();

        JsonNode again = Trees.json(state.text(Instant.parse("2026-01-01T00:00:00Z")));
        for (String field : new String[] {
            "nextContainerImages", "nextContainerRefMetadata", "preCheckBeforeNext", "containerBatchesRecord"
        }) {
            assertThat(again.path(field)).isEqualTo(Trees.json(text).path(field));
        }
    }

    /** c1=20, c2=10, c3=c4=0, b1 as OpenKruise rewrites a priority of 30, one container without any. */
    private static PodView priorities() {
        return new PodView(Trees.yaml("""
                metadata: {name: p}
                spec:
                  containers:
                  - {name: c1, env: [{name: KRUISE_CONTAINER_PRIORITY, value: "20"}]}
                  - {name: c2, env: [{name: KRUISE_CONTAINER_PRIORITY, value: "10"}]}
                  - {name: c3, env: [{name: KRUISE_CONTAINER_PRIORITY, value: "0"}]}
                  - {name: c4, env: [{name: KRUISE_CONTAINER_PRIORITY, value: "0"}]}
                  - {name: none, env: [{name: KRUISE_CONTAINER_BARRIER}]}
                  - name: b1
                    env: [{name: KRUISE_CONTAINER_BARRIER, valueFrom: {configMapKeyRef: {name: p-barrier, key: p_30}}}]
                """));
    }

    private static Set<String> set(String names) {
        return new TreeSet<>(List.of(names.split(" ", -1)));
    }

    private void twoContainers(String app, String side) {
        world.spec().put("replicas", 1);
        ((ArrayNode) world.spec().at("/template/spec/containers"))
                .addObject()
                .put("name", "side")
                .put("image", "side:1");
        world.app()
                .putArray("env")
                .addObject()
                .put("name", "KRUISE_CONTAINER_PRIORITY")
                .put("value", app);
        side().putArray("env")
                .addObject()
                .put("name", "KRUISE_CONTAINER_PRIORITY")
                .put("value", side);
        assertThat(world.settle()).isTrue();
    }

    private ObjectNode side() {
        return (ObjectNode) world.spec().at("/template/spec/containers/1");
    }

    private Step.PatchPod onlyPatch() {
        List<Step> steps = world.reconcile().steps();
        assertThat(steps).hasSize(1);
        assertThat(steps.get(0)).isInstanceOf(Step.PatchPod.class);
        return (Step.PatchPod) steps.get(0);
    }

    private static List<String> images(Step.PatchPod step) {
        List<String> images = new ArrayList<>();
        step.patch()
                .at("/spec/containers")
                .forEach(container -> images.add(container.path("name").asText() + "="
                        + container.path("image").asText()));
        return images;
    }

    private static JsonNode state(Step.PatchPod step) {
        return Trees.json(step.patch()
                .at("/metadata/annotations")
                .path(CloneSetKeys.UPDATE_STATE)
                .asText());
    }
}
