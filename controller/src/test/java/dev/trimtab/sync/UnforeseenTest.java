package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

class UnforeseenTest {

    private static final String SECRET = "Swordfish77";

    static Stream<Named<Callable<?>>> readers() {
        return Stream.of(
                Named.of("JSON", () -> new ObjectMapper().readTree(SECRET)),
                Named.of("YAML", () -> new Yaml().<Object>load("password: [" + SECRET)),
                Named.of("number", () -> Integer.parseInt(SECRET)),
                Named.of("time", () -> DateTimeFormatter.ISO_INSTANT.parse(SECRET)),
                Named.of("address", () -> URI.create("https://ann:" + SECRET + "@ example.com")));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void ofWhatCannotBeReadOnlyTheKindIsSaid(Callable<?> read) {
        Exception thrown = thrown(read);
        Unforeseen error = Unforeseen.of(new IllegalStateException("wrapped: " + thrown, thrown));

        assertThat(String.valueOf(thrown)).as("the sample quotes").contains(SECRET);
        assertThat(error.text()).isEqualTo("java.lang.IllegalStateException");
        assertThat(error.message()).isEmpty();
        assertThat(error.stackTrace())
                .contains("Caused by: " + thrown.getClass().getName(), "\tat dev.trimtab.sync.UnforeseenTest.")
                .doesNotContain(SECRET);
    }

    @Test
    void ofAnyOtherErrorTheMessageAndThePlaceAreSaid() {
        Unforeseen error = Unforeseen.of(new IllegalStateException("no plan", new ArithmeticException("/ by zero")));

        assertThat(error.text()).isEqualTo("java.lang.IllegalStateException: no plan");
        assertThat(error.at())
                .hasValueSatisfying(at -> assertThat(at).startsWith("dev.trimtab.sync.UnforeseenTest.ofAnyOtherError"));
        assertThat(error.stackTrace())
                .contains("no plan\n\tat ", "\nCaused by: java.lang.ArithmeticException: / by zero\n\tat ");
        assertThat(Unforeseen.of(new NullPointerException()).text()).isEqualTo("java.lang.NullPointerException");
    }

    @Test
    void aRingOfCausesHasAnEnd() {
        Exception one = new IllegalStateException("one");
        Exception other = new IllegalStateException("other", one);
        one.initCause(other);

        assertThat(Unforeseen.of(one).stackTrace()).contains("one", "other");
    }

    private static Exception thrown(Callable<?> read) {
        return (Exception) catchThrowable(read::call);
    }
}
