package dev.trimtab.sandbox.controllers;

import dev.trimtab.sandbox.api.StatusException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one thread on which all stand-ins work: first every event that has arrived, then one key of the work queue, and again.
 * A key waits in the queue at most once. A key whose reconcile fails comes back: at once after a lost optimistic lock (the
 * cache has been refreshed by then), otherwise after a delay that doubles.
 *
 * <p>One thread, because the API is in this process and answers in microseconds: caches need no locks, and a run is repeatable.
 */
final class Loop implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Loop.class.getName());
    private static final int RETRIES_AT_ONCE = 5;
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final int LAST_DOUBLING = 8;
    private static final int CONFLICT = 409;
    private static final Duration REST_CHECK = Duration.ofMillis(200);

    private record Work(Controller controller, Key key) {}

    private final Clock clock;
    private final Alarm alarm;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition something = lock.newCondition();
    private final ArrayDeque<Runnable> events = new ArrayDeque<>();
    private final Set<Work> queue = new LinkedHashSet<>();
    private final Map<Work, Instant> planned = new HashMap<>();
    private final Map<Work, Integer> failures = new HashMap<>();
    private final Thread thread = new Thread(this::run, "sandbox-controllers");
    private boolean closed;

    Loop(Clock clock, Alarm alarm) {
        this.clock = clock;
        this.alarm = alarm;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    Instant now() {
        return clock.instant();
    }

    /** Runs {@code event} on the loop before any further key. Any thread may call. */
    void post(Runnable event) {
        lock.lock();
        try {
            events.add(event);
            something.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Queues a key that does not wait already. Any thread may call. */
    void enqueue(Controller controller, Key key) {
        enqueue(new Work(controller, key));
    }

    private void enqueue(Work work) {
        lock.lock();
        try {
            queue.add(work);
            something.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Queues a key for later; of several instants for one key the earliest counts. */
    void enqueueAt(Controller controller, Key key, Instant at) {
        enqueueAt(new Work(controller, key), at);
    }

    private void enqueueAt(Work work, Instant at) {
        if (!at.isAfter(now())) {
            enqueue(work);
            return;
        }
        lock.lock();
        try {
            Instant earlier = planned.get(work);
            if (earlier != null && !at.isBefore(earlier)) {
                return;
            }
            planned.put(work, at);
        } finally {
            lock.unlock();
        }
        alarm.ring(at, () -> ringing(work, at));
    }

    private void ringing(Work work, Instant at) {
        lock.lock();
        try {
            planned.remove(work, at);
            queue.add(work);
            something.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns when nothing is left to do at this instant: all caches are as the server is, and no key waits.
     *
     * @param catchUp fills the caches; called on the loop
     */
    void finishWork(Runnable catchUp) {
        CountDownLatch done = new CountDownLatch(1);
        post(() -> {
            try {
                do {
                    catchUp.run();
                } while (workOff());
            } finally {
                done.countDown();
            }
        });
        try {
            while (!closed() && !done.await(REST_CHECK.toMillis(), TimeUnit.MILLISECONDS)) {
                // A loop that was closed has dropped the event.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does everything that waits, and what comes of it. False when there was nothing. */
    private boolean workOff() {
        boolean worked = false;
        for (Runnable next = poll(); next != null; next = poll()) {
            guarded(next);
            worked = true;
        }
        return worked;
    }

    private boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (Runnable next = await(); next != null; next = await()) {
            guarded(next);
        }
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A stand-in controller failed on an event", e);
        }
    }

    private @Nullable Runnable await() {
        lock.lock();
        try {
            Runnable next = poll();
            while (next == null && !closed) {
                something.awaitUninterruptibly();
                next = poll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Runnable poll() {
        lock.lock();
        try {
            if (closed) {
                return null;
            }
            Runnable event = events.poll();
            if (event != null) {
                return event;
            }
            Iterator<Work> waiting = queue.iterator();
            if (!waiting.hasNext()) {
                return null;
            }
            Work work = waiting.next();
            waiting.remove();
            return () -> reconcile(work);
        } finally {
            lock.unlock();
        }
    }

    private void reconcile(Work work) {
        try {
            work.controller().reconcile(work.key());
            failures.remove(work);
        } catch (StatusException e) {
            retry(work, e, e.code() == CONFLICT);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A stand-in controller failed on " + work.key(), e);
            retry(work, e, false);
        }
    }

    private void retry(Work work, RuntimeException failure, boolean atOnce) {
        int count = failures.merge(work, 1, Integer::sum);
        if (atOnce && count <= RETRIES_AT_ONCE) {
            enqueue(work);
            return;
        }
        LOG.log(Level.DEBUG, () -> work.key() + " comes back: " + failure.getMessage());
        enqueueAt(work, now().plus(FIRST_RETRY.multipliedBy(1L << Math.min(count, LAST_DOUBLING))));
    }

    /** Ends the thread after what it is doing now; what waits is dropped. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            something.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
