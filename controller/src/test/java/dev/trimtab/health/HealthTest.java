package dev.trimtab.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class HealthTest {

    static Stream<Arguments> cases() throws IOException {
        try (InputStream yaml = HealthTest.class.getResourceAsStream("cases.yaml")) {
            Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(Objects.requireNonNull(yaml));
            JsonNode cases = new JsonMapper().valueToTree(read);
            return StreamSupport.stream(cases.spliterator(), false)
                    .map(row -> Arguments.of(
                            row.path("name").asText(),
                            row.path("is").asText(),
                            row.path("says").asText(""),
                            row.path("live")));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void anObjectsStatusTellsItsHealth(String name, String is, String says, ObjectNode live) {
        ObjectNode before = live.deepCopy();

        Health health = Health.of(live);

        assertThat(health.getClass().getSimpleName()).isEqualTo(is);
        assertThat(health.reason()).contains(says);
        assertThat(health.reason().isEmpty()).isEqualTo(is.equals("Healthy"));
        assertThat(live).as("a pure function").isEqualTo(before);
    }

    @Test
    void onlyWhatIsOnItsWayOrBrokenIsWaitedFor() {
        assertThat(new Health.Healthy().settled()).isTrue();
        assertThat(new Health.Unknown("silent").settled()).isTrue();
        assertThat(new Health.Progressing("soon").settled()).isFalse();
        assertThat(new Health.Failed("never").settled()).isFalse();
    }
}
