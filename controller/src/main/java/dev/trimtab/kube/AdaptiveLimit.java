package dev.trimtab.kube;

import java.time.Duration;

/**
 * How many requests may be under way at once. Additive increase, multiplicative decrease: every full round of good answers adds
 * one; a sign of overload halves, and answers that become much slower than usual take a fifth. One round is punished once,
 * however many of its requests fail. Pure arithmetic over times that the caller gives; not safe for many threads.
 */
final class AdaptiveLimit {

    static final int FIRST = 8;
    static final int MOST = 64;

    private static final double OVERLOADED = 0.5;
    private static final double SLOWER = 0.8;

    /** Below this an answer is quick enough, whatever is usual. */
    private static final long QUICK_NANOS = Duration.ofMillis(500).toNanos();

    private static final int MUCH_SLOWER = 4;
    private static final double MEMORY = 0.05;

    private double limit = FIRST;
    private double usualNanos;
    private long decreasedAt = Long.MIN_VALUE;

    int limit() {
        return (int) limit;
    }

    /**
     * @param underWay how many requests were under way, this one included
     */
    void answered(long beganNanos, long endedNanos, int underWay) {
        long took = Math.max(0, endedNanos - beganNanos);
        boolean slow = usualNanos > 0 && took > QUICK_NANOS && took > MUCH_SLOWER * usualNanos;
        usualNanos = usualNanos == 0 ? took : usualNanos + MEMORY * (took - usualNanos);
        if (slow) {
            decrease(SLOWER, beganNanos, endedNanos);
        } else if (underWay * 2 >= limit()) {
            // A limit that nobody reaches says nothing about what the server can take.
            limit = Math.min(MOST, limit + 1 / limit);
        }
    }

    void overloaded(long beganNanos, long endedNanos) {
        decrease(OVERLOADED, beganNanos, endedNanos);
    }

    private void decrease(double factor, long beganNanos, long endedNanos) {
        if (beganNanos >= decreasedAt) {
            limit = Math.max(1, limit * factor);
            decreasedAt = endedNanos;
        }
    }
}
