package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Another amount of cpu or memory for the running pods of a CloneSet. */
class CloneSetResizeTest {

    private final CloneSetWorld world = new CloneSetWorld(new SplittableRandom(1));

    @BeforeEach
    void threePodsAreUpWithRequests() {
        world.app().set("resources", Trees.yaml("{requests: {cpu: 100m, memory: 64Mi}}"));
        assertThat(world.settle()).isTrue();
        world.written.clear();
    }

    @Test
    void anAmountFollowsInTheSamePodsAndNothingRestarts() {
        Map<String, Integer> before = restarts();
        cpu("200m");

        assertThat(world.settle()).isTrue();

        assertThat(restarts()).isEqualTo(before);
        assertThat(cpus()).containsExactly("200m", "200m", "200m");
        assertThat(world.written).noneMatch(step -> step instanceof Step.PatchStatus);
        assertThat(atWanted()).isEqualTo(3);
    }

    @Test
    void thePodCarriesTheNewRevisionOnlyOnceItHasTheAmount() {
        world.nodeCannotResize(name(0), "Deferred");
        cpu("200m");
        turns(6);

        assertThat(world.views().get(0).revision())
                .isNotEqualTo(world.cloneSet.at("/status/updateRevision").asText());
    }

    @Test
    void anAmountThatNodesCannotGiveYetIsNotAskedOfMorePodsThanMayBeUnavailableAndSaid() {
        IntStream.range(0, 3).forEach(pod -> world.nodeCannotResize(name(pod), "Deferred"));
        cpu("200m");
        turns(6);

        assertThat(cpus()).containsExactlyInAnyOrder("200m", "100m", "100m");
        assertThat(world.cloneSet.path("status").path("conditions"))
                .anyMatch(condition -> condition.path("type").asText().equals("FailedUpdate")
                        && condition.path("message").asText().contains("yet: too much"));

        IntStream.range(0, 3).forEach(pod -> world.nodeCannotResize(name(pod), ""));
        assertThat(world.settle()).isTrue();
        assertThat(atWanted()).isEqualTo(3);
    }

    @Test
    void aPodThatItsNodeCanNeverGiveTheAmountIsReplacedAndTheOthersStay() {
        Set<String> before = uids();
        String first = name(0);
        world.nodeCannotResize(first, "Infeasible");
        cpu("200m");

        assertThat(world.settle()).isTrue();

        assertThat(uids()).hasSize(3);
        assertThat(before).filteredOn(uids()::contains).hasSize(2);
        assertThat(world.pods).doesNotContainKey(first);
        assertThat(cpus()).containsExactly("200m", "200m", "200m");
    }

    @Test
    void inPlaceOnlyLeavesSuchAPodAndSaysWhy() {
        world.strategy().put("type", "InPlaceOnly");
        world.nodeCannotResize(name(0), "Infeasible");
        cpu("200m");
        turns(12);

        assertThat(world.pods).hasSize(3);
        assertThat(world.cloneSet.path("status").path("conditions"))
                .anyMatch(condition -> condition.path("message").asText().contains("cannot give"));
    }

    @Test
    void anUpdateCalledOffInTheMiddleGivesBackWhatPodsHad() {
        IntStream.range(0, 3).forEach(pod -> world.nodeCannotResize(name(pod), "Deferred"));
        cpu("200m");
        turns(4);
        cpu("100m");

        assertThat(world.settle()).isTrue();

        assertThat(cpus()).containsExactly("100m", "100m", "100m");
    }

    @Test
    void anotherTemplateInBetweenBringsItsOwnAmount() {
        IntStream.range(0, 3).forEach(pod -> world.nodeCannotResize(name(pod), "Deferred"));
        cpu("200m");
        turns(4);
        IntStream.range(0, 3).forEach(pod -> world.nodeCannotResize(name(pod), ""));
        world.templateLabels().put("tier", "b");
        cpu("100m");

        assertThat(world.settle()).isTrue();

        assertThat(cpus()).containsExactly("100m", "100m", "100m");
        assertThat(atWanted()).isEqualTo(3);
    }

    @Test
    void anImageInTheSameChangeComesAfterTheAmountAndRestartsTheContainerOnce() {
        Set<String> before = uids();
        cpu("200m");
        world.app().put("image", "app:2");

        assertThat(world.settle()).isTrue();

        assertThat(uids()).isEqualTo(before);
        assertThat(restarts().values()).containsOnly(1);
        assertThat(cpus()).containsExactly("200m", "200m", "200m");
        List<Step> ofOnePod = world.written.stream()
                .filter(step -> step instanceof Step.ResizePod || step instanceof Step.PatchPod)
                .toList();
        assertThat(ofOnePod.get(0)).isInstanceOf(Step.ResizePod.class);
    }

    @Test
    void whatSomebodyElseGaveAPodStays() {
        world.pod(name(0)).withObject("/spec/containers/0").set("resources", Trees.yaml("{requests: {cpu: 700m}}"));
        world.templateLabels().put("tier", "b");

        assertThat(world.settle()).isTrue();

        assertThat(world.written).noneMatch(step -> step instanceof Step.ResizePod);
        assertThat(atWanted()).isEqualTo(3);
    }

    @Test
    void aServerThatResizesNothingReplacesThePods() {
        cpu("200m");
        Decision first = CloneSetPlanner.decide(world.state().able(Abilities.ROLLOUT));
        first.steps().forEach(world::apply);
        Decision second = CloneSetPlanner.decide(world.state().able(Abilities.ROLLOUT));

        assertThat(second.steps()).hasSize(1).allMatch(step -> step instanceof Step.DeletePod);
    }

    private void turns(int count) {
        for (int turn = 0; turn < count; turn++) {
            world.reconcile();
            world.kubelet(1.0);
            world.pass(1);
        }
        world.reconcile();
    }

    private void cpu(String amount) {
        world.app().withObject("/resources/requests").put("cpu", amount);
    }

    private List<String> cpus() {
        return world.views().stream()
                .map(pod -> pod.container("app")
                        .orElseThrow()
                        .at("/resources/requests/cpu")
                        .asText())
                .toList();
    }

    private String name(int index) {
        return List.copyOf(world.pods.keySet()).get(index);
    }

    private Set<String> uids() {
        return world.views().stream().map(PodView::uid).collect(Collectors.toSet());
    }

    private Map<String, Integer> restarts() {
        return world.views().stream()
                .collect(Collectors.toMap(PodView::uid, PodView::restarts, (one, other) -> one, TreeMap::new));
    }

    private long atWanted() {
        String wanted = world.cloneSet.at("/status/updateRevision").asText();
        return world.views().stream()
                .filter(pod -> pod.revision().equals(wanted))
                .count();
    }
}
