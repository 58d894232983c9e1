package dev.trimtab.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trimtab.review.Style;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What every command takes, and where it writes: results to {@link #out()}, everything else to {@link #err()}. */
final class CommonOptions {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** When output is coloured. */
    enum Color {
        AUTO,
        ALWAYS,
        NEVER
    }

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "AUTO",
            description = "auto (on a terminal, unless NO_COLOR is set), always or never")
    private Color color;

    @Option(
            names = {"-v", "--verbose"},
            description = "tell more on standard error")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    @SuppressWarnings("unused") // picocli asks the option, not the field
    private boolean help;

    CommandLine commandLine() {
        return spec.commandLine();
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    boolean verbose() {
        return verbose;
    }

    Style style() {
        return switch (color) {
            case ALWAYS -> Style.COLOR;
            case NEVER -> Style.PLAIN;
            case AUTO -> Style.of(System.getenv(), Ansi.AUTO.enabled());
        };
    }

    /** Writes one document and nothing else to standard output. */
    void print(JsonNode document) {
        try {
            DefaultPrettyPrinter printer =
                    new DefaultPrettyPrinter().withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
            out().println(JSON.writer(printer).writeValueAsString(document));
            out().flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }
}
