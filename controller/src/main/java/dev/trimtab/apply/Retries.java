package dev.trimtab.apply;

import dev.trimtab.kube.ApiException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Repeats a request that the server could not take now, beyond the few immediate attempts of the client. The wait doubles from
 * {@code first}; a {@code Retry-After} of the server counts instead. When either is longer than {@code most} the request is left
 * to the next plan: nobody asks earlier than the server wants.
 *
 * @param attempts how often the request is sent at most, at least 1
 * @param sleeper how to wait; tests do not
 */
record Retries(int attempts, Duration first, Duration most, Pause sleeper) {

    /** Together a second and a half: a finalizer that takes longer is waited for between plans, not within one. */
    private static final List<Duration> PATIENCE =
            List.of(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400), Duration.ofMillis(800));

    /** Waits; interrupted means: give up. */
    @FunctionalInterface
    interface Pause {
        void sleep(Duration duration) throws InterruptedException;
    }

    /** Five attempts within three seconds, longer where the server asks for it. */
    static Retries standard() {
        return new Retries(
                5, Duration.ofMillis(200), Duration.ofSeconds(10), duration -> Thread.sleep(duration.toMillis()));
    }

    Retries {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, not " + attempts);
        }
    }

    /**
     * Sends until it works, until {@code again} says that repeating is of no use, or until the attempts are used up.
     *
     * @throws ApiException of the last attempt
     */
    <T> T call(Predicate<ApiException> again, Supplier<T> request) {
        Duration wait = first;
        for (int attempt = 1; ; attempt++) {
            try {
                return request.get();
            } catch (ApiException e) {
                if (attempt == attempts || !again.test(e)) {
                    throw e;
                }
                Duration pause = e.retryAfterSeconds().map(Duration::ofSeconds).orElse(wait);
                if (pause.compareTo(most) > 0 || !rest(pause)) {
                    throw e;
                }
                wait = wait.multipliedBy(2);
            }
        }
    }

    /**
     * Looks a few times more whether a deleted object is gone.
     *
     * @param result of the delete
     * @param look what has become of it meanwhile
     * @return the last result
     */
    Result untilGone(Result result, Supplier<Result> look) {
        Result now = result;
        for (Duration pause : PATIENCE) {
            if (!(now instanceof Result.Leaving) || !rest(pause)) {
                return now;
            }
            now = look.get();
        }
        return now;
    }

    /** False when the thread was interrupted; its interrupt flag is set then. */
    boolean rest(Duration duration) {
        try {
            sleeper.sleep(duration);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
