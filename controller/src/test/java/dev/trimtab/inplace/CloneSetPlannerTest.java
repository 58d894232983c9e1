package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloneSetPlannerTest {

    private final CloneSetWorld world = new CloneSetWorld(new SplittableRandom(1));

    @BeforeEach
    void threePodsAreUp() {
        assertThat(world.settle()).isTrue();
        assertThat(world.views()).hasSize(3).allMatch(pod -> pod.available(java.time.Duration.ZERO, world.now()));
        world.written.clear();
    }

    @Test
    void aNewPodCarriesWhatMakesItFindableAndUpdatable() {
        ObjectNode pod = world.pods.values().iterator().next();
        PodView view = new PodView(pod);

        assertThat(view.name()).matches("web-[a-z0-9]{5}").isEqualTo("web-" + view.label(CloneSetKeys.INSTANCE_ID));
        assertThat(view.label("app")).isEqualTo("web");
        assertThat(view.label(CloneSetKeys.LIFECYCLE_STATE)).isEqualTo("Normal");
        assertThat(world.revisions).containsOnlyKeys(view.revision());
        assertThat(view.revision()).isEqualTo("web-" + view.label(CloneSetKeys.TEMPLATE_HASH));
        assertThat(view.gated()).isTrue();
        assertThat(Owners.owns(CloneSet.of(world.cloneSet), pod)).isTrue();
    }

    @Test
    void anImageChangeIsThreeWritesAPodAndKeepsEveryPod() {
        Set<String> uids = uids();
        world.app().put("image", "app:2");

        assertThat(world.settle()).isTrue();

        assertThat(uids()).isEqualTo(uids);
        assertThat(world.views()).allMatch(pod -> pod.image("app").equals("app:2") && pod.restarts() == 1);
        assertThat(podWrites()).hasSize(9).noneMatch(step -> step instanceof Step.DeletePod);
        assertThat(world.cloneSet.at("/status/currentRevision")).isEqualTo(world.cloneSet.at("/status/updateRevision"));
    }

    @Test
    void aGateClosesBeforeTheImageChangesAndOpensAfterTheRestart() {
        world.spec().put("replicas", 1);
        world.settle();
        world.app().put("image", "app:2");
        world.written.clear();
        world.reconcile();

        assertThat(only(world.reconcile().steps())).isInstanceOfSatisfying(Step.PatchStatus.class, step -> {
            assertThat(step.patch().at("/status/conditions/0/type").asText()).isEqualTo(CloneSetKeys.GATE);
            assertThat(step.patch().at("/status/conditions/0/status").asText()).isEqualTo("False");
            assertThat(step.patch().at("/status/conditions/1/type").asText()).isEqualTo("Ready");
        });
        assertThat(only(world.reconcile().steps())).isInstanceOfSatisfying(Step.PatchPod.class, step -> {
            assertThat(step.patch().at("/spec/containers"))
                    .isEqualTo(Trees.json("[{\"name\":\"app\",\"image\":\"app:2\"}]"));
            assertThat(step.patch()
                            .at("/metadata/annotations")
                            .path(CloneSetKeys.UPDATE_STATE)
                            .asText())
                    .contains("sha256:app:1", "containerd://", "restartCount");
        });
        assertThat(world.reconcile().steps()).isEmpty();
        world.kubelet(1);
        assertThat(world.reconcile().steps())
                .as("the old container is gone, the new one not there")
                .isEmpty();
        world.kubelet(1);
        assertThat(only(world.reconcile().steps()))
                .isInstanceOfSatisfying(
                        Step.PatchStatus.class,
                        step -> assertThat(step.patch()
                                        .at("/status/conditions/0/status")
                                        .asText())
                                .isEqualTo("True"));
    }

    @Test
    void aLabelChangeIsOneWriteAPodAndNoPodLeavesItsServices() {
        world.templateLabels().put("tier", "edge");
        Set<String> uids = uids();
        world.reconcile();
        Decision decision = world.reconcile();

        assertThat(decision.steps()).hasSize(3).allMatch(step -> step instanceof Step.PatchPod);
        assertThat(world.settle()).isTrue();
        assertThat(uids()).isEqualTo(uids);
        assertThat(podWrites()).hasSize(3);
        assertThat(world.views())
                .allMatch(pod -> pod.label("tier").equals("edge") && pod.restarts() == 0 && pod.gateOpen());
    }

    @Test
    void aLabelTheTemplateDropsGoesAndALabelOfSomebodyElseStays() {
        world.templateLabels().put("old", "x");
        world.settle();
        world.pods.values().forEach(pod -> pod.withObject("/metadata/labels").put("team", "a"));
        world.templateLabels().remove("old");
        world.app().put("image", "app:2");
        world.settle();

        assertThat(world.views())
                .allMatch(pod -> pod.label("old").isEmpty()
                        && pod.label("team").equals("a")
                        && pod.image("app").equals("app:2"));
    }

    @Test
    void anInjectedSidecarStaysUntouched() {
        world.pods
                .values()
                .forEach(pod -> pod.withArray("/spec/containers")
                        .addObject()
                        .put("name", "mesh")
                        .put("image", "mesh:1"));
        world.settle();
        world.app().put("image", "app:2");
        world.settle();

        assertThat(world.views())
                .allMatch(pod -> pod.image("mesh").equals("mesh:1")
                        && pod.containerStatus("mesh")
                                        .orElseThrow()
                                        .path("restartCount")
                                        .asInt()
                                == 0);
    }

    @Test
    void anEnvChangeReplacesPodsWithinTheBudgetAndSaysWhy() {
        Set<String> uids = uids();
        world.app().putArray("env").addObject().put("name", "MODE").put("value", "b");
        world.reconcile();
        Decision decision = world.reconcile();

        assertThat(only(decision.steps()))
                .isInstanceOfSatisfying(
                        Step.DeletePod.class, step -> assertThat(step.why()).contains("containers[app].env", "POD210"));
        assertThat(world.settle()).isTrue();
        assertThat(uids()).hasSize(3).doesNotContainAnyElementsOf(uids);
        assertThat(podWrites()).noneMatch(step -> step instanceof Step.PatchPod);
    }

    @Test
    void reCreateReplacesPodsForAnImageToo() {
        world.strategy().put("type", "ReCreate");
        world.app().put("image", "app:2");
        Set<String> uids = uids();
        assertThat(world.settle()).isTrue();

        assertThat(uids()).hasSize(3).doesNotContainAnyElementsOf(uids);
    }

    @Test
    void inPlaceOnlyRefusesNamesThePathAndStillScales() {
        world.strategy().put("type", "InPlaceOnly");
        world.app().putArray("env").addObject().put("name", "MODE").put("value", "b");
        Set<String> uids = uids();
        assertThat(world.settle()).isTrue();

        assertThat(uids()).isEqualTo(uids);
        assertThat(world.cloneSet.at("/status/conditions/0/type").asText()).isEqualTo("FailedUpdate");
        assertThat(world.cloneSet.at("/status/conditions/0/message").asText()).contains("containers[app].env");
        world.spec().put("replicas", 4);
        assertThat(world.settle()).isTrue();
        assertThat(uids()).hasSize(4).containsAll(uids);
    }

    @ParameterizedTest
    @ValueSource(strings = {"InPlaceIfPossible", "InPlaceOnly"})
    void aPodOfAForgottenRevisionIsReplacedOrRefused(String type) {
        String stray = world.pods.keySet().iterator().next();
        world.pod(stray).withObject("/metadata/labels").put(CloneSetKeys.REVISION, "web-gone");
        world.strategy().put("type", type);
        world.app().put("image", "app:2");
        assertThat(world.settle()).isTrue();

        assertThat(world.pods.containsKey(stray)).isEqualTo(type.equals("InPlaceOnly"));
        assertThat(world.views().stream().filter(pod -> pod.image("app").equals("app:2")))
                .hasSize(type.equals("InPlaceOnly") ? 2 : 3);
    }

    @Test
    void aBadImageStopsAfterTheBudgetAndRollingBackHealsThatPodFirst() {
        world.app().put("image", "app:bad");
        assertThat(world.settle()).isTrue();
        assertThat(world.views().stream().filter(pod -> pod.image("app").equals("app:bad")))
                .hasSize(1);
        Set<String> uids = uids();
        world.written.clear();

        world.app().put("image", "app:1");
        assertThat(world.settle()).isTrue();

        assertThat(uids()).isEqualTo(uids);
        assertThat(podWrites())
                .as("one patch, one gate; the others never moved")
                .hasSize(2);
        assertThat(world.views()).allMatch(pod -> pod.image("app").equals("app:1") && pod.ready());
    }

    @Test
    void aNewerTemplateTakesOverInTheMiddle() {
        world.app().put("image", "app:2");
        for (int i = 0; i < 4; i++) {
            world.reconcile();
        }
        Set<String> uids = uids();
        world.app().put("image", "app:3");
        assertThat(world.settle()).isTrue();

        assertThat(uids()).isEqualTo(uids);
        assertThat(world.views()).allMatch(pod -> pod.image("app").equals("app:3") && pod.ready());
    }

    @Test
    void thereAndBackBeforeTheKubeletLooksRestartsNothing() {
        world.app().put("image", "app:2");
        for (int i = 0; i < 3; i++) {
            world.reconcile();
        }
        world.app().put("image", "app:1");
        for (int i = 0; i < 3; i++) {
            world.reconcile();
        }
        assertThat(world.settle()).isTrue();

        assertThat(world.views()).allMatch(pod -> pod.restarts() == 0 && pod.ready());
    }

    @Test
    void aNewTagOfTheSameContentCompletesThoughImageIdAndNameStay() {
        world.app().put("image", "app:same");

        assertThat(world.settle()).isTrue();
        assertThat(world.views()).allMatch(pod -> pod.restarts() == 1 && pod.ready());
    }

    @Test
    void aControllerThatFindsAPodPatchedAndRestartedOnlyOpensItsGate() {
        world.spec().put("replicas", 1);
        world.settle();
        world.app().put("image", "app:2");
        for (int i = 0; i < 3; i++) {
            world.reconcile();
        }
        world.kubelet(1);
        world.kubelet(1);

        assertThat(only(CloneSetPlanner.decide(world.state()).steps())).isInstanceOf(Step.PatchStatus.class);
    }

    @Test
    void aPodThatStoppedBeforeItsPatchGoesBackIntoServiceWhenTheUpdateIsCalledOff() {
        world.app().put("image", "app:2");
        world.reconcile();
        world.reconcile();
        assertThat(world.views().stream().filter(PodView::gateClosed)).hasSize(1);
        world.app().put("image", "app:1");
        assertThat(world.settle()).isTrue();

        assertThat(world.views()).allMatch(pod -> pod.gateOpen() && pod.ready() && pod.restarts() == 0);
    }

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
    void aTemplateInOtherWordsIsTheSameRevision() {
        world.app().withObjectProperty("resources").putObject("limits").put("cpu", "1000m");
        world.settle();
        world.written.clear();
        world.app().withObjectProperty("resources").withObjectProperty("limits").put("cpu", 1);

        assertThat(world.settle()).isTrue();
        assertThat(world.written).isEmpty();
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
    void theGracePeriodLiesBetweenTheGateAndThePatch() {
        world.spec().put("replicas", 1);
        world.settle();
        world.strategy().putObject("inPlaceUpdateStrategy").put("gracePeriodSeconds", 30);
        world.app().put("image", "app:2");
        world.reconcile();
        world.reconcile();
        world.pass(29);
        Decision waiting = world.reconcile();
        assertThat(waiting.steps()).isEmpty();
        assertThat(waiting.again()).contains(java.time.Duration.ofSeconds(1));
        world.pass(1);

        assertThat(only(world.reconcile().steps())).isInstanceOf(Step.PatchPod.class);
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

    private Set<String> uids() {
        return world.views().stream().map(PodView::uid).collect(Collectors.toSet());
    }

    private List<String> images() {
        return world.views().stream().map(pod -> pod.image("app")).toList();
    }

    private List<Step> podWrites() {
        List<Step> writes = new ArrayList<>(world.written);
        writes.removeIf(step -> step instanceof Step.CreateRevision || step instanceof Step.RenumberRevision);
        return writes;
    }

    private static Step only(List<Step> steps) {
        assertThat(steps).hasSize(1);
        return steps.get(0);
    }
}
