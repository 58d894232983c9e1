package dev.trimtab.sandbox.controllers;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Rings in real time, for clocks that run by themselves. */
final class SystemAlarm implements Alarm, AutoCloseable {

    private final Clock clock;
    private final ScheduledThreadPoolExecutor timer;

    SystemAlarm(Clock clock) {
        this.clock = clock;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "sandbox-alarm");
            thread.setDaemon(true);
            return thread;
        });
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the task reports its own failures, and nobody waits for it
    public void ring(Instant at, Runnable then) {
        long nanos = Math.max(0, Duration.between(clock.instant(), at).toNanos());
        try {
            timer.schedule(then, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            // A sandbox that is closing has no future.
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
