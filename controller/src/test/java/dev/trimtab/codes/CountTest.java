package dev.trimtab.codes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 pods, 0 pods are, 0 pods stay",
        "1, 1 pod, 1 pod is, 1 pod stays",
        "2, 2 pods, 2 pods are, 2 pods stay"
    })
    void nounAndVerbFollowTheNumber(int number, String noun, String are, String verb) {
        assertThat(Count.of(number, "pod")).isEqualTo(noun);
        assertThat(Count.are(number, "pod")).isEqualTo(are);
        assertThat(Count.all(number, "pod", "stay")).isEqualTo(verb);
    }
}
