package dev.trimtab.kube;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;

/**
 * What is sent again, and after what pause. A 429 without causes was not looked at by the server, so anything may follow it; after
 * anything else that is worth another try only what may be repeated is. A 500 about the object itself never is.
 */
final class Retry {

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(3);

    /** A server that asks for a longer pause is left alone: the caller has better things to do than to wait here. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final int limit;
    private final RandomGenerator random;

    /** @param limit how often one request is repeated at most */
    Retry(int limit, RandomGenerator random) {
        this.limit = limit;
        this.random = random;
    }

    Optional<Duration> afterReply(int attempt, boolean repeatable, Reply reply) {
        boolean worthIt = (reply.code() == 429 && !speaksOfTheObject(reply))
                || (repeatable
                        && ApiErrors.classify(reply.code(), reply.status(), reply.text(), Optional.empty())
                                == ErrorClass.RETRY
                        && reply.code() >= 500);
        Duration asked = Duration.ofSeconds(reply.retryAfterSeconds().orElse(0L));
        if (!worthIt || attempt >= limit || asked.compareTo(LONGEST_WAIT) > 0) {
            return Optional.empty();
        }
        Duration own = pause(attempt);
        return Optional.of(asked.compareTo(own) > 0 ? asked : own);
    }

    /** A disruption budget that has nothing to give now, and will not in a moment either. */
    private static boolean speaksOfTheObject(Reply reply) {
        return !reply.status().path("details").path("causes").isEmpty();
    }

    Optional<Duration> afterFailure(int attempt, boolean repeatable, IOException failure) {
        boolean worthIt = (repeatable || NoAnswer.nothingSent(failure)) && !(failure instanceof SSLException);
        return worthIt && attempt < limit ? Optional.of(pause(attempt)) : Optional.empty();
    }

    private Duration pause(int attempt) {
        Backoff backoff = new Backoff(FIRST, LIMIT, random);
        Duration pause = backoff.next();
        for (int i = 0; i < attempt; i++) {
            pause = backoff.next();
        }
        return pause;
    }
}
