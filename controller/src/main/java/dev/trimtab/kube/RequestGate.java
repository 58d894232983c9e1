package dev.trimtab.kube;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Through which every request of one client goes: no more at once than the {@link AdaptiveLimit} allows, and none before the time
 * that the server's {@code Retry-After} named. API priority and fairness refuses a whole flow, so what it said to one request is
 * heard by all. Refusals that speak of one object, an eviction that a disruption budget forbids for instance, close nothing.
 */
final class RequestGate {

    private final LongSupplier nanoTime;
    private final Duration longestWait;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AdaptiveLimit limit = new AdaptiveLimit();
    private int underWay;
    private long closedUntil;

    /**
     * @param nanoTime as {@link System#nanoTime}
     * @param longestWait nobody is kept longer than this; who would have to wait longer is sent away
     */
    RequestGate(LongSupplier nanoTime, Duration longestWait) {
        this.nanoTime = nanoTime;
        this.longestWait = longestWait;
        this.closedUntil = nanoTime.getAsLong();
    }

    /**
     * Waits for a place; gives the time at which it was given.
     *
     * @throws ApiException of class RETRY, with the time left, when the server wants to be left alone for longer
     * @throws InterruptedException when the caller should stop waiting
     */
    long enter(String what) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                long now = nanoTime.getAsLong();
                long closed = closedUntil - now;
                if (closed > longestWait.toNanos()) {
                    throw sentAway(what, closed);
                }
                if (closed > 0) {
                    long unused = changed.awaitNanos(closed);
                } else if (underWay >= limit.limit()) {
                    changed.await();
                } else {
                    underWay++;
                    return now;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** After an answer of whatever code. */
    void leave(long began, Reply reply) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            if (isOverload(reply)) {
                limit.overloaded(began, now);
                reply.retryAfterSeconds()
                        .ifPresent(seconds ->
                                closedUntil = Math.max(closedUntil, now + TimeUnit.SECONDS.toNanos(seconds)));
            } else {
                limit.answered(began, now, underWay);
            }
            left();
        } finally {
            lock.unlock();
        }
    }

    /** After an attempt without an answer. */
    void leave() {
        lock.lock();
        try {
            left();
        } finally {
            lock.unlock();
        }
    }

    int limit() {
        lock.lock();
        try {
            return limit.limit();
        } finally {
            lock.unlock();
        }
    }

    private void left() {
        underWay--;
        changed.signalAll();
    }

    private static boolean isOverload(Reply reply) {
        return switch (reply.code()) {
            case 429 -> reply.status().path("details").path("causes").isEmpty();
            case 503, 504 -> true;
            default -> false;
        };
    }

    private static ApiException sentAway(String what, long nanos) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos) + 1;
        return new ApiException(
                429,
                ErrorClass.RETRY,
                what + ": not sent, because the server asked to be left alone for another " + seconds + " s",
                List.of(),
                Optional.of(seconds));
    }
}
