package dev.trimtab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacingTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private final Pacing pacing = new Pacing();

    @Test
    void nothingIsDueWhereNothingChanged() {
        assertThat(pacing.due()).isEmpty();
        pacing.changed(NOW, true);
        pacing.begin();
        pacing.written(NOW);
        assertThat(pacing.due()).isEmpty();
    }

    @Test
    void theFirstWaitsUntilItIsKnownHowThingsStandButNotForLong() {
        pacing.changed(NOW, false);
        pacing.changed(NOW.plusSeconds(1), false);
        assertThat(pacing.due()).contains(NOW.plus(Pacing.FIRST));

        pacing.changed(NOW.plusSeconds(2), true);
        assertThat(pacing.due()).contains(NOW.plusSeconds(2));
    }

    @Test
    void whatChangesWithinASecondIsWrittenOnceAtItsEnd() {
        pacing.changed(NOW, true);
        pacing.begin();
        pacing.written(NOW);

        pacing.changed(NOW.plusMillis(10), true);
        pacing.changed(NOW.plusMillis(500), false);

        assertThat(pacing.due()).contains(NOW.plusSeconds(1));
    }

    @Test
    void whatChangesDuringAWriteIsWrittenAfterIt() {
        pacing.changed(NOW, true);
        pacing.begin();
        pacing.changed(NOW.plusMillis(1), true);
        pacing.written(NOW.plusMillis(2));

        assertThat(pacing.due()).contains(NOW.plusMillis(1002));
    }

    @Test
    void failuresAreToldOnceAndTriedAgainWithWaitsThatGrowToFiveMinutes() {
        pacing.changed(NOW, true);
        List<Duration> waits = new ArrayList<>();
        List<Boolean> news = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            pacing.begin();
            news.add(pacing.failed(NOW));
            waits.add(Duration.between(NOW, pacing.due().orElseThrow()));
        }
        assertThat(news).startsWith(true, false, false).filteredOn(one -> one).hasSize(1);
        assertThat(waits).isSorted().startsWith(Duration.ofSeconds(1)).endsWith(Pacing.LONGEST);
    }

    @Test
    void whileNobodyAnswersNothingIsTriedAndAfterThatWhatFailedAtOnce() {
        pacing.changed(NOW, true);
        pacing.begin();
        var unused = pacing.failed(NOW);
        pacing.lost();
        pacing.changed(NOW.plusSeconds(60), true);
        assertThat(pacing.due()).isEmpty();

        pacing.regained();
        assertThat(pacing.due()).contains(Instant.EPOCH);
    }

    @Test
    void neverTwoInASecondAndTheLastChangeIsAlwaysWritten() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Instant now = NOW;
        Instant lastWrite = Instant.EPOCH;
        int changes = 0;
        int written = 0;
        for (int i = 0; i < 10_000; i++) {
            now = now.plusMillis(random.nextInt(400));
            if (random.nextBoolean()) {
                pacing.changed(now, random.nextBoolean());
                changes++;
            }
            Instant at = now;
            if (pacing.due().filter(due -> !due.isAfter(at)).isPresent()) {
                assertThat(Duration.between(lastWrite, now)).as("seed " + seed).isGreaterThanOrEqualTo(Pacing.APART);
                pacing.begin();
                pacing.written(now);
                lastWrite = now;
                written = changes;
            } else if (written < changes) {
                assertThat(pacing.due()).as("seed " + seed).isPresent();
            }
        }
    }
}
