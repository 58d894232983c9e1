package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trimtab.source.Revision;
import dev.trimtab.sync.SyncEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

class EventLinesTest {

    private final StringWriter written = new StringWriter();
    private final EventJson events = new EventJson(new PrintWriter(written), Clock.systemUTC());

    static Class<?>[] kinds() {
        return SyncEvent.class.getPermittedSubclasses();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void thePageNamesEachKind(Class<?> kind) throws IOException {
        String name =
                kind.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);

        assertThat(Files.readString(Path.of("..", "docs", "reference", "events.md")))
                .contains("\n| `" + name + "` |");
    }

    @Test
    void anEventWithoutARevisionHasTheCommitAppliedLast() {
        events.add("shop", "west");
        assertThat(events.document("shop", new SyncEvent.Mended()).has("commit"))
                .isFalse();
        JsonNode settled = events.document(
                "shop",
                new SyncEvent.Settled(
                        new Revision("a".repeat(40), "main", Instant.EPOCH, "Ada", "Open", Optional.empty())));

        JsonNode next = events.document("shop", new SyncEvent.Mended());

        assertThat(settled.path("commit").asText()).isEqualTo("a".repeat(40));
        assertThat(next.path("commit").asText()).isEqualTo("a".repeat(40));
        assertThat(next.path("cluster").asText()).isEqualTo("west");
        assertThat(next.path("level").asText()).isEqualTo("info");
    }

    @Test
    void aLogLineWithAnExceptionIsOneJsonLine() throws IOException {
        events.add(Thread.currentThread().getName().replaceFirst("^[^-]*-", ""), "west");
        Logging.Redirection log = Logging.into(events);
        try {
            LoggerFactory.getLogger("dev.trimtab.Test").error("it\nfailed", new IllegalStateException("why"));
        } finally {
            log.close();
        }
        LoggerFactory.getLogger("dev.trimtab.Test").error("afterwards");

        assertThat(written.toString().lines()).hasSize(1);
        JsonNode line = new ObjectMapper().readTree(written.toString());
        assertThat(line.path("event").asText()).isEqualTo("log");
        assertThat(line.path("level").asText()).isEqualTo("error");
        assertThat(line.path("logger").asText()).isEqualTo("dev.trimtab.Test");
        assertThat(line.path("message").asText()).isEqualTo("it\nfailed");
        assertThat(line.path("stackTrace").asText()).contains("IllegalStateException: why", "\tat ");
        assertThat(line.path("cluster").asText()).isEqualTo("west");
    }
}
