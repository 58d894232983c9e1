package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;

/** Three pods of a CloneSet that are up. */
abstract class ThreePodsUp {

    final CloneSetWorld world = new CloneSetWorld(new SplittableRandom(1));

    @BeforeEach
    void threePodsAreUp() {
        assertThat(world.settle()).isTrue();
        assertThat(world.views()).hasSize(3).allMatch(pod -> pod.available(java.time.Duration.ZERO, world.now()));
        world.written.clear();
    }

    Set<String> uids() {
        return world.views().stream().map(PodView::uid).collect(Collectors.toSet());
    }

    List<String> images() {
        return world.views().stream().map(pod -> pod.image("app")).toList();
    }

    List<Step> podWrites() {
        List<Step> writes = new ArrayList<>(world.written);
        writes.removeIf(step -> step instanceof Step.CreateRevision || step instanceof Step.RenumberRevision);
        return writes;
    }

    static Step only(List<Step> steps) {
        assertThat(steps).hasSize(1);
        return steps.get(0);
    }
}
