package dev.trimtab.kube;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Sends many requests side by side, and never more than {@code width} at a time.
 *
 * @param width at least 1
 */
public record Fanout(int width) {

    public Fanout {
        if (width < 1) {
            throw new IllegalArgumentException("width must be at least 1, not " + width);
        }
    }

    /**
     * What {@code request} gives for each item, in the order of the items. What one of them throws ends the whole: items that
     * were not begun are left out.
     */
    public <T, R> List<R> map(Collection<T> items, Function<T, R> request) {
        if (items.size() < 2 || width == 1) {
            return items.stream().map(request).toList();
        }
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(width, items.size()), task -> {
            Thread thread = new Thread(task, "trimtab-request");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<R>> pending = new ArrayList<>();
            for (T item : items) {
                pending.add(threads.submit(() -> request.apply(item)));
            }
            List<R> results = new ArrayList<>();
            for (Future<R> future : pending) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(
                    0, ErrorClass.UNREACHABLE, "interrupted while waiting for answers", List.of(), Optional.empty());
        } finally {
            threads.shutdownNow();
        }
    }
}
