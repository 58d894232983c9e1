package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a change of the template does to the pods of a CloneSet, and what other writes in between do to an update. */
class CloneSetRulesTest {

    private final CloneSetWorld world = new CloneSetWorld(new SplittableRandom(1));

    @BeforeEach
    void threePodsAreUp() {
        assertThat(world.settle()).isTrue();
        world.written.clear();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{image: 'app:2', env: [{name: MODE, value: b}]} | containers[app].env",
                "{image: 'app:2', imagePullPolicy: Always} | containers[app].imagePullPolicy"
            })
    void anImageTogetherWithSomethingElseReplacesPodsAndNamesThePath(String change, String path) {
        Set<String> uids = uids();
        world.app().setAll(Trees.yaml(change));
        world.reconcile();
        Decision decision = world.reconcile();

        assertThat(decision.steps()).hasSize(1);
        assertThat(decision.steps().get(0))
                .isInstanceOfSatisfying(
                        Step.DeletePod.class, step -> assertThat(step.why()).contains(path));
        assertThat(world.settle()).isTrue();
        assertThat(uids()).doesNotContainAnyElementsOf(uids);
    }

    @Test
    void anAnnotationIsOneWriteThatTellsNoContainerToRestart() {
        world.spec().withObject("/template/metadata/annotations").put("a", "2");
        assertThat(world.settle()).isTrue();

        List<Step> writes = world.written.stream()
                .filter(step -> !(step instanceof Step.CreateRevision))
                .toList();
        assertThat(writes).hasSize(3).allMatch(step -> step instanceof Step.PatchPod);
        assertThat(world.views())
                .allMatch(pod -> pod.annotation("a").equals("2")
                        && pod.annotation(CloneSetKeys.UPDATE_STATE).isEmpty()
                        && pod.restarts() == 0);
    }

    @Test
    void anUpdatedPodCarriesTheLabelsOfItsNewRevision() {
        world.app().put("image", "app:2");
        assertThat(world.settle()).isTrue();

        String wanted = world.cloneSet.at("/status/updateRevision").asText();
        assertThat(world.views())
                .allMatch(pod ->
                        pod.revision().equals(wanted) && wanted.equals("web-" + pod.label(CloneSetKeys.TEMPLATE_HASH)));
    }

    @Test
    void aLabelThatAnEnvironmentReadsReplacesThePodsUnlessItsContainerRestartsAnyway() {
        world.templateLabels().put("k", "v");
        world.app()
                .putArray("env")
                .add(Trees.yaml("{name: K, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['k']\"}}}"));
        assertThat(world.settle()).isTrue();
        Set<String> uids = uids();
        world.templateLabels().put("k", "v2");
        world.app().put("image", "app:2");
        assertThat(world.settle()).isTrue();
        assertThat(uids()).isEqualTo(uids);

        world.templateLabels().put("k", "v3");
        assertThat(world.settle()).isTrue();
        assertThat(uids()).doesNotContainAnyElementsOf(uids);
    }

    @ParameterizedTest
    @CsvSource({"InPlaceIfPossible, true", "InPlaceOnly, false"})
    void anInitContainersImageReplacesPodsOrIsRefused(String type, boolean replaced) {
        world.strategy().put("type", type);
        ObjectNode init = Trees.yaml("{name: init, image: 'init:1'}");
        ((ObjectNode) world.spec().at("/template/spec"))
                .putArray("initContainers")
                .add(init);
        world.strategy().put("type", "ReCreate");
        assertThat(world.settle()).isTrue();
        world.strategy().put("type", type);
        Set<String> uids = uids();
        init.put("image", "init:2");
        world.spec();
        assertThat(world.settle()).isTrue();

        assertThat(uids().equals(uids)).isEqualTo(!replaced);
        assertThat(world.cloneSet
                        .at("/status/conditions")
                        .findValuesAsText("type")
                        .contains("FailedUpdate"))
                .isEqualTo(!replaced);
    }

    @Test
    void aPodThatMovedOnSinceTheDecisionIsDecidedAgainAndPatchedOnce() {
        world.spec().put("replicas", 1);
        world.settle();
        world.app().put("image", "app:2");
        world.reconcile();
        world.reconcile();
        Decision patch = CloneSetPlanner.decide(world.state());
        assertThat(patch.steps()).hasSize(1);
        world.finalizers(world.pods.values().iterator().next(), Set.of("somebody/else"));
        patch.steps().forEach(world::apply);
        assertThat(world.views().get(0).image("app")).as("refused").isEqualTo("app:1");
        assertThat(world.settle()).isTrue();

        assertThat(world.views()).allMatch(pod -> pod.image("app").equals("app:2") && pod.restarts() == 1);
    }

    @Test
    void aPodLostWhileItIsUpdatedIsReplacedAtTheNewRevisionAndCounted() {
        world.app().put("image", "app:2");
        for (int i = 0; i < 3; i++) {
            world.reconcile();
        }
        String lost = world.views().stream()
                .filter(pod -> pod.image("app").equals("app:2"))
                .findFirst()
                .orElseThrow()
                .name();
        world.remove(lost);
        Decision decision = world.reconcile();
        assertThat(decision.steps())
                .hasSize(1)
                .allMatch(step -> step instanceof Step.CreatePod create
                        && create.revision().equals(decision.wanted().orElseThrow()));
        assertThat(world.reconcile().steps())
                .as("the new pod is not up, so no other goes down")
                .noneMatch(step -> step instanceof Step.PatchStatus status
                        && status.patch()
                                .at("/status/conditions/0/status")
                                .asText()
                                .equals("False"));
        assertThat(world.settle()).isTrue();
        assertThat(world.views()).hasSize(3).allMatch(pod -> pod.image("app").equals("app:2"));
    }

    @ParameterizedTest
    @CsvSource({"0, 3", "1, 2"})
    void aShareOfThePodsRoundsUpWithoutSurgeAndDownWithIt(int surge, int atOnce) {
        world.spec().put("replicas", 10);
        world.settle();
        world.strategy().put("maxUnavailable", "25%").put("maxSurge", surge);
        world.app().put("image", "app:2");
        int most = 0;
        for (int i = 0; i < 60; i++) {
            world.reconcile();
            world.kubelet(1);
            int out = (int) world.views().stream()
                    .filter(pod -> !pod.available(java.time.Duration.ZERO, world.now()))
                    .count();
            most = Math.max(most, out);
            world.pass(1);
        }

        assertThat(most).isEqualTo(atOnce);
        assertThat(world.views()).allMatch(pod -> pod.image("app").equals("app:2"));
    }

    @Test
    void podsThatAreAddedComeUpBeforeOthersGoDown() {
        world.strategy().put("paused", true);
        world.app().put("image", "app:2");
        world.spec().put("replicas", 5);
        for (int i = 0; i < 3; i++) {
            world.reconcile();
        }
        world.strategy().put("paused", false);
        assertThat(world.reconcile().steps()).isEmpty();
        assertThat(world.settle()).isTrue();

        assertThat(world.views()).hasSize(5).allMatch(pod -> pod.image("app").equals("app:2"));
    }

    @Test
    void podsThatAreReadyButNotYetAvailableAreNotRemovedAllAtOnce() {
        world.spec().put("replicas", 5);
        world.settle();
        world.spec().put("minReadySeconds", 9999).put("replicas", 3);

        assertThat(CloneSetPlanner.decide(world.state()).steps()).noneMatch(step -> step instanceof Step.DeletePod);
    }

    @Test
    void aPodThatIsPartlyUpdatedWhenTheControllerDiesEndsNormal() {
        world.spec().putObject("lifecycle").set("inPlaceUpdate", Trees.yaml("{finalizersHandler: [x/drain]}"));
        world.pods.values().forEach(pod -> world.finalizers(pod, Set.of("x/drain")));
        world.answersHooks = true;
        world.app().put("image", "app:2");
        for (int round = 0; round < 400; round++) {
            // Each process makes one write and is gone.
            CloneSetPlanner.decide(world.state()).steps().stream().limit(1).forEach(world::apply);
            world.kubelet(1);
            world.drain(1);
        }
        assertThat(world.settle()).isTrue();

        assertThat(world.views())
                .hasSize(3)
                .allMatch(pod -> pod.lifecycle().equals("Normal") && pod.restarts() == 1 && pod.ready());
    }

    private Set<String> uids() {
        return world.views().stream().map(PodView::uid).collect(Collectors.toSet());
    }
}
