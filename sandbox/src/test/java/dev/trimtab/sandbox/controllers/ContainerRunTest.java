package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.controllers.ContainerRun.Restart;
import dev.trimtab.sandbox.controllers.ContainerRun.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerRunTest {

    private static final Duration STOP = Duration.ofMillis(500);
    private static final Duration START = Duration.ofMillis(300);
    private static final Duration TICK = Duration.ofMillis(100);

    private static final KubeletTimes TIMES = new KubeletTimes(
            Duration.ZERO,
            START,
            STOP,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(300));

    private final ContainerRun container = new ContainerRun(Role.MAIN, Restart.ALWAYS, TIMES);
    private final ObjectNode spec =
            JsonNodeFactory.instance.objectNode().put("name", "app").put("image", "app:1.0");
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private void pass(Duration duration) {
        for (Instant end = now.plus(duration); now.isBefore(end); ) {
            now = now.plus(TICK);
            container.advance(spec, now);
        }
    }

    private void startFirstImage() {
        container.begin(spec, now);
        pass(START);
        assertThat(container.running()).isTrue();
    }

    private long secondsUntilItRuns(String image) {
        spec.put("image", image);
        Instant asked = now;
        int restarts = container.restarts();
        while (container.restarts() == restarts) {
            pass(TICK);
            assertThat(Duration.between(asked, now)).isLessThan(Duration.ofMinutes(10));
        }
        return Duration.between(asked, now).toSeconds();
    }

    /** On a real kubelet the same flapping took 0.9, 0.9, 0.9, 12, 0.8 and 28 seconds. */
    @Test
    void flappingBetweenTwoImagesBacksOffPerImage() {
        startFirstImage();
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            seconds.add(secondsUntilItRuns("app:1.1"));
            seconds.add(secondsUntilItRuns("app:1.0"));
        }

        assertThat(seconds).containsExactly(0L, 0L, 0L, 10L, 0L, 20L);
    }

    @Test
    void newImageStopsTheOldContainerFirstAndKeepsItReadyUntilThen() {
        startFirstImage();
        String before = container.containerId();
        spec.put("image", "app:1.1");

        pass(STOP);
        assertThat(container.ready(spec, now)).isTrue();
        assertThat(container.containerId()).isEqualTo(before);

        pass(TICK);
        assertThat(container.ready(spec, now)).isTrue();
        assertThat(container.containerId()).isNotEqualTo(before);
        assertThat(container.restarts()).isEqualTo(1);
        assertThat(container.lastEnd())
                .hasValueSatisfying(end -> assertThat(end.containerId()).isEqualTo(before));
    }

    @Test
    void imageThatCannotBePulledStopsTheContainerAndKeepsWhatLastRan() {
        startFirstImage();
        spec.put("image", "app:bad");

        pass(STOP.plus(TICK));
        assertThat(container.running()).isFalse();
        assertThat(container.pullFailedNow()).isTrue();
        pass(TIMES.pullRetry());
        assertThat(container.pullFailedNow()).isFalse();
        assertThat(container.backsOff()).isTrue();
        assertThat(container.image().normalised()).isEqualTo("docker.io/library/app:1.0");
        assertThat(container.restarts()).isZero();

        assertThat(secondsUntilItRuns("app:1.2")).isZero();
    }

    @Test
    void readinessProbeHoldsReadyBackForItsDelayAndOnePeriodAfterEachStart() {
        spec.putObject("readinessProbe").put("initialDelaySeconds", 2).put("periodSeconds", 3);
        startFirstImage();
        assertThat(container.ready(spec, now)).isFalse();
        pass(Duration.ofSeconds(5));
        assertThat(container.ready(spec, now)).isTrue();

        secondsUntilItRuns("app:1.1");
        assertThat(container.running()).isTrue();
        assertThat(container.ready(spec, now)).isFalse();
        pass(Duration.ofSeconds(5));
        assertThat(container.ready(spec, now)).isTrue();
    }

    @Test
    void plainInitContainerIgnoresANewImage() {
        ContainerRun init = new ContainerRun(Role.INIT, Restart.ON_FAILURE, TIMES);
        init.begin(spec, now);
        init.advance(spec, now.plusSeconds(1));
        init.advance(spec, now.plusSeconds(2));
        assertThat(init.completed()).isTrue();

        spec.put("image", "app:1.1");
        init.advance(spec, now.plusSeconds(3));
        assertThat(init.completed()).isTrue();
        assertThat(init.restarts()).isZero();
    }
}
