package dev.trimtab.bootstrap.join;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WantedFilesTest {

    /** The same cases as those in which {@code prepare.sh} itself is run: what is announced has to be what it writes. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "127.0.0.1 localhost\\n, 127.0.0.1 localhost\\n",
                "127.0.0.1 localhost, 127.0.0.1 localhost\\n",
                "``, ``",
                "\\n\\n1.1.1.1 a, \\n\\n1.1.1.1 a\\n",
                "127.0.0.1 localhost\\r\\n, 127.0.0.1 localhost\\r\\n",
                "1.1.1.1 a\\n# BEGIN trimtab\\n9.9.9.9 old\\n# END trimtab\\n, 1.1.1.1 a\\n",
                "1.1.1.1 a\\n# BEGIN trimtab\\n9.9.9.9 old\\n# END trimtab, 1.1.1.1 a\\n",
                "1.1.1.1 a\\n# BEGIN trimtab\\r\\n9.9.9.9 old\\r\\n# END trimtab\\r\\n, 1.1.1.1 a\\n",
                "# BEGIN trimtab\\n# END trimtab\\n2.2.2.2 b, 2.2.2.2 b\\n",
            })
    void theBlockFollowsTheLinesOfOthers(String file, String kept) {
        assertThat(WantedFiles.withBlock(lines(file), "BLOCK\n")).isEqualTo(lines(kept) + "BLOCK\n");
    }

    private static String lines(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n");
    }
}
