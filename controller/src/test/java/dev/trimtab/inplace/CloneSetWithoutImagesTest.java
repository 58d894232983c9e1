package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is decided for a CloneSet while new images are not on the nodes yet. */
class CloneSetWithoutImagesTest {

    private final CloneSetWorld world = new CloneSetWorld(new SplittableRandom(1));

    @BeforeEach
    void threePodsRun() {
        assertThat(world.settle()).isTrue();
        assertThat(world.pods).hasSize(3);
    }

    private Decision decide() {
        // The first decision on a new template only writes it down.
        CloneSetPlanner.decide(world.state()).steps().stream()
                .filter(Step.CreateRevision.class::isInstance)
                .forEach(world::apply);
        return CloneSetPlanner.decide(world.state().withoutImages());
    }

    @Test
    void noPodRestartsOrLeavesItsServices() {
        world.app().put("image", "app:2");
        Decision decision = decide();
        assertThat(decision.steps()).isEmpty();
        assertThat(decision.restarting()).hasSize(3);
        assertThat(CloneSetPlanner.decide(world.state()).steps())
                .hasSize(1)
                .allMatch(Step.PatchStatus.class::isInstance);
    }

    @Test
    void onlyPodsThatHaveTheirTurnAreToRestart() {
        world.app().put("image", "app:2");
        world.strategy().put("partition", 2);
        assertThat(decide().restarting()).hasSize(1);
    }

    @Test
    void podsAreAddedAndRemoved() {
        world.app().put("image", "app:2");
        world.spec().put("replicas", 5);
        assertThat(decide().steps()).hasSize(2).allMatch(Step.CreatePod.class::isInstance);
        world.spec().put("replicas", 2);
        assertThat(decide().steps()).hasSize(1).allMatch(Step.DeletePod.class::isInstance);
    }

    @Test
    void labelsArePatchedAndWhatCannotStayIsReplaced() {
        world.templateLabels().put("tier", "edge");
        assertThat(decide().steps()).hasSize(3).allMatch(Step.PatchPod.class::isInstance);
        world.app().put("image", "app:2").putArray("command").add("serve");
        Decision decision = decide();
        assertThat(decision.steps()).hasSize(1).allMatch(Step.DeletePod.class::isInstance);
        assertThat(decision.restarting()).isEmpty();
    }

    @Test
    void aPodInItsGracePeriodGoesBackIntoItsServices() {
        world.strategy().putObject("inPlaceUpdateStrategy").put("gracePeriodSeconds", 30);
        world.app().put("image", "app:2");
        world.reconcile();
        world.reconcile();
        assertThat(world.views()).filteredOn(PodView::gateClosed).hasSize(1);
        decide().steps().forEach(world::apply);
        assertThat(world.views()).noneMatch(PodView::gateClosed);
    }
}
