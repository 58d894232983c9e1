package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pods that somebody else holds back while they are changed or deleted. */
class CloneSetHooksTest {

    private final CloneSetWorld world = new CloneSetWorld(new SplittableRandom(1));

    @BeforeEach
    void threePodsAreUp() {
        assertThat(world.settle()).isTrue();
    }

    @Test
    void aHeldPodIsNotPatchedBeforeTheHookIsOffNorFinishedBeforeItIsBack() {
        hook("inPlaceUpdate", "{finalizersHandler: [x/drain]}");
        world.app().put("image", "app:2");
        assertThat(world.settle()).isTrue();
        PodView held = only("PreparingUpdate");
        assertThat(images()).containsOnly("app:1");
        assertThat(held.ready()).as("it serves until the hook is off").isTrue();

        world.finalizers(world.pod(held.name()), Set.of());
        assertThat(world.settle()).isTrue();
        PodView updated = only("Updated");
        assertThat(updated.name()).isEqualTo(held.name());
        assertThat(updated.image("app")).isEqualTo("app:2");
        assertThat(updated.ready()).isTrue();
        assertThat(images()).as("it is not available, so the next one waits").containsOnlyOnce("app:2");

        world.finalizers(world.pod(held.name()), Set.of("x/drain"));
        assertThat(world.settle()).isTrue();
        assertThat(view(held).lifecycle()).isEqualTo("Normal");
        assertThat(only("PreparingUpdate").name()).isNotEqualTo(held.name());
    }

    @Test
    void aHookOfLabelsHoldsLikeOneOfFinalizers() {
        hook("inPlaceUpdate", "{labelsHandler: {traffic: 'on'}}");
        world.pods.values().forEach(pod -> pod.withObject("/metadata/labels").put("traffic", "on"));
        world.app().put("image", "app:2");
        assertThat(world.settle()).isTrue();

        PodView held = only("PreparingUpdate");
        world.pod(held.name()).withObject("/metadata/labels").put("traffic", "off");
        assertThat(world.settle()).isTrue();
        assertThat(view(held).lifecycle()).isEqualTo("Updated");
    }

    @Test
    void whereNoHookIsUsedNoWriteIsSpentOnTheLifecycle() {
        world.spec().putObject("lifecycle");
        world.app().put("image", "app:2");
        world.written.clear();
        assertThat(world.settle()).isTrue();

        assertThat(world.written).noneMatch(step -> step instanceof Step.PatchLifecycle);
        assertThat(world.written.stream().filter(step -> !(step instanceof Step.CreateRevision)))
                .hasSize(9);
    }

    @Test
    void aPodThatNeverHadTheHookIsUpdatedAndWaitsForIt() {
        world.spec().putObject("lifecycle").set("inPlaceUpdate", Trees.yaml("{finalizersHandler: [x/drain]}"));
        world.app().put("image", "app:2");
        assertThat(world.settle()).isTrue();

        assertThat(only("Updated").image("app")).isEqualTo("app:2");
    }

    @Test
    void labelsAreChangedWithoutAskingTheHook() {
        hook("inPlaceUpdate", "{finalizersHandler: [x/drain]}");
        world.templateLabels().put("tier", "edge");
        assertThat(world.settle()).isTrue();

        assertThat(world.views())
                .allMatch(pod ->
                        pod.label("tier").equals("edge") && pod.lifecycle().equals("Normal") && pod.ready());
    }

    @Test
    void markPodNotReadyTakesAHeldPodOutOfItsServices() {
        hook("inPlaceUpdate", "{finalizersHandler: [x/drain], markPodNotReady: true}");
        world.app().put("image", "app:2");
        assertThat(world.settle()).isTrue();
        PodView held = only("PreparingUpdate");
        assertThat(held.ready()).isFalse();
        assertThat(held.gateClosed()).isTrue();

        world.answersHooks = true;
        assertThat(world.settle()).isTrue();
        assertThat(images()).containsOnly("app:2");
        assertThat(world.views()).allMatch(pod -> pod.ready() && pod.lifecycle().equals("Normal"));
    }

