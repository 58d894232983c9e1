package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** When a server wants to be asked again. */
final class RetryAfter {

    private RetryAfter() {}

    /** Whole seconds from {@code now}, rounded up; empty when the header is neither a number nor a date (RFC 9110, 10.2.3). */
    static Optional<Long> seconds(String header, Instant now) {
        String text = header.strip();
        if (text.matches("\\d{1,9}")) {
            return Optional.of(Long.parseLong(text));
        }
        try {
            Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            long millis = Duration.between(now, date).toMillis();
            return Optional.of(Math.max(0, (millis + 999) / 1000));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** {@code details.retryAfterSeconds} of a Status; API servers leave it out where it is 0. */
    static Optional<Long> ofStatus(JsonNode status) {
        long seconds = status.path("details").path("retryAfterSeconds").asLong(0);
        return seconds > 0 ? Optional.of(seconds) : Optional.empty();
    }
}
