package dev.trimtab.nodes;

import java.util.List;

/** What became of a plan. */
public record NodeOutcome(NodePlan plan, List<NodeResult> results) {

    public NodeOutcome {
        results = List.copyOf(results);
    }

    /** Whether everything was carried out to its end. */
    public boolean succeeded() {
        return results.stream().allMatch(result -> result.failure().isEmpty());
    }
}
