package dev.trimtab.drift;

import dev.trimtab.kube.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What stands in the cluster otherwise than in Git, right now. One thread changes it, many may read. */
public final class Drifts {

    private final TreeMap<ObjectKey, Drift> standing = new TreeMap<>();

    /**
     * Records what an object differs in. It has drifted since it was first put here, however its drift changes.
     *
     * @return what is recorded, when it is news: empty when the same was known already
     */
    public synchronized Optional<Drift> put(Drift drift) {
        Optional<Drift> before = Optional.ofNullable(standing.get(drift.object()));
        Drift now = before.filter(known -> known.since().isBefore(drift.since()))
                .map(known -> drift.since(known.since()))
                .orElse(drift);
        standing.put(now.object(), now);
        return before.filter(known -> known.tellsTheSameAs(now)).isPresent() ? Optional.empty() : Optional.of(now);
    }

    /** The object is as desired, or no longer ours: gives how it had drifted. */
    public synchronized Optional<Drift> clear(ObjectKey object) {
        return Optional.ofNullable(standing.remove(object));
    }

    /** Forgets the objects that Git no longer holds. */
    public synchronized void retain(Set<ObjectKey> desired) {
        standing.keySet().retainAll(desired);
    }

    /** Ordered by object. */
    public synchronized List<Drift> list() {
        return List.copyOf(standing.values());
    }
}
