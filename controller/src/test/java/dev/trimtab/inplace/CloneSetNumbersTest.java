package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CloneSetNumbersTest extends ThreePodsUp {

    @Test
    void pausedStopsUpdatesOnlyAndNewPodsGetTheNewTemplate() {
        world.strategy().put("paused", true);
        world.app().put("image", "app:2");
        world.spec().put("replicas", 5);
        assertThat(world.settle()).isTrue();
        assertThat(images()).containsExactlyInAnyOrder("app:1", "app:1", "app:1", "app:2", "app:2");

        world.strategy().put("paused", false);
        assertThat(world.settle()).isTrue();
        assertThat(images()).containsOnly("app:2");
    }

    @Test
    void thePartitionKeepsOldPodsAndTheRevisionTheyComeFrom() {
        world.spec().put("replicas", 10);
        world.strategy().put("partition", "30%").put("maxUnavailable", 2);
        world.settle();
        String old = world.cloneSet.at("/status/currentRevision").asText();
        world.app().put("image", "app:2");
        assertThat(world.settle()).isTrue();

        assertThat(images().stream().filter("app:1"::equals)).hasSize(3);
        assertThat(world.cloneSet.at("/status/expectedUpdatedReplicas").asInt()).isEqualTo(7);
        assertThat(world.cloneSet.at("/status/updatedAvailableReplicas").asInt())
                .isEqualTo(7);
        assertThat(world.cloneSet.at("/status/currentRevision").asText()).isEqualTo(old);

        String lost = world.views().stream()
                .filter(pod -> pod.image("app").equals("app:1"))
                .findFirst()
                .orElseThrow()
                .name();
        world.remove(lost);
        assertThat(world.settle()).isTrue();
        assertThat(images().stream().filter("app:1"::equals))
                .as("replaced at the old revision")
                .hasSize(3);
    }

    @Test
    void aBrokenPodIsUpdatedFirstAndUsesNoBudgetOfTheOthers() {
        String brokenPod = List.copyOf(world.pods.keySet()).get(1);
        world.breakPod(brokenPod, true);
        world.settle();
        world.app().put("image", "app:2");
        world.reconcile();

        Decision decision = world.reconcile();
        assertThat(only(decision.steps()))
                .isInstanceOfSatisfying(
                        Step.PatchStatus.class,
                        step -> assertThat(step.pod().name()).isEqualTo(brokenPod));
        assertThat(world.settle()).isTrue();
        assertThat(images()).containsExactlyInAnyOrder("app:1", "app:1", "app:2");

        world.breakPod(brokenPod, false);
        assertThat(world.settle()).isTrue();
        assertThat(images()).containsOnly("app:2");
    }

    @Test
    void surgePodsAreMadeForReplacementsOnly() {
        world.strategy().put("maxSurge", 1);
        world.app().put("image", "app:2");
        assertThat(world.settle()).isTrue();
        assertThat(world.written).noneMatch(step -> step instanceof Step.CreatePod);

        world.strategy().put("maxUnavailable", 0);
        world.app().putArray("env").addObject().put("name", "MODE").put("value", "b");
        assertThat(world.settle()).isTrue();
        assertThat(world.written.stream().filter(step -> step instanceof Step.CreatePod))
                .hasSize(3);
        assertThat(world.views()).hasSize(3).allMatch(PodView::ready);
    }

    @Test
    void aSpecifiedPodIsReplacedAndWaitsForItsSuccessorWhereThereIsSurge() {
        world.strategy().put("maxSurge", 1).put("maxUnavailable", 0);
        String marked = world.pods.keySet().iterator().next();
        world.pod(marked).withObject("/metadata/labels").put(CloneSetKeys.SPECIFIED_DELETE, "true");

        assertThat(only(world.reconcile().steps())).isInstanceOf(Step.CreatePod.class);
        assertThat(world.settle()).isTrue();
        assertThat(world.pods).hasSize(3).doesNotContainKey(marked);
        assertThat(podWrites().stream().filter(step -> step instanceof Step.DeletePod))
                .hasSize(1);
    }

    @Test
    void goingBackUsesTheOldRevisionAgainAndNumbersItNewest() {
        String first = world.revisions.keySet().iterator().next();
        world.app().put("image", "app:2");
        world.settle();
        world.app().put("image", "app:1");
        assertThat(world.settle()).isTrue();

        assertThat(world.revisions).hasSize(2);
        assertThat(world.revisions)
                .extractingByKey(first)
                .extracting(TemplateRevision::number)
                .isEqualTo(3L);
        assertThat(world.cloneSet.at("/status/updateRevision").asText()).isEqualTo(first);
    }

    @Test
    void historyBeyondTheLimitIsForgotten() {
        world.spec().put("revisionHistoryLimit", 2);
        for (int i = 2; i < 8; i++) {
            world.app().put("image", "app:" + i);
            assertThat(world.settle()).isTrue();
        }

        assertThat(world.revisions.values().stream().map(TemplateRevision::number))
                .containsExactlyInAnyOrder(5L, 6L, 7L);
    }

    @Test
    void scaleInTakesOldPodsBeyondThePartitionAndTheCheapestOfThese() {
        world.spec().put("replicas", 5);
        world.strategy().put("partition", 3);
        world.settle();
        world.app().put("image", "app:2");
        world.settle();
        Map<String, String> costs = new HashMap<>();
        List<PodView> old = world.views().stream()
                .filter(pod -> pod.image("app").equals("app:1"))
                .toList();
        List<String> values = List.of("5", "+1", "1");
        for (int i = 0; i < 3; i++) {
            costs.put(old.get(i).name(), values.get(i));
            world.pod(old.get(i).name())
                    .withObject("/metadata/annotations")
                    .put(CloneSetKeys.DELETION_COST, values.get(i));
        }
        world.strategy().put("partition", 1);
        world.strategy().put("paused", true);
        world.spec().put("replicas", 3);
        world.written.clear();
        assertThat(world.settle()).isTrue();

        assertThat(world.written.stream()
                        .filter(step -> step instanceof Step.DeletePod)
                        .map(step -> costs.get(((Step.DeletePod) step).pod().name())))
                .as("+1 is no number and counts as 0")
                .containsExactly("+1", "1");
    }
}
