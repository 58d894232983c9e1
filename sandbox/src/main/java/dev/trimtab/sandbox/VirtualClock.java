package dev.trimtab.sandbox;

import dev.trimtab.sandbox.controllers.Alarm;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until a test moves it. Pods start, restart, back off and end their grace only when it is moved, and
 * at the same instants in every run: give it to {@link Sandbox.Builder#clock} and let an hour pass in a moment.
 */
public final class VirtualClock extends Clock implements Alarm {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private record Ring(Instant at, long number, Runnable then) {}

    private final PriorityQueue<Ring> rings =
            new PriorityQueue<>(Comparator.comparing(Ring::at).thenComparing(Ring::number));
    private final List<Runnable> workers = new CopyOnWriteArrayList<>();
    private Instant now;
    private long count;

    /** Begins with the year 2026, UTC. */
    public VirtualClock() {
        this(BEGIN);
    }

    public VirtualClock(Instant begin) {
        this.now = begin;
    }

    /**
     * Lets time pass. On the way everything that waits for an instant happens at that instant, one after the other, and the
     * controllers and kubelets finish what follows from it before time goes on. When this returns they are at rest.
     */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("Time does not go back: " + duration);
        }
        workers.forEach(Runnable::run);
        Instant end = instant().plus(duration);
        for (Ring next = nextUntil(end); next != null; next = nextUntil(end)) {
            next.then().run();
            workers.forEach(Runnable::run);
        }
        synchronized (this) {
            now = end;
        }
    }

    private synchronized @Nullable Ring nextUntil(Instant end) {
        Ring next = rings.peek();
        if (next == null || next.at().isAfter(end)) {
            return null;
        }
        rings.remove();
        now = next.at().isAfter(now) ? next.at() : now;
        return next;
    }

    @Override
    public synchronized void ring(Instant at, Runnable then) {
        rings.add(new Ring(at, count++, then));
    }

    @Override
    public void restBefore(Runnable finishWork) {
        workers.add(finishWork);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** This clock: the sandbox has instants only. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
