package dev.trimtab.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.drift.Healing.Limits;
import dev.trimtab.drift.Healing.Verdict;
import dev.trimtab.kube.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HealingTest {

    private static final ObjectKey WEB = new ObjectKey("apps", "Deployment", Optional.of("shop"), "web");
    private static final String IMAGE = "spec.template.spec.containers[web].image";
    private static final String REPLICAS = "spec.replicas";

    private final Healing healing = new Healing(Limits.STANDARD);
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");

    static LongStream seeds() {
        long first = new Random().nextLong();
        return LongStream.range(first, first + 50);
    }

    @Test
    void firstDriftIsHealedAtOnce() {
        assertThat(healing.verdict(WEB, IMAGE, now)).isEqualTo(Verdict.NOW);
    }

    @Test
    void whoSetsBackAtOnceIsHealedLaterAndLaterAndThenNoMore() {
        Duration last = Duration.ZERO;
        for (int heal = 1; heal <= 5; heal++) {
            healing.healed(WEB, Set.of(IMAGE), now);
            if (heal == 5) {
                break;
            }
            assertThat(healing.verdict(WEB, IMAGE, now)).isEqualTo(Verdict.LATER);
            Instant due = healing.due(WEB, Set.of(IMAGE), now).orElseThrow();
            Duration wait = Duration.between(now, due);
            assertThat(wait).isGreaterThan(last);
            assertThat(healing.verdict(WEB, IMAGE, now.plus(wait.dividedBy(2)))).isEqualTo(Verdict.LATER);
            assertThat(healing.verdict(WEB, IMAGE, due)).isEqualTo(Verdict.NOW);
            last = wait;
            now = due;
        }

        assertThat(healing.verdict(WEB, IMAGE, now)).isEqualTo(Verdict.FIGHT);
        assertThat(healing.fights(WEB)).containsExactly(IMAGE);
        assertThat(healing.verdict(WEB, IMAGE, now.plus(Duration.ofDays(1)))).isEqualTo(Verdict.FIGHT);
        assertThat(healing.verdict(WEB, REPLICAS, now)).isEqualTo(Verdict.NOW);
    }

    @ParameterizedTest(name = "a heal every {0} s is a fight: {1}")
    @CsvSource({"20,true", "60,true", "120,false", "300,false", "3600,false"})
    void rateOfHealsDecides(long seconds, boolean fight) {
        for (int heal = 0; heal < 200; heal++) {
            if (healing.verdict(WEB, IMAGE, now) == Verdict.NOW) {
                healing.healed(WEB, Set.of(IMAGE), now);
            }
            now = now.plusSeconds(seconds);
        }

        assertThat(healing.fights(WEB)).hasSize(fight ? 1 : 0);
    }

    @Test
    void fightEndsWithTheDriftOrACommitOrAPerson() {
        fight(IMAGE);
        healing.ended(WEB, Set.of(IMAGE, REPLICAS));
        assertThat(healing.fights(WEB)).containsExactly(IMAGE);
        healing.ended(WEB, Set.of(REPLICAS));
        assertThat(healing.verdict(WEB, IMAGE, now)).isEqualTo(Verdict.NOW);

        fight(IMAGE);
        healing.reset();
        assertThat(healing.verdict(WEB, IMAGE, now)).isEqualTo(Verdict.NOW);

        fight(IMAGE);
        healing.reset(WEB);
        assertThat(healing.verdict(WEB, IMAGE, now)).isEqualTo(Verdict.NOW);
    }

    /** Drift comes whenever it likes; a healer asks and obeys. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aFieldIsHealedAtMostFiveTimesAMinuteAndNeverWhileItIsFoughtOver(long seed) {
        Random random = new Random(seed);
        Deque<Instant> heals = new ArrayDeque<>();
        boolean fought = false;
        for (int step = 0; step < 500; step++) {
            now = now.plusMillis(random.nextInt(random.nextBoolean() ? 500 : 60_000));
            Verdict verdict = healing.verdict(WEB, IMAGE, now);
            assertThat(fought && verdict != Verdict.FIGHT)
                    .as("fights do not end by themselves")
                    .isFalse();
            fought = verdict == Verdict.FIGHT;
            if (verdict == Verdict.NOW) {
                healing.healed(WEB, List.of(IMAGE), now);
                heals.add(now);
            }
            heals.removeIf(at -> at.isBefore(now.minusSeconds(60)));
            assertThat(heals).hasSizeLessThanOrEqualTo(5);
            if (fought && random.nextInt(20) == 0) {
                healing.ended(WEB, Set.of());
                heals.clear();
                fought = false;
            }
        }
    }

    private void fight(String path) {
        for (int heal = 0; heal < 5; heal++) {
            healing.healed(WEB, Set.of(path), now);
        }
        assertThat(healing.verdict(WEB, path, now)).isEqualTo(Verdict.FIGHT);
    }
}
