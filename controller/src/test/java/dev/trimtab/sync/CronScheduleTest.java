package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {

    /** 2026-11-24 is a Tuesday. */
    @ParameterizedTest(name = "{0} after {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "0 22 * * *      | 2026-11-24T21:59 | 2026-11-24T22:00",
                "0 22 * * *      | 2026-11-24T22:00 | 2026-11-25T22:00",
                "*/15 * * * *    | 2026-11-24T22:01 | 2026-11-24T22:15",
                "0 9 * * 1-5     | 2026-11-27T10:00 | 2026-11-30T09:00",
                "0 9 * * mon-fri | 2026-11-27T10:00 | 2026-11-30T09:00",
                "0 9 * * 0       | 2026-11-24T00:00 | 2026-11-29T09:00",
                "0 9 * * 7       | 2026-11-24T00:00 | 2026-11-29T09:00",
                "0 9 * * 6-7     | 2026-11-24T00:00 | 2026-11-28T09:00",
                "0 9 * * 5-0     | 2026-11-28T10:00 | 2026-11-29T09:00",
                "0 9 * * sat-sun | 2026-11-28T10:00 | 2026-11-29T09:00",
                "0 9 * * 2,4     | 2026-11-24T10:00 | 2026-11-26T09:00",
                "0 9 * * */2     | 2026-11-24T10:00 | 2026-11-26T09:00",
                "0 9 1 * *       | 2026-11-24T10:00 | 2026-12-01T09:00",
                "0 9 1 * 5       | 2026-11-24T10:00 | 2026-11-27T09:00",
                "0 9 1 * 5       | 2026-11-27T10:00 | 2026-12-01T09:00",
                "0 0 29 2 *      | 2026-11-24T10:00 | 2028-02-29T00:00",
                "0 0 1 jan *     | 2026-11-24T10:00 | 2027-01-01T00:00",
                "@daily          | 2026-11-24T10:00 | 2026-11-25T00:00",
                "@weekly         | 2026-11-24T10:00 | 2026-11-29T00:00",
            })
    void fiveFieldsMeanWhatTheyMeanToCron(String schedule, LocalDateTime after, LocalDateTime next) {
        assertThat(CronSchedule.parse(schedule).nextAfter(after)).contains(next);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0 22 * *",
                "0 0 22 * * ?",
                "60 * * * *",
                "0 24 * * *",
                "0 0 31 2 *",
                "0 0 * * 8",
                "0 0 * * xyz",
                "0 0 * * 4-2",
                "0 0 32 * *",
                "@never",
                "a b c d e"
            })
    void whatIsNoScheduleIsRefusedInItsOwnWords(String schedule) {
        assertThatThrownBy(() -> CronSchedule.parse(schedule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + schedule + "\"");
    }
}
