package dev.trimtab.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * One thing that may fail for a while: told once, tried again with a growing wait. Not thread-safe, {@link #total} aside.
 *
 * <p>Waits double from one second to five minutes, each taken up to a fifth longer or shorter so that many syncs do not knock
 * together.
 */
final class Trouble {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final RandomGenerator random;
    private final AtomicLong total = new AtomicLong();
    private int failures;
    private Instant notBefore = Instant.EPOCH;

    Trouble(RandomGenerator random) {
        this.random = random;
    }

    /** Records a failure and tells how long to wait. */
    Duration failed(Instant now) {
        Duration wait = FIRST.multipliedBy(1L << Math.min(failures, 9));
        wait = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
        wait = Duration.ofMillis((long) (wait.toMillis() * (0.8 + 0.4 * random.nextDouble())));
        failures++;
        total.incrementAndGet();
        notBefore = now.plus(wait);
        return wait;
    }

    /** How often it failed since the process began; any thread may ask. */
    long total() {
        return total.get();
    }

    /** Whether the failure just recorded is the first of its row, that is: news. */
    boolean isNews() {
        return failures == 1;
    }

    /** The next try may come at once; the trouble itself goes on. */
    void waitNoLonger() {
        notBefore = Instant.EPOCH;
    }

    /** Ends the trouble; true when there was one. */
    boolean recovered() {
        boolean was = failures > 0;
        failures = 0;
        notBefore = Instant.EPOCH;
        return was;
    }

    /** When the wait ends; empty when it is over. */
    Optional<Instant> waitingUntil(Instant now) {
        return waiting(now) ? Optional.of(notBefore) : Optional.empty();
    }

    /** Whether the wait is not over. */
    boolean waiting(Instant now) {
        return now.isBefore(notBefore);
    }
}
