package dev.trimtab.drift;

import dev.trimtab.kube.ObjectKey;
import dev.trimtab.render.Desired;
import dev.trimtab.render.DesiredObject;
import dev.trimtab.render.Digest;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The objects of a definition as they were applied last, each by itself: a revision may have come to part of them only. The inventory
 * knows them by their digests.
 *
 * @param objects those of which it is known how they were wanted then
 * @param moved those of them that Git wants otherwise by now
 * @param unknown those that were never applied, or otherwise than any revision that can still be read says
 */
record LastApplied(SortedMap<ObjectKey, DesiredObject> objects, Set<ObjectKey> moved, Set<ObjectKey> unknown) {

    LastApplied {
        objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
        moved = Set.copyOf(moved);
        unknown = Set.copyOf(unknown);
    }

    /**
     * @param head what Git wants now
     * @param applied what the revision wanted that was last applied as a whole
     * @param digests of the objects as they were applied
     */
    static LastApplied of(Desired head, Optional<Desired> applied, Map<ObjectKey, Digest> digests) {
        SortedMap<ObjectKey, DesiredObject> objects = new TreeMap<>();
        Set<ObjectKey> moved = new HashSet<>();
        Set<ObjectKey> unknown = new HashSet<>();
        head.objects().forEach((key, wanted) -> {
            Optional<DesiredObject> before = applied.flatMap(
                    desired -> Optional.ofNullable(desired.objects().get(key)));
            if (wasApplied(wanted, digests)) {
                objects.put(key, wanted);
            } else if (before.filter(object -> wasApplied(object, digests)).isPresent()) {
                objects.put(key, before.get());
                moved.add(key);
            } else {
                unknown.add(key);
            }
        });
        return new LastApplied(objects, moved, unknown);
    }

    private static boolean wasApplied(DesiredObject object, Map<ObjectKey, Digest> digests) {
        return object.digest().equals(digests.get(object.key()));
    }
}
