package dev.trimtab.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** One pod before and after a step; at least one of the two is there. */
record PodChange(String name, Optional<Pod> before, Optional<Pod> after) {

    /** What became of a pod. */
    enum Fate {
        /** Nothing at all. */
        UNTOUCHED,
        /** Same uid, same address, and containers were started again. */
        RESTARTED_IN_PLACE,
        /** Same uid, other labels, nothing restarted. */
        RELABELLED,
        GONE,
        NEW
    }

    static List<PodChange> between(SortedMap<String, Pod> before, SortedMap<String, Pod> after) {
        SortedSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        List<PodChange> changes = new ArrayList<>();
        for (String name : names) {
            Optional<Pod> was = Optional.ofNullable(before.get(name));
            Optional<Pod> is = Optional.ofNullable(after.get(name));
            boolean replaced = was.isPresent()
                    && is.isPresent()
                    && !was.get().uid().equals(is.get().uid());
            if (replaced) {
                changes.add(new PodChange(name, was, Optional.empty()));
                changes.add(new PodChange(name, Optional.empty(), is));
            } else {
                changes.add(new PodChange(name, was, is));
            }
        }
        return changes;
    }

    Fate fate() {
        if (before.isEmpty()) {
            return Fate.NEW;
        }
        if (after.isEmpty()) {
            return Fate.GONE;
        }
        if (after.get().restarts() != before.get().restarts()) {
            return Fate.RESTARTED_IN_PLACE;
        }
        return after.get().labels().equals(before.get().labels()) ? Fate.UNTOUCHED : Fate.RELABELLED;
    }

    /** Same pod, same address. A pod that came or went has nothing to keep. */
    boolean keptAddress() {
        return before.isEmpty()
                || after.isEmpty()
                || before.get().ip().equals(after.get().ip());
    }
}
