package dev.trimtab.kube;

import java.time.Duration;
import java.time.Instant;

/** Lets so many through at once, and then one each so long. Not thread-safe. */
final class TokenBucket {

    private final int burst;
    private final Duration refill;
    private double tokens;
    private Instant seen;

    TokenBucket(int burst, Duration refill, Instant now) {
        this.burst = burst;
        this.refill = refill;
        this.tokens = burst;
        this.seen = now;
    }

    boolean take(Instant now) {
        if (now.isAfter(seen)) {
            double grown = (double) Duration.between(seen, now).toMillis() / refill.toMillis();
            tokens = Math.min(burst, tokens + grown);
            seen = now;
        }
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
