package dev.trimtab.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "metrics.md");

    /** Writes the page anew with {@code -Dtrimtab.update=true}. */
    @Test
    void theReferencePageListsWhatIsExported() throws IOException {
        if (Boolean.getBoolean("trimtab.update")) {
            Files.writeString(PAGE, MetricsPage.text());
        }
        assertThat(PAGE).hasContent(MetricsPage.text());
    }

    @Test
    void namesFollowThePrometheusGuide() {
        assertThat(Series.values()).allSatisfy(series -> {
            assertThat(series.id()).matches("trimtab_[a-z_]+");
            assertThat(series.id().endsWith("_total")).isEqualTo(series.type() == Series.Type.COUNTER);
            assertThat(series.help()).matches("[A-Z0-9].*\\.").doesNotContain("|");
        });
        assertThat(Arrays.stream(Series.values()).flatMap(series -> series.labels().stream()))
                .doesNotContainAnyElementsOf(Set.of("commit", "message", "user", "pod", "instance", "job"));
    }
}
