package dev.trimtab.sandbox.controllers;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arithmetic of a rolling update: which size each ReplicaSet gets next. Pure functions. */
final class RollingUpdate {

    private RollingUpdate() {}

    private static int total(List<ReplicaSetView> sets) {
        return sets.stream().mapToInt(ReplicaSetView::size).sum();
    }

    /** The new ReplicaSet's next size: as large as the surge allows beside what is there. */
    static int newSize(RolloutStrategy strategy, int newSize, int totalSize) {
        if (!strategy.rolling()) {
            return strategy.replicas();
        }
        if (newSize >= strategy.replicas()) {
            return strategy.replicas();
        }
        int room = strategy.maxTotal() - totalSize;
        return room <= 0 ? newSize : newSize + Math.min(room, strategy.replicas() - newSize);
    }

    /**
     * Next sizes of old ReplicaSets. First those pods go that are not available anyway, then as many as the rest can spare;
     * pods that the new ReplicaSet still owes count as unavailable.
     *
     * @param old oldest first
     */
    static Map<Key, Integer> shrinkOld(RolloutStrategy strategy, ReplicaSetView current, List<ReplicaSetView> old) {
        Map<Key, Integer> sizes = new LinkedHashMap<>();
        old.forEach(set -> sizes.put(set.key(), set.size()));
        int owed = current.size() - current.available();
        int spare = total(old) + current.size() - strategy.minAvailable() - owed;
        if (total(old) == 0 || spare <= 0) {
            return Map.of();
        }

        int cleaned = 0;
        for (ReplicaSetView set : old) {
            int unhealthy = Math.min(spare - cleaned, set.size() - set.available());
            if (unhealthy > 0) {
                sizes.merge(set.key(), -unhealthy, Integer::sum);
                cleaned += unhealthy;
            }
        }

        int available = current.available()
                + old.stream().mapToInt(ReplicaSetView::available).sum();
        int removable = available - strategy.minAvailable();
        for (ReplicaSetView set : old) {
            int size = sizes.getOrDefault(set.key(), 0);
            int removed = Math.min(size, Math.max(0, removable));
            sizes.put(set.key(), size - removed);
            removable -= removed;
        }
        return sizes;
    }

    /**
     * Spreads a change of the Deployment's size over several ReplicaSets that have pods, in proportion to their sizes; what
     * rounding leaves goes to the largest.
     */
    static Map<Key, Integer> proportional(RolloutStrategy strategy, List<ReplicaSetView> active, int statusReplicas) {
        int allowed = strategy.replicas() > 0 ? strategy.maxTotal() : 0;
        int toAdd = allowed - total(active);
        Comparator<ReplicaSetView> bySize =
                Comparator.comparingInt(ReplicaSetView::size).reversed();
        List<ReplicaSetView> sorted = active.stream()
                .sorted(bySize.thenComparing(
                        toAdd > 0 ? ReplicaSetView.OLDEST_FIRST.reversed() : ReplicaSetView.OLDEST_FIRST))
                .toList();
        Map<Key, Integer> sizes = new LinkedHashMap<>();
        int added = 0;
        for (ReplicaSetView set : sorted) {
            int share = share(strategy, set, toAdd, added, statusReplicas);
            sizes.put(set.key(), set.size() + share);
            added += share;
        }
        int left = toAdd - added;
        sorted.stream()
                .findFirst()
                .ifPresent(largest -> sizes.computeIfPresent(largest.key(), (k, size) -> Math.max(0, size + left)));
        return sizes;
    }

    private static int share(RolloutStrategy strategy, ReplicaSetView set, int toAdd, int added, int statusReplicas) {
        int left = toAdd - added;
        if (set.size() == 0 || toAdd == 0 || left == 0) {
            return 0;
        }
        int share;
        if (strategy.replicas() == 0) {
            share = -set.size();
        } else {
            int before = set.maxReplicas() > 0 ? set.maxReplicas() : Math.max(1, statusReplicas);
            share = (int) Math.round((double) set.size() * strategy.maxTotal() / before) - set.size();
        }
        return toAdd > 0 ? Math.min(share, left) : Math.max(share, left);
    }
}
