package dev.trimtab.sandbox.merge;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps the number of updaters an object remembers bounded: the oldest are merged into one entry a version. */
final class AncientChanges {

    private static final int MOST_UPDATERS = 10;
    private static final String BUCKET = "ancient-changes";

    private AncientChanges() {}

    static ManagedFields cap(ManagedFields managed) {
        List<Owner> updaters = managed.entries().keySet().stream()
                .filter(owner -> !owner.applies())
                .sorted(Comparator.comparing((Owner owner) -> managed.get(owner)
                                .flatMap(ManagedFields.Entry::time)
                                .orElse(""))
                        .thenComparing(Owner.ORDER))
                .toList();
        ManagedFields capped = managed;
        int left = updaters.size();
        Map<String, Owner> firstOfVersion = new HashMap<>();
        for (Owner updater : updaters) {
            if (left <= MOST_UPDATERS) {
                break;
            }
            Owner first = firstOfVersion.putIfAbsent(updater.apiVersion(), updater);
            if (first != null && !updater.equals(bucket(updater))) {
                capped = merge(capped, first, updater);
                left--;
            }
        }
        return capped;
    }

    /** Moves the updater's fields to its version's bucket, which begins as the first updater of that version. */
    private static ManagedFields merge(ManagedFields managed, Owner first, Owner updater) {
        Owner bucket = bucket(updater);
        Optional<ManagedFields.Entry> begun = managed.get(bucket);
        FieldSet before = begun.or(() -> managed.get(first))
                .map(ManagedFields.Entry::fields)
                .orElse(FieldSet.EMPTY);
        ManagedFields.Entry moved = managed.entries().get(updater);
        ManagedFields rest = begun.isPresent() ? managed : managed.without(first);
        return moved == null
                ? managed
                : rest.without(updater).with(bucket, moved.withFields(before.union(moved.fields())));
    }

    private static Owner bucket(Owner updater) {
        return Owner.updater(BUCKET, updater.apiVersion(), "");
    }
}
