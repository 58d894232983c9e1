package dev.trimtab.sandbox.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The objects of one resource. Writes compare and set: they name the exact tree they were computed from, and fail when another
 * writer was faster; the caller reads again and recomputes. The lock is held for map operations only, never for work on JSON.
 */
public final class ResourceStore {

    /** As namespaces are sorted where a slash and a name follow them. */
    private static final Comparator<String> IN_PATHS = Comparator.comparing(namespace -> namespace + '/');

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicLong version;

    private final Map<Key, ObjectNode> objects = new ConcurrentHashMap<>();
    private final TreeMap<String, TreeMap<String, ObjectNode>> byNamespace = new TreeMap<>(IN_PATHS);

    /** A ring: the change number {@code n} of this resource is at {@code n % length}. */
    private final Change[] recent;

    private long count;
    private long forgottenVersion;
    private volatile boolean ended;

    ResourceStore(AtomicLong version, int history) {
        this.version = version;
        this.recent = new Change[history];
    }

    public Optional<ObjectNode> get(Key key) {
        return Optional.ofNullable(objects.get(key));
    }

    /** Objects of one namespace, or of all where {@code namespace} is empty. */
    public Listing list(String namespace) {
        lock.lock();
        try {
            List<ObjectNode> found = new ArrayList<>();
            if (namespace.isEmpty()) {
                byNamespace.values().forEach(names -> found.addAll(names.values()));
            } else {
                found.addAll(
                        byNamespace.getOrDefault(namespace, new TreeMap<>()).values());
            }
            return new Listing(found, version.get());
        } finally {
            lock.unlock();
        }
    }

    /**
     * As {@link #list(String)}, but as it was when {@code past} was the latest version: what has been written since is undone.
     *
     * @throws GoneException when that is longer ago than the history goes
     */
    public Listing list(String namespace, long past) throws GoneException {
        lock.lock();
        try {
            if (past < forgottenVersion) {
                throw new GoneException(past, forgottenVersion);
            }
            TreeMap<String, TreeMap<String, ObjectNode>> then = new TreeMap<>(IN_PATHS);
            byNamespace.forEach((each, names) -> {
                if (namespace.isEmpty() || namespace.equals(each)) {
                    then.put(each, new TreeMap<>(names));
                }
            });
            long oldest = Math.max(0, count - recent.length);
            for (long n = count - 1; n >= oldest; n--) {
                Change change = recent[(int) (n % recent.length)];
                if (change.version() <= past) {
                    break;
                }
                Key key = change.key();
                if (namespace.isEmpty() || namespace.equals(key.namespace())) {
                    TreeMap<String, ObjectNode> names = then.computeIfAbsent(key.namespace(), ns -> new TreeMap<>());
                    change.previous()
                            .ifPresentOrElse(
                                    previous -> names.put(key.name(), previous), () -> names.remove(key.name()));
                }
            }
            List<ObjectNode> found = new ArrayList<>();
            then.values().forEach(names -> found.addAll(names.values()));
            return new Listing(found, past);
        } finally {
            lock.unlock();
        }
    }

    /** Takes over {@code object} and stamps its version. False when there is an object of that name. */
    public boolean insert(Key key, ObjectNode object) {
        lock.lock();
        try {
            if (objects.containsKey(key)) {
                return false;
            }
            commit(Change.Type.ADDED, key, object, Optional.empty());
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes over {@code next} and stamps its version. False when {@code expected} is no longer what is stored. */
    @SuppressWarnings("ReferenceEquality") // trees are frozen: the same reference is the same version
    public boolean replace(Key key, ObjectNode expected, ObjectNode next) {
        lock.lock();
        try {
            if (objects.get(key) != expected) {
                return false;
            }
            commit(Change.Type.MODIFIED, key, next, Optional.of(expected));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes over {@code last}, the state watches will see. False when {@code expected} is no longer what is stored. */
    @SuppressWarnings("ReferenceEquality") // as in replace
    public boolean remove(Key key, ObjectNode expected, ObjectNode last) {
        lock.lock();
        try {
            if (objects.get(key) != expected) {
                return false;
            }
            commit(Change.Type.DELETED, key, last, Optional.of(expected));
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void commit(Change.Type type, Key key, ObjectNode object, Optional<ObjectNode> previous) {
        long stamp = version.incrementAndGet();
        object.withObject("/metadata").put("resourceVersion", Long.toString(stamp));
        if (type == Change.Type.DELETED) {
            objects.remove(key);
            TreeMap<String, ObjectNode> names = byNamespace.getOrDefault(key.namespace(), new TreeMap<>());
            names.remove(key.name());
            if (names.isEmpty()) {
                byNamespace.remove(key.namespace());
            }
        } else {
            objects.put(key, object);
            byNamespace.computeIfAbsent(key.namespace(), ns -> new TreeMap<>()).put(key.name(), object);
        }
        int slot = (int) (count % recent.length);
        if (count >= recent.length) {
            forgottenVersion = Math.max(forgottenVersion, recent[slot].version());
        }
        recent[slot] = new Change(type, stamp, key, object, previous);
        count++;
        changed.signalAll();
    }

    /** A cursor at the first change after {@code after}. */
    public Cursor watch(long after) throws GoneException {
        lock.lock();
        try {
            if (after < forgottenVersion) {
                throw new GoneException(after, forgottenVersion);
            }
            long oldest = Math.max(0, count - recent.length);
            long low = oldest;
            long high = count;
            while (low < high) {
                long middle = (low + high) >>> 1;
                if (recent[(int) (middle % recent.length)].version() <= after) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return new Cursor(low, after);
        } finally {
            lock.unlock();
        }
    }

    /** From now on no watch can start with an earlier change and no list can show an earlier moment. */
    public void forget() {
        lock.lock();
        try {
            forgottenVersion = version.get();
        } finally {
            lock.unlock();
        }
    }

    void endWatches() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What a cursor saw in one step: the changes, and the version up to which nothing is missing. */
    public record Step(List<Change> changes, long version) {}

    /** A reader's place in the stream of changes. For one thread. */
    public final class Cursor {

        private long position;
        private long seen;

        private Cursor(long position, long seen) {
            this.position = position;
            this.seen = seen;
        }

        /** False once the store has ended its watches. */
        public boolean open() {
            return !ended;
        }

        /** Waits until there are changes, the time is over (no changes) or the store is closed (no changes). */
        public Step next(long time, TimeUnit unit) throws GoneException, InterruptedException {
            long left = unit.toNanos(time);
            lock.lockInterruptibly();
            try {
                while (position == count && left > 0 && !ended) {
                    left = changed.awaitNanos(left);
                }
                if (position < count - recent.length) {
                    throw new GoneException(seen, forgottenVersion);
                }
                List<Change> changes = new ArrayList<>((int) (count - position));
                for (; position < count; position++) {
                    changes.add(recent[(int) (position % recent.length)]);
                }
                seen = version.get();
                return new Step(List.copyOf(changes), seen);
            } finally {
                lock.unlock();
            }
        }
    }
}