    @Test
    void takenBackWhileAPodPreparesNothingIsPatched() {
        hook("inPlaceUpdate", "{finalizersHandler: [x/drain], markPodNotReady: true}");
        world.app().put("image", "app:2");
        world.settle();
        PodView held = only("PreparingUpdate");
        world.written.clear();
        world.app().put("image", "app:1");
        assertThat(world.settle()).isTrue();

        assertThat(view(held).lifecycle()).isEqualTo("Normal");
        assertThat(view(held).ready()).isTrue();
        assertThat(world.written).noneMatch(step -> step instanceof Step.PatchPod);
    }

    @Test
    void takenBackAfterTheHookWasOffAPodWaitsForItsReturn() {
        hook("inPlaceUpdate", "{finalizersHandler: [x/drain]}");
        world.app().put("image", "app:2");
        world.settle();
        PodView held = only("PreparingUpdate");
        world.finalizers(world.pod(held.name()), Set.of());
        world.app().put("image", "app:1");
        assertThat(world.settle()).isTrue();

        assertThat(view(held).lifecycle()).isEqualTo("Updated");
        assertThat(view(held).restarts()).isZero();
        world.finalizers(world.pod(held.name()), Set.of("x/drain"));
        assertThat(world.settle()).isTrue();
        assertThat(view(held).lifecycle()).isEqualTo("Normal");
    }

    @Test
    void aRaisedPartitionLetsAPreparedPodGo() {
        hook("inPlaceUpdate", "{finalizersHandler: [x/drain]}");
        world.app().put("image", "app:2");
        world.settle();
        PodView held = only("PreparingUpdate");
        world.strategy().put("partition", 3);
        assertThat(world.settle()).isTrue();

        assertThat(view(held).lifecycle()).isEqualTo("Normal");
    }

    @Test
    void aPodThatHasNotGotItsHookBackIsHeldAgainForTheNextUpdate() {
        hook("inPlaceUpdate", "{finalizersHandler: [x/drain], labelsHandler: {traffic: 'on'}}");
        world.pods.values().forEach(pod -> pod.withObject("/metadata/labels").put("traffic", "on"));
        world.app().put("image", "app:2");
        world.settle();
        PodView held = only("PreparingUpdate");
        world.pod(held.name()).withObject("/metadata/labels").put("traffic", "off");
        world.finalizers(world.pod(held.name()), Set.of());
        world.settle();
        assertThat(view(held).lifecycle()).isEqualTo("Updated");
        world.app().put("image", "app:3");
        assertThat(world.settle()).isTrue();

        assertThat(view(held).lifecycle()).isEqualTo("PreparingUpdate");
        assertThat(view(held).finalizers()).containsExactly("x/drain");
        assertThat(view(held).label("traffic")).isEqualTo("on");
        assertThat(view(held).image("app")).isEqualTo("app:2");
    }

    @Test
    void scaleInAsksTheHookFirstAndTakesNoOtherPodMeanwhile() {
        hook("preDelete", "{finalizersHandler: [x/drain], markPodNotReady: true}");
        world.spec().put("replicas", 2);
        assertThat(world.settle()).isTrue();
        PodView leaving = only("PreparingDelete");
        assertThat(world.pods).hasSize(3);
        assertThat(leaving.ready()).isFalse();

        world.finalizers(world.pod(leaving.name()), Set.of());
        assertThat(world.settle()).isTrue();
        assertThat(world.pods).hasSize(2).doesNotContainKey(leaving.name());
    }

    @Test
    void aPodOnItsWayOutStaysWhenItIsNeededAgain() {
        hook("preDelete", "{finalizersHandler: [x/drain], markPodNotReady: true}");
        world.spec().put("replicas", 1);
        assertThat(world.settle()).isTrue();
        assertThat(world.views().stream().filter(PodView::preparingDelete)).hasSize(2);
        world.spec().put("replicas", 2);
        assertThat(world.settle()).isTrue();

        assertThat(world.pods).hasSize(3);
        only("PreparingDelete");
        assertThat(world.views().stream().filter(PodView::ready)).hasSize(2);
    }

