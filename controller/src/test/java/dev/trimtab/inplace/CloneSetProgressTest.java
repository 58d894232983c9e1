package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Condition Progressing. */
class CloneSetProgressTest {

    private final CloneSetWorld world = new CloneSetWorld(new SplittableRandom(1));

    @BeforeEach
    void threePodsAreUp() {
        world.spec().put("progressDeadlineSeconds", 60);
        assertThat(world.settle()).isTrue();
    }

    @Test
    void withoutADeadlineNothingIsReported() {
        world.spec().remove("progressDeadlineSeconds");
        world.settle();
        assertThat(progressing().isMissingNode()).isTrue();

        world.spec().put("progressDeadlineSeconds", Integer.MAX_VALUE);
        world.settle();
        assertThat(progressing().isMissingNode()).isTrue();
    }

    @Test
    void aSetAtRestIsAvailableHoweverLongItRests() {
        assertProgress("True", "CloneSetAvailable");
        world.pass(1000);
        assertThat(world.settle()).isTrue();

        assertProgress("True", "CloneSetAvailable");
    }

    @Test
    void anUpdateThatGetsNowhereIsReportedAfterTheDeadlineAndGoesOnWhenItDoes() {
        world.app().put("image", "app:bad");
        assertThat(world.settle()).isTrue();
        assertProgress("True", "CloneSetUpdated");
        Duration left = Progress.left(CloneSet.of(world.cloneSet), world.cloneSet.path("status"), world.now())
                .orElseThrow();
        assertThat(left).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(61));
        world.pass((int) left.toSeconds());
        world.reconcile();

        assertProgress("False", "ProgressDeadlineExceeded");
        assertThat(progressing().path("message").asText()).contains("0 of 3", "60 s");
        world.app().put("image", "app:2");
        world.reconcile();
        world.reconcile();
        assertProgress("True", "CloneSetUpdated");
        assertThat(world.settle()).isTrue();
        assertProgress("True", "CloneSetAvailable");
    }

    @Test
    void everyPodThatComesUpStartsTheClockAgain() {
        world.app().put("image", "app:2");
        String first = "";
        int moved = 0;
        for (int i = 0; i < 40; i++) {
            world.reconcile();
            world.kubelet(1);
            world.pass(1);
            String time = progressing().path("lastUpdateTime").asText();
            moved += time.equals(first) ? 0 : 1;
            first = time;
        }

        assertThat(moved).isGreaterThanOrEqualTo(3);
    }

    @Test
    void timeSpentPausedIsNotCharged() {
        world.app().put("image", "app:bad");
        world.settle();
        world.strategy().put("paused", true);
        world.settle();
        assertProgress("True", "CloneSetPaused");
        world.pass(1000);
        world.strategy().put("paused", false);
        world.reconcile();

        assertProgress("True", "CloneSetUpdated");
        world.pass(61);
        world.reconcile();
        assertProgress("False", "ProgressDeadlineExceeded");
    }

    @Test
    void aPartitionThatIsReachedIsNoDelay() {
        world.strategy().put("partition", 2);
        world.app().put("image", "app:2");
        assertThat(world.settle()).isTrue();
        world.pass(1000);
        world.reconcile();

        assertProgress("True", "ProgressPartitionAvailable");
    }

    private void assertProgress(String status, String reason) {
        assertThat(progressing().path("reason").asText()).isEqualTo(reason);
        assertThat(progressing().path("status").asText()).isEqualTo(status);
    }

    private JsonNode progressing() {
        return Containers.stream(world.cloneSet.at("/status/conditions"))
                .filter(condition -> condition.path("type").asText().equals(Progress.TYPE))
                .findFirst()
                .orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
    }
}
