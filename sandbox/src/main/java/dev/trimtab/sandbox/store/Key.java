package dev.trimtab.sandbox.store;

import java.util.Comparator;

/**
 * Names one object of a resource. Ordered as a real API server lists: by namespace, then by name.
 *
 * @param namespace empty for cluster-scoped objects
 */
public record Key(String namespace, String name) implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
            Comparator.comparing(Key::namespace).thenComparing(Key::name);

    @Override
    public int compareTo(Key other) {
        return ORDER.compare(this, other);
    }
}
