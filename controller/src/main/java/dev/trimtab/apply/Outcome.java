package dev.trimtab.apply;

import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Plan;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What became of a plan, change by change. */
public record Outcome(Plan plan, SortedMap<ObjectKey, Result> results) {

    public Outcome {
        results = Collections.unmodifiableSortedMap(new TreeMap<>(results));
    }

    /** Whether every change was carried out. */
    public boolean succeeded() {
        return results.values().stream()
                .allMatch(result -> result instanceof Result.Applied || result instanceof Result.Deleted);
    }
}
