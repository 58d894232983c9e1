package dev.trimtab.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeReportTest {

    private static final String HEAD = "verify  n1 2026-03-01T12:00:00Z\n";

    @Test
    void whatVerifyShSaidIsCountedAndComesBackFromTheAnnotation() {
        NodeReport report = NodeReport.of(
                "n1",
                HEAD + "ok      /etc/hosts\nFAILED  clock is not synchronised\nnote    kubeadm will pull x\n"
                        + "FAILED  module overlay is not loaded\nn1: 2 checks failed\n");

        assertThat(report.at()).isEqualTo(Instant.parse("2026-03-01T12:00:00Z"));
        assertThat(report.checks()).isEqualTo(3);
        assertThat(report.failures()).isEqualTo(2);
        assertThat(report.named()).containsExactly("clock is not synchronised", "module overlay is not loaded");
        assertThat(NodeReport.parse(report.text())).contains(report);
        assertThat(NodeReport.of("n1", HEAD + "ok  a\nn1 is as it should be\n").failures())
                .isZero();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "ok a; n1 is as it should be                                          | does not begin with",
                "verify  n2 2026-03-01T12:00:00Z; ok a; n2 is as it should be         | it is that of n2",
                "verify  n1 2026-03-01T12:00:00Z; ok a                                | cut off",
                "verify  n1 2026-03-01T12:00:00Z; FAILED a; n1 is as it should be     | cut off",
                "verify  n1 2026-03-01T12:00:00Z; FAILED a; n1: 2 checks failed       | cut off",
                "verify  n1 2026-13-41T12:00:00Z; ok a; n1 is as it should be         | is no time",
            })
    void whatIsNotTheWholeReportOfTheNodeIsRefused(String lines, String why) {
        assertThatThrownBy(() -> NodeReport.of("n1", lines.replace("; ", "\n") + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void theAnnotationIsBoundedAndHoldsNoToken() {
        String line = "FAILED  token abcdef.0123456789abcdef " + "x".repeat(500) + "\n";

        String text = NodeReport.of(
                        "n1", HEAD + String.join("", Collections.nCopies(50, line)) + "n1: 50 checks failed\n")
                .text();

        assertThat(text).hasSizeLessThan(1500).contains("\"failures\":50").doesNotContain("abcdef.0123");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "{}", "[]", "{\"at\": \"yesterday\", \"checks\": 1, \"failures\": 0}"})
    void anAnnotationThatIsNotUnderstoodIsNoReport(String annotation) {
        assertThat(NodeReport.parse(annotation)).isEmpty();
    }
}
