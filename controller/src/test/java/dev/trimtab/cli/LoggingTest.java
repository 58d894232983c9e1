package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The HTTP client and server of the JDK log to {@code System.Logger}, others to {@code java.util.logging}. */
class LoggingTest {

    private final StringWriter written = new StringWriter();
    private final Logger root = LogManager.getLogManager().getLogger("");
    private final List<Handler> before = List.of(root.getHandlers());
    private Logging.Redirection log = () -> {};

    @BeforeEach
    void start() {
        Logging.takeOver();
        log = Logging.into(new EventJson(new PrintWriter(written), Clock.systemUTC()));
    }

    @AfterEach
    void stop() {
        log.close();
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        before.forEach(root::addHandler);
    }

    @Test
    void whatLibrariesLogByTheMeansOfTheJdkIsInTheLogOfTheProcess() throws IOException {
        Logger library = Logger.getLogger("com.example.library");
        library.log(Level.SEVERE, "lost {0}", "a connection");
        library.log(Level.WARNING, "odd", new IllegalStateException("why"));
        library.log(Level.INFO, "below what is logged");
        System.getLogger("com.example.http").log(System.Logger.Level.ERROR, "refused");

        assertThat(lines())
                .extracting(
                        line -> line.path("level").asText(),
                        line -> line.path("logger").asText(),
                        line -> line.path("message").asText())
                .containsExactly(
                        tuple("error", "com.example.library", "lost a connection"),
                        tuple("warning", "com.example.library", "odd"),
                        tuple("error", "com.example.http", "refused"));
        assertThat(lines().get(1).path("stackTrace").asText()).contains("IllegalStateException: why");
        assertThat(root.getHandlers()).as("nothing is printed beside it").hasSize(1);
    }

    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : written.toString().lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }
}