    @Test
    void aPodToBeReplacedAsksTheHookAndIsReplacedForGood() {
        hook("preDelete", "{finalizersHandler: [x/drain]}");
        world.app().putArray("env").addObject().put("name", "MODE").put("value", "b");
        assertThat(world.settle()).isTrue();
        PodView leaving = only("PreparingDelete");
        assertThat(world.pods).hasSize(3);

        world.finalizers(world.pod(leaving.name()), Set.of());
        assertThat(world.settle()).isTrue();
        assertThat(world.pods).hasSize(3).doesNotContainKey(leaving.name());
        world.answersHooks = true;
        assertThat(world.settle()).isTrue();
        assertThat(world.views())
                .allMatch(pod -> !pod.json().at("/spec/containers/0/env").isEmpty());
    }

    @Test
    void podsOnTheirWayOutAreReplacedAtOnceWhereTheyDoNotCount() {
        hook("preDelete", "{finalizersHandler: [x/drain]}");
        String marked = world.pods.keySet().iterator().next();
        world.pod(marked).withObject("/metadata/labels").put(CloneSetKeys.SPECIFIED_DELETE, "true");
        assertThat(world.settle()).isTrue();
        assertThat(world.pods).as("counted until it is gone").hasSize(3);

        world.spec().putObject("scaleStrategy").put("excludePreparingDelete", true);
        assertThat(world.settle()).isTrue();
        assertThat(world.pods).hasSize(4).containsKey(marked);
        world.finalizers(world.pod(marked), Set.of());
        assertThat(world.settle()).isTrue();
        assertThat(world.pods).hasSize(3).doesNotContainKey(marked);
    }

    @Test
    void theLabelOfTheOldVersionDoesTheSame() {
        world.cloneSet.withObject("/metadata/labels").put(CloneSetKeys.EXCLUDE_PREPARING_DELETE, "true");

        assertThat(CloneSet.of(world.cloneSet).excludesPreparingDelete()).isTrue();
    }

    @Test
    void aNewPodIsNotAvailableBeforeItsHookIsThere() {
        world.spec()
                .putObject("lifecycle")
                .set("preNormal", Trees.yaml("{labelsHandler: {warm: 'yes'}, finalizersHandler: [x/registered]}"));
        world.spec().put("replicas", 4);
        assertThat(world.settle()).isTrue();
        PodView fresh = only("PreparingNormal");
        assertThat(fresh.ready()).isTrue();
        assertThat(world.cloneSet.at("/status/availableReplicas").asInt()).isEqualTo(3);

        world.pod(fresh.name()).withObject("/metadata/labels").put("warm", "yes");
        assertThat(world.settle()).isTrue();
        only("PreparingNormal");
        world.finalizers(world.pod(fresh.name()), Set.of("x/registered"));
        assertThat(world.settle()).isTrue();
        assertThat(world.cloneSet.at("/status/availableReplicas").asInt()).isEqualTo(4);
    }

    private void hook(String name, String hook) {
        world.spec().putObject("lifecycle").set(name, Trees.yaml(hook));
        world.pods.values().forEach(pod -> world.finalizers(pod, Set.of("x/drain")));
        world.settle();
    }

    private PodView only(String lifecycle) {
        List<PodView> found = world.views().stream()
                .filter(pod -> pod.lifecycle().equals(lifecycle))
                .toList();
        assertThat(found)
                .as(
                        "%s among %s",
                        lifecycle,
                        world.views().stream().map(PodView::lifecycle).collect(Collectors.toList()))
                .hasSize(1);
        return found.get(0);
    }

    private PodView view(PodView pod) {
        return new PodView(world.pod(pod.name()));
    }

    private List<String> images() {
        return world.views().stream().map(pod -> pod.image("app")).toList();
    }
}
