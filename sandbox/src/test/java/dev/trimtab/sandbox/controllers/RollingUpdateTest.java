package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RollingUpdateTest {

    @ParameterizedTest
    @CsvSource({
        // replicas, maxSurge, maxUnavailable, resolved surge, resolved unavailable
        "10, 25%, 25%, 3, 2",
        "3, 25%, 25%, 1, 0",
        "1, 25%, 25%, 1, 0",
        "4, 0, 25%, 0, 1",
        "3, 0, 25%, 0, 1",
        "3, 0, 0, 0, 1",
        "2, 1, 5, 1, 2",
        "10, 100%, 0, 10, 0",
    })
    void surgeRoundsUpUnavailableRoundsDownAndNeverBothAreZero(
            int replicas, String surge, String unavailable, int resolvedSurge, int resolvedUnavailable) {
        ObjectNode deployment = JsonNodeFactory.instance.objectNode();
        ObjectNode spec = deployment.putObject("spec").put("replicas", replicas);
        spec.putObject("strategy")
                .putObject("rollingUpdate")
                .put("maxSurge", surge)
                .put("maxUnavailable", unavailable);

        RolloutStrategy strategy = RolloutStrategy.of(deployment);

        assertThat(strategy.maxSurge()).isEqualTo(resolvedSurge);
        assertThat(strategy.maxUnavailable()).isEqualTo(resolvedUnavailable);
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /** Plays a rollout with pods that become ready, or are found unready, at random; the bounds must hold after every step. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void rolloutStaysWithinItsBoundsAndEnds(long seed) {
        Random random = new Random(seed);
        int replicas = 1 + random.nextInt(12);
        int surge = random.nextInt(4);
        int unavailable = surge == 0 ? 1 + random.nextInt(replicas) : random.nextInt(replicas + 1);
        RolloutStrategy strategy = new RolloutStrategy(true, replicas, surge, unavailable);
        int[] sizes = {0, replicas, 0};
        int[] available = {0, replicas, 0};

        for (int step = 0; !(sizes[0] == replicas && available[0] == replicas && sizes[1] + sizes[2] == 0); step++) {
            assertThat(step).as("steps").isLessThan(1000);
            List<ReplicaSetView> sets = new ArrayList<>();
            for (int i = 0; i < sizes.length; i++) {
                sets.add(set("set-" + i, sizes[i], available[i]));
            }
            int total = sizes[0] + sizes[1] + sizes[2];
            int grown = RollingUpdate.newSize(strategy, sizes[0], total);
            if (grown != sizes[0]) {
                sizes[0] = grown;
            } else {
                Map<Key, Integer> shrunk =
                        RollingUpdate.shrinkOld(strategy, sets.get(0), List.of(sets.get(1), sets.get(2)));
                for (int i = 1; i < sizes.length; i++) {
                    sizes[i] = shrunk.getOrDefault(sets.get(i).key(), sizes[i]);
                    available[i] = Math.min(available[i], sizes[i]);
                }
            }
            assertThat(sizes[0] + sizes[1] + sizes[2]).as("pods").isLessThanOrEqualTo(strategy.maxTotal());
            assertThat(available[0] + available[1] + available[2])
                    .as("available")
                    .isGreaterThanOrEqualTo(strategy.minAvailable());
            if (available[0] < sizes[0] && random.nextBoolean()) {
                available[0]++;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // Deployment scaled from 10 to the new size, both with 3 surge, while 8 old and 5 new pods are there
        "20, 14, 9",
        "5, 5, 3",
        "10, 8, 5",
    })
    void scalingAHalfDoneRolloutKeepsTheProportion(int replicas, int old, int current) {
        RolloutStrategy strategy = new RolloutStrategy(true, replicas, 3, 2);
        ReplicaSetView oldSet = set("old", 8, 8, 13);
        ReplicaSetView newSet = set("new", 5, 0, 13);

        Map<Key, Integer> sizes = RollingUpdate.proportional(strategy, List.of(oldSet, newSet), 13);

        assertThat(sizes).containsEntry(oldSet.key(), old).containsEntry(newSet.key(), current);
    }

    private static ReplicaSetView set(String name, int size, int available) {
        return set(name, size, available, 0);
    }

    private static ReplicaSetView set(String name, int size, int available, int maxReplicas) {
        ObjectNode set = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = set.putObject("metadata").put("namespace", "n").put("name", name);
        if (maxReplicas > 0) {
            metadata.putObject("annotations").put(ReplicaSetView.MAX_REPLICAS, Integer.toString(maxReplicas));
        }
        set.putObject("spec").put("replicas", size);
        set.putObject("status").put("replicas", size).put("availableReplicas", available);
        return new ReplicaSetView(set);
    }
}
