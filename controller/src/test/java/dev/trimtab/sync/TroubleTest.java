package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TroubleTest {

    private final Trouble trouble = new Trouble(new Random(1));
    private final Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void onlyTheFirstFailureIsNews() {
        trouble.failed(now);
        assertThat(trouble.isNews()).isTrue();
        trouble.failed(now);
        assertThat(trouble.isNews()).isFalse();
    }

    @Test
    void waitsDoubleUpToFiveMinutes() {
        Duration before = Duration.ZERO;
        for (int i = 0; i < 9; i++) {
            Duration wait = trouble.failed(now);
            double seconds = Math.min(300, Math.pow(2, i));
            assertThat(wait.toMillis() / 1000.0).isBetween(seconds * 0.79, seconds * 1.21);
            before = wait;
        }
        for (int i = 0; i < 100; i++) {
            assertThat(trouble.failed(now)).isLessThanOrEqualTo(Duration.ofMinutes(6));
        }
        assertThat(before).isPositive();
    }

    @Test
    void itWaitsUntilTheWaitIsOver() {
        Duration wait = trouble.failed(now);
        assertThat(trouble.waiting(now.plus(wait).minusMillis(1))).isTrue();
        assertThat(trouble.waiting(now.plus(wait))).isFalse();
    }

    @Test
    void recoveryIsToldOnceAndStartsAnew() {
        assertThat(trouble.recovered()).isFalse();
        trouble.failed(now);
        trouble.failed(now);
        assertThat(trouble.recovered()).isTrue();
        assertThat(trouble.recovered()).isFalse();
        assertThat(trouble.failed(now)).isLessThan(Duration.ofSeconds(2));
        assertThat(trouble.isNews()).isTrue();
    }
}
