package dev.trimtab.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {

    private static final long MS = 1_000_000;

    private final AdaptiveLimit limit = new AdaptiveLimit();

    @Test
    void aFullRoundOfGoodAnswersAddsOne() {
        round(AdaptiveLimit.FIRST, 0);

        assertThat(limit.limit()).isEqualTo(AdaptiveLimit.FIRST);
        limit.answered(0, 10 * MS, AdaptiveLimit.FIRST);
        assertThat(limit.limit()).isEqualTo(AdaptiveLimit.FIRST + 1);
    }

    @Test
    void aLimitThatNobodyReachesDoesNotGrow() {
        for (int i = 0; i < 1_000; i++) {
            limit.answered(i * MS, (i + 1) * MS, 1);
        }

        assertThat(limit.limit()).isEqualTo(AdaptiveLimit.FIRST);
    }

    @Test
    void overloadHalvesOnceForAllRequestsOfOneRound() {
        limit.overloaded(0, 10 * MS);
        limit.overloaded(1, 11 * MS);
        limit.overloaded(9 * MS, 12 * MS);
        assertThat(limit.limit()).isEqualTo(AdaptiveLimit.FIRST / 2);

        limit.overloaded(10 * MS, 20 * MS);
        assertThat(limit.limit()).isEqualTo(AdaptiveLimit.FIRST / 4);
    }

    @Test
    void answersMuchSlowerThanUsualTakeAFifth() {
        for (int i = 0; i < 100; i++) {
            limit.answered(i * MS, (i + 10) * MS, 1);
        }

        limit.answered(200 * MS, 1_200 * MS, 8);

        assertThat(limit.limit()).isEqualTo(6);
    }

    @Test
    void aServerThatIsAlwaysSlowIsNotOverloaded() {
        for (int i = 0; i < 100; i++) {
            limit.answered(i * 2_000L * MS, (i + 1) * 2_000L * MS, 1);
        }

        assertThat(limit.limit()).isEqualTo(AdaptiveLimit.FIRST);
    }

    @Test
    void staysBetweenOneAndTheMostWhateverComes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        long now = 0;
        for (int i = 0; i < 20_000; i++) {
            long began = now - random.nextInt(100) * MS;
            now += random.nextInt(50) * MS;
            if (random.nextInt(10) == 0) {
                limit.overloaded(began, now);
            } else {
                limit.answered(began, now, 1 + random.nextInt(AdaptiveLimit.MOST));
            }
            assertThat(limit.limit()).as("seed %d", seed).isBetween(1, AdaptiveLimit.MOST);
        }
    }

    @Test
    void goodAnswersBringItBackFromTheBottom() {
        for (int i = 0; i < 20; i++) {
            limit.overloaded(i * MS, i * MS);
        }
        assertThat(limit.limit()).isEqualTo(1);

        for (int i = 0; i < 10_000; i++) {
            limit.answered(i * MS, (i + 10) * MS, limit.limit());
        }
        assertThat(limit.limit()).isEqualTo(AdaptiveLimit.MOST);
    }

    private void round(int answers, long at) {
        for (int i = 0; i < answers; i++) {
            limit.answered(at, at + 10 * MS, answers);
        }
    }
}
