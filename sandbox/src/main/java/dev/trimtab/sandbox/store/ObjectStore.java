package dev.trimtab.sandbox.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Everything a cluster remembers. One version counts the writes of all resources; each resource has its own lock, so that
 * writes to different resources do not wait for each other.
 *
 * <p>Objects are frozen once they are in the store: whoever reads one must copy it before changing it.
 */
public final class ObjectStore implements AutoCloseable {

    private final Map<String, ResourceStore> resources = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong();
    private final int history;

    /**
     * @param history how many changes are kept per resource for watches that resume or fall behind
     */
    public ObjectStore(int history) {
        this.history = history;
    }

    /** The objects of one resource; {@code resource} is any name, for instance {@code deployments.apps}. */
    public ResourceStore of(String resource) {
        return resources.computeIfAbsent(resource, name -> new ResourceStore(version, history));
    }

    /** The version of the latest write. */
    public long version() {
        return version.get();
    }

    /** Nothing that was before the latest write can be listed or watched from any more. */
    public void forget() {
        resources.values().forEach(ResourceStore::forget);
    }

    /** Ends all waiting cursors. Reads and writes still work. */
    @Override
    public void close() {
        resources.values().forEach(ResourceStore::endWatches);
    }
}
