package dev.trimtab.kube;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Growing pauses: doubled each time up to a limit, each shortened by up to a half at random so that many do not come at once. */
final class Backoff {

    private final Duration first;
    private final Duration limit;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration first, Duration limit, RandomGenerator random) {
        this.first = first;
        this.limit = limit;
        this.random = random;
    }

    Duration next() {
        long nanos = Math.min(limit.toNanos(), first.toNanos() << Math.min(failures, 20));
        failures++;
        return Duration.ofNanos(nanos - random.nextLong(nanos / 2 + 1));
    }

    int failures() {
        return failures;
    }

    void reset() {
        failures = 0;
    }
}
