package dev.trimtab.drift;

import static dev.trimtab.drift.FakeWatch.CONFIG_MAP;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient.EventType;
import dev.trimtab.kube.ObjectKey;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One object that people edit and delete, and a healer that looks only when it is told to. */
class DriftWatchPropertyTest {

    private static final String US = "trimtab-shop";
    private static final ObjectKey WEB = new ObjectKey("", "ConfigMap", Optional.of("shop"), "web");

    private final FakeWatch cluster = new FakeWatch();
    private boolean told;
    private final DriftWatch watch =
            new DriftWatch(cluster.client(), "shop", US, Clock.systemUTC(), key -> told = true);

    /** Events that the server has sent and the watch has not received yet. */
    private final Deque<Runnable> underway = new ArrayDeque<>();

    /** Readings that were made and not yet confirmed. */
    private final Deque<ObjectNode> readings = new ArrayDeque<>();

    private Optional<ObjectNode> live = Optional.empty();
    private boolean asDesired;
    private int version = 1;
    private int generation = 1;
    private int uid;

    static LongStream seeds() {
        long first = new Random().nextLong();
        return LongStream.range(first, first + 100);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void objectEndsAsDesiredWhateverOvertakesWhat(long seed) {
        Random random = new Random(seed);
        watch.watch(Set.of(CONFIG_MAP));
        told = true;

        for (int step = 0; step < 60; step++) {
            switch (random.nextInt(8)) {
                case 0 -> foreignEdit();
                case 1 -> statusMoves();
                case 2 -> foreignDelete(random);
                case 3, 4 -> receive();
                case 5 -> confirm();
                default -> look();
            }
            if (underway.isEmpty() && watch.confirmed().contains(WEB)) {
                assertThat(live.isPresent() && asDesired)
                        .as("confirmed and true")
                        .isTrue();
            }
        }
        while (!underway.isEmpty() || !readings.isEmpty() || told) {
            receive();
            confirm();
            look();
        }

        assertThat(live.isPresent() && asDesired).as("healed").isTrue();
        assertThat(watch.confirmed()).containsExactly(WEB);
    }

    private void foreignEdit() {
        if (live.isPresent()) {
            asDesired = false;
            generation++;
            write(EventType.MODIFIED);
        }
    }

    private void statusMoves() {
        if (live.isPresent()) {
            write(EventType.MODIFIED);
        }
    }

    private void foreignDelete(Random random) {
        if (live.isPresent() && random.nextBoolean()) {
            version++;
            ObjectNode last = live.get();
            underway.add(() -> cluster.play(EventType.DELETED, last));
            live = Optional.empty();
        }
    }

    private void look() {
        if (!told) {
            return;
        }
        told = false;
        if (live.isEmpty()) {
            uid++;
            asDesired = true;
            write(EventType.ADDED);
        } else if (!asDesired) {
            asDesired = true;
            generation++;
            write(EventType.MODIFIED);
        }
        readings.add(live.orElseThrow());
    }

    private void confirm() {
        if (!readings.isEmpty()) {
            watch.confirm(WEB, readings.remove());
        }
    }

    private void receive() {
        if (!underway.isEmpty()) {
            underway.remove().run();
        }
    }

    private void write(EventType type) {
        version++;
        ObjectNode written = Metadata.of(US, Integer.toString(version));
        written.put("uid", "u-" + uid).put("generation", generation);
        live = Optional.of(written);
        underway.add(() -> cluster.play(type, written));
    }
}
