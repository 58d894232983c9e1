package dev.trimtab.sandbox.faults;

import dev.trimtab.sandbox.api.Failures;
import dev.trimtab.sandbox.api.StatusException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** What befalls a request. */
public sealed interface Fault {

    /** Instead of the answer, this failure; nothing is carried out. */
    record Answer(Supplier<StatusException> failure) implements Fault {}

    /** The request waits, in real time, and is then carried out as if nothing had been. */
    record Delay(Duration duration) implements Fault {}

    /**
     * The connection is closed without an answer.
     *
     * @param carriedOut whether the request takes effect all the same, which the client cannot know
     */
    record Cut(boolean carriedOut) implements Fault {}

    /** 409 Conflict, as when another client was quicker. */
    static Fault conflict() {
        return new Answer(() -> Failures.of(
                409,
                "Conflict",
                "Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest"
                        + " version and try again",
                Failures.noDetails()));
    }

    /** 410 Expired, as when a continue token or a resource version is too old; within the stream for a watch. */
    static Fault expired() {
        return new Answer(() -> Failures.expired("too old resource version"));
    }

    /**
     * 429 TooManyRequests.
     *
     * @param retryAfter is sent in whole seconds, rounded up; zero sends none
     */
    static Fault tooManyRequests(Duration retryAfter) {
        int seconds = Math.toIntExact(retryAfter.plusNanos(999_999_999).toSeconds());
        return new Answer(
                () -> Failures.tooManyRequests("Too many requests, please try again later.", seconds, List.of()));
    }

    /** 500 InternalError. */
    static Fault internalError() {
        return new Answer(() -> Failures.internal("a fault on demand"));
    }

    /** Any other Status. */
    static Fault answer(int code, String reason, String message) {
        return new Answer(() -> Failures.of(code, reason, message, Failures.noDetails()));
    }

    static Fault delay(Duration duration) {
        return new Delay(duration);
    }

    /** The connection is closed before anything is done. */
    static Fault cut() {
        return new Cut(false);
    }

    /** The request is carried out, and the connection closed in place of the answer. */
    static Fault cutAfterwards() {
        return new Cut(true);
    }
}
