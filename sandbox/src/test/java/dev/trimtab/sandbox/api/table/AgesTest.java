package dev.trimtab.sandbox.api.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgesTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT119S, 119s",
        "PT2M, 2m",
        "PT2M5S, 2m5s",
        "PT9M59S, 9m59s",
        "PT10M, 10m",
        "PT179M, 179m",
        "PT3H, 3h",
        "PT3H5M, 3h5m",
        "PT8H, 8h",
        "PT47H, 47h",
        "P2D, 2d",
        "P2DT3H, 2d3h",
        "P8D, 8d",
        "P729D, 729d",
        "P730D, 2y",
        "P800D, 2y70d",
        "P3000D, 8y",
        "PT-1S, 0s",
        "PT-5S, <invalid>"
    })
    void saysNoMoreThanTwoUnits(Duration duration, String text) {
        assertThat(Ages.text(duration)).isEqualTo(text);
    }
}
