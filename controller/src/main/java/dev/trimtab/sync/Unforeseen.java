package dev.trimtab.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.net.URISyntaxException;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What may be said of an error that nobody foresaw. Readers quote what they could not read, and that may be the value of a Secret or
 * an address with a password: of their errors only the kind and the place are said.
 */
public final class Unforeseen {

    private static final int CAUSES = 8;

    private final Throwable error;

    private Unforeseen(Throwable error) {
        this.error = error;
    }

    public static Unforeseen of(Throwable error) {
        return new Unforeseen(error);
    }

    /** The full name of its class. */
    public String kind() {
        return error.getClass().getName();
    }

    /** Empty where it has none, or none that may be said. */
    public Optional<String> message() {
        return Optional.ofNullable(error.getMessage()).filter(text -> causes().noneMatch(Unforeseen::quotes));
    }

    /** Where in Trimtab it happened: class, method, file and line. */
    public Optional<String> at() {
        return Arrays.stream(error.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("dev.trimtab."))
                .findFirst()
                .map(StackTraceElement::toString);
    }

    /** In one line. */
    public String text() {
        return kind() + message().map(text -> ": " + text).orElse("");
    }

    /** With everything that led to it, in many lines. */
    public String stackTrace() {
        return causes().map(cause -> new Unforeseen(cause).text()
                        + Arrays.stream(cause.getStackTrace())
                                .map(frame -> "\n\tat " + frame)
                                .collect(Collectors.joining()))
                .collect(Collectors.joining("\nCaused by: "));
    }

    /** Itself first; bounded, because a chain of causes may be a ring. */
    private Stream<Throwable> causes() {
        return Stream.iterate(error, cause -> cause != null, Throwable::getCause)
                .limit(CAUSES);
    }

    /** Also by what it is wrapped in. */
    private static boolean quotes(Throwable cause) {
        return cause instanceof JsonProcessingException
                || cause instanceof YAMLException
                || cause instanceof NumberFormatException
                || cause instanceof DateTimeParseException
                || cause instanceof URISyntaxException;
    }
}
