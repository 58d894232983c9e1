package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloneSetPlannerTest extends ThreePodsUp {

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
    void aTemplateInOtherWordsIsTheSameRevision() {
        world.app().withObjectProperty("resources").putObject("limits").put("cpu", "1000m");
        world.settle();
        world.written.clear();
        world.app().withObjectProperty("resources").withObjectProperty("limits").put("cpu", 1);

        assertThat(world.settle()).isTrue();
        assertThat(world.written).isEmpty();
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
}
