package dev.trimtab.sandbox.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The table of facts in {@code docs/conformance.md} names tests that are there. */
class FactsTest {

    private static final int FACTS = 27;
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (M\\d+) \\| .+? \\| (.+) \\|$");
    private static final Pattern NAME = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    @Test
    void everyFactNamesTestsThatAreThere() throws IOException {
        String text = Files.readString(Path.of("..", "docs", "conformance.md"));
        List<String> numbers = new ArrayList<>();
        for (MatchResult row : ROW.matcher(text).results().toList()) {
            numbers.add(row.group(1));
            List<MatchResult> tests = NAME.matcher(row.group(2)).results().toList();
            assertThat(tests).as(row.group(1)).isNotEmpty();
            tests.forEach(test -> assertThat(methods(test.group(1)))
                    .as(row.group(1) + ", " + test.group(1))
                    .contains(test.group(2)));
        }
        assertThat(numbers)
                .isEqualTo(
                        IntStream.rangeClosed(1, FACTS).mapToObj(i -> "M" + i).toList());
    }

    private static List<String> methods(String topic) {
        try {
            Class<?> type = Class.forName("dev.trimtab.sandbox.conformance." + topic);
            return Arrays.stream(type.getDeclaredMethods())
                    .map(method -> method.getName())
                    .toList();
        } catch (ClassNotFoundException e) {
            throw new AssertionError("no topic " + topic, e);
        }
    }
}
