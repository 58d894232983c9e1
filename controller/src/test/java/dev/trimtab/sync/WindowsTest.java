package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.sync.Window.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    /** In Berlin the clock goes from 02:00 to 03:00 on 2026-03-29 and from 03:00 to 02:00 on 2026-10-25. */
    @ParameterizedTest(name = "{0} for {1} at {2}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "0 22 * * * | PT8H  | 2026-11-24T21:59:59+01:00 | false",
                "0 22 * * * | PT8H  | 2026-11-24T22:00:00+01:00 | true",
                "0 22 * * * | PT8H  | 2026-11-25T05:59:59+01:00 | true",
                "0 22 * * * | PT8H  | 2026-11-25T06:00:00+01:00 | false",
                // The night is an hour shorter, and the clock shows six all the same.
                "0 22 * * * | PT8H  | 2026-03-29T05:59:59+02:00 | true",
                "0 22 * * * | PT8H  | 2026-03-29T06:00:00+02:00 | false",
                // The night is an hour longer.
                "0 22 * * * | PT8H  | 2026-10-25T05:59:59+01:00 | true",
                "0 22 * * * | PT8H  | 2026-10-25T06:00:00+01:00 | false",
                // An hour that the clock leaves out is in no window.
                "15 2 * * * | PT30M | 2026-03-29T01:59:59+01:00 | false",
                "15 2 * * * | PT30M | 2026-03-29T03:00:00+02:00 | false",
                "15 2 * * * | PT30M | 2026-03-29T03:20:00+02:00 | false",
                "15 2 * * * | PT2H  | 2026-03-29T03:00:00+02:00 | true",
                "15 2 * * * | PT2H  | 2026-03-29T04:15:00+02:00 | false",
                // One that it shows twice is in it twice.
                "15 2 * * * | PT30M | 2026-10-25T02:14:59+02:00 | false",
                "15 2 * * * | PT30M | 2026-10-25T02:20:00+02:00 | true",
                "15 2 * * * | PT30M | 2026-10-25T02:50:00+02:00 | false",
                "15 2 * * * | PT30M | 2026-10-25T02:20:00+01:00 | true",
                "15 2 * * * | PT30M | 2026-10-25T02:50:00+01:00 | false",
            })
    void aWindowFollowsTheClockOnTheWall(String schedule, Duration duration, OffsetDateTime at, boolean open) {
        Window window = new Window(Kind.DENY, CronSchedule.parse(schedule), duration, BERLIN);

        assertThat(window.isOpen(at.toInstant())).isEqualTo(open);
    }

    @ParameterizedTest(name = "closed at {0} until {1}")
    @CsvSource({
        "2026-03-28T23:00:00+01:00, 2026-03-29T06:00:00+02:00",
        "2026-10-24T23:00:00+02:00, 2026-10-25T06:00:00+01:00",
        "2026-11-24T23:00:00+01:00, 2026-11-25T06:00:00+01:00",
    })
    void theEndOfAClosedTimeIsToldRightAcrossBothChangesOfAnHour(OffsetDateTime at, OffsetDateTime until) {
        Windows windows = new Windows(List.of(deny("0 22 * * *", Duration.ofHours(8))));

        assertThat(windows.at(at.toInstant())).hasValueSatisfying(closed -> {
            assertThat(closed.until()).contains(until.toInstant());
            assertThat(closed.text()).contains("0 22 * * *", "06:00 Europe/Berlin");
        });
    }

    @Test
    void whatIsDeniedStaysDeniedWhateverIsAllowed() {
        Windows windows =
                new Windows(List.of(allow("0 8 * * *", Duration.ofHours(10)), deny("0 12 * * *", Duration.ofHours(1))));

        assertThat(windows.at(at("2026-11-24T07:00:00+01:00"))).hasValueSatisfying(closed -> {
            assertThat(closed.until()).contains(at("2026-11-24T08:00:00+01:00"));
            assertThat(closed.text()).startsWith("no allow window is open");
        });
        assertThat(windows.at(at("2026-11-24T11:00:00+01:00"))).isEmpty();
        assertThat(windows.at(at("2026-11-24T12:30:00+01:00")))
                .hasValueSatisfying(closed -> assertThat(closed.until()).contains(at("2026-11-24T13:00:00+01:00")));
        assertThat(windows.at(at("2026-11-24T18:00:00+01:00")))
                .hasValueSatisfying(closed -> assertThat(closed.until()).contains(at("2026-11-25T08:00:00+01:00")));
    }

    @Test
    void withoutWindowsThereIsAlwaysTime() {
        assertThat(Windows.ALWAYS.at(Instant.EPOCH)).isEmpty();
        assertThat(Windows.ALWAYS.nextLook(Instant.EPOCH)).isEmpty();
    }

    /** Between one look and the next nothing changes: otherwise a window would open and nobody would come. */
    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Africa/Casablanca"})
    void nothingChangesBetweenTwoLooks(String zone) {
        long seed = 42;
        Random random = new Random(seed);
        List<String> schedules = List.of("0 22 * * *", "15 2 * * *", "30 1 * * 0", "*/20 * * * *", "45 2 29 3 *");
        for (int i = 0; i < 300; i++) {
            Window window = new Window(
                    Kind.DENY,
                    CronSchedule.parse(schedules.get(random.nextInt(schedules.size()))),
                    Duration.ofMinutes(1 + random.nextInt(600)),
                    ZoneId.of(zone));
            // A year from now on, half of the time near a change of the clock.
            Instant base = random.nextBoolean() ? at("2026-03-28T12:00:00Z") : at("2026-10-24T12:00:00Z");
            Instant now = base.plusSeconds(random.nextInt(2 * 86_400));
            Instant look = window.nextLook(now).orElseThrow();
            assertThat(look).isAfter(now);
            boolean open = window.isOpen(now);
            long span = Duration.between(now, look).toSeconds();
            for (int j = 0; j < 20 && span > 1; j++) {
                Instant between = now.plusSeconds(random.nextLong(span));
                assertThat(window.isOpen(between))
                        .as("seed %s: %s from %s to %s at %s", seed, window, now, look, between)
                        .isEqualTo(open);
            }
        }
    }

    private static Window deny(String schedule, Duration duration) {
        return new Window(Kind.DENY, CronSchedule.parse(schedule), duration, BERLIN);
    }

    private static Window allow(String schedule, Duration duration) {
        return new Window(Kind.ALLOW, CronSchedule.parse(schedule), duration, BERLIN);
    }

    private static Instant at(String time) {
        return OffsetDateTime.parse(time).toInstant();
    }
}
