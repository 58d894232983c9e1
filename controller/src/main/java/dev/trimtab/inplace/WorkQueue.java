package dev.trimtab.inplace;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Works on keys, each at most once at a time; a key added while it is worked on is worked on once more. */
public final class WorkQueue<K> implements AutoCloseable {

    private final ScheduledThreadPoolExecutor threads;
    private final Consumer<K> work;
    private final Set<K> queued = new HashSet<>();
    private final Set<K> running = new HashSet<>();
    private final Map<K, ScheduledFuture<?>> delayed = new HashMap<>();
    private boolean started;
    private boolean closed;

    /** @param work must not throw */
    public WorkQueue(String name, int threads, Consumer<K> work) {
        this.threads = new ScheduledThreadPoolExecutor(threads, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        this.threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.threads.setRemoveOnCancelPolicy(true);
        this.work = work;
    }

    /** Keys that were added before are worked on from now. */
    public synchronized void start() {
        started = true;
        queued.forEach(key -> threads.execute(() -> run(key)));
    }

    public synchronized void add(K key) {
        if (!closed && queued.add(key) && started && !running.contains(key)) {
            threads.execute(() -> run(key));
        }
    }

    /** Adds the key later; the earliest of several waits counts. */
    public synchronized void addAfter(K key, Duration delay) {
        if (closed) {
            return;
        }
        ScheduledFuture<?> earlier = delayed.get(key);
        if (earlier != null) {
            if (earlier.getDelay(TimeUnit.MILLISECONDS) <= delay.toMillis()) {
                return;
            }
            earlier.cancel(false);
        }
        delayed.put(key, threads.schedule(() -> due(key), delay.toMillis(), TimeUnit.MILLISECONDS));
    }

    private synchronized void due(K key) {
        delayed.remove(key);
        add(key);
    }

    private void run(K key) {
        synchronized (this) {
            if (closed || !queued.remove(key)) {
                return;
            }
            running.add(key);
        }
        try {
            work.accept(key);
        } finally {
            synchronized (this) {
                running.remove(key);
                if (!closed && queued.contains(key)) {
                    threads.execute(() -> run(key));
                }
            }
        }
    }

    /** Lets work that has begun come to its end, for some seconds at most, and begins none. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        threads.shutdown();
        try {
            threads.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
