package dev.trimtab.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionRangeTest {

    private static final List<String> TAGS = List.of(
            "v1.2.0",
            "v1.9.9",
            "v1.10.0",
            "1.3.0",
            "v2.0.0",
            "v2.1.0-rc.1",
            "v3.0.0-rc.1",
            "latest",
            "v1.99",
            "release-9.9.9");

    @ParameterizedTest(name = "{0} takes {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                ">=1.2 <2            ; v1.10.0",
                ">=1.2, <2           ; v1.10.0",
                "^1.2                ; v1.10.0",
                "~1.9                ; v1.9.9",
                "1.x                 ; v1.10.0",
                "1.9.*               ; v1.9.9",
                "1.2.0 - 1.5.0       ; 1.3.0",
                "=1.2.0              ; v1.2.0",
                "v1.2.0              ; v1.2.0",
                "<1.3.0 || >=2       ; v2.0.0",
                "*                   ; v2.0.0",
                ">=2                 ; v2.0.0",
                ">=2.1.0-rc.0 <2.1.0 ; v2.1.0-rc.1",
                ">=3.0.0-rc.0        ; v3.0.0-rc.1",
                ">=2.1.0-0           ; v2.1.0-rc.1",
                ">3                  ; none",
            })
    void theHighestTagInTheRangeIsTaken(String range, String tag) {
        assertThat(VersionRange.parse(range).orElseThrow().highest(TAGS))
                .isEqualTo(tag.equals("none") ? List.of() : List.of(tag));
    }

    @ParameterizedTest(name = "\"{0}\" is no range")
    @ValueSource(
            strings = {
                "",
                " ",
                "latest",
                "main",
                "x",
                "1.2.3.4",
                ">=",
                "=>1",
                "><1",
                ">=1.2 <2 foo",
                "1.x-rc",
                "01.2",
                "||",
                "1 ||"
            })
    void whatIsNoRangeIsNotTakenForAnyVersion(String text) {
        assertThat(VersionRange.parse(text)).isEmpty();
    }

    @Test
    void namesOfOneVersionAreAllGiven() {
        assertThat(VersionRange.parse("1.x").orElseThrow().highest(List.of("v1.0.0", "1.0.0", "1.0.0+b", "0.9.0")))
                .containsExactly("1.0.0", "1.0.0+b", "v1.0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "ABCDEF0123456789ABCDEF0123456789ABCDEF01", "refs/heads/main", "0123456"})
    void aPinnedCommitIsAWholeId(String id) {
        assertThatThrownBy(() -> new Wanted.Commit(id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("40 lower-case hex digits");
    }
}
