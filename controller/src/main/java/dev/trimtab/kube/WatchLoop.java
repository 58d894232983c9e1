package dev.trimtab.kube;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that moves all watches of a cluster. Steps that come after its end are dropped. */
final class WatchLoop {

    private static final Logger LOG = LoggerFactory.getLogger(WatchLoop.class);

    /** How a future ended. The error is there when it failed; the value is there otherwise, unless it is a future of nothing. */
    interface Outcome<T> {
        void of(@Nullable T value, @Nullable Throwable error);
    }

    private final ScheduledExecutorService thread;

    WatchLoop(String cluster) {
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, "watches of " + cluster);
            daemon.setDaemon(true);
            return daemon;
        });
    }

    void run(Runnable step) {
        try {
            thread.execute(guarded(step));
        } catch (RejectedExecutionException e) {
            LOG.trace("the client is closed", e);
        }
    }

    Future<?> after(Duration pause, Runnable step) {
        try {
            return thread.schedule(guarded(step), pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("the client is closed", e);
            return CompletableFuture.completedFuture(null);
        }
    }

    <T> void then(CompletableFuture<T> future, Outcome<T> step) {
        var unused = future.whenComplete((value, error) -> run(() -> step.of(value, error)));
    }

    /** Takes a last step, waits a moment for it, and drops everything else. */
    void end(Runnable last) {
        try {
            thread.submit(guarded(last)).get(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.debug("watches end without saying goodbye", e);
        }
        thread.shutdownNow();
    }

    private static Runnable guarded(Runnable step) {
        return () -> {
            try {
                step.run();
            } catch (RuntimeException e) {
                LOG.error("a step of a watch failed", e);
            }
        };
    }
}
