package dev.trimtab.sync;

import dev.trimtab.codes.Count;
import dev.trimtab.nodes.Observation;
import dev.trimtab.nodes.Severity;
import dev.trimtab.sync.SyncStatus.Condition;
import dev.trimtab.sync.SyncStatus.Truth;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes a condition of what a sync tells of nodes; it does not grow with their number. */
final class NodesFold {

    private static final int NAMED = 3;

    private Optional<List<Observation>> standing = Optional.empty();
    private int held;

    void take(SyncEvent event) {
        if (event instanceof SyncEvent.NodesObserved observed) {
            standing = Optional.of(observed.standing());
        } else if (event instanceof SyncEvent.NodesHeld waits) {
            held = waits.plan().changes().size();
        } else if (event instanceof SyncEvent.NodesLeft || event instanceof SyncEvent.ClusterReplaced) {
            standing = Optional.empty();
            held = 0;
        }
    }

    /** Without its time; empty where nothing was told of nodes. */
    Optional<Condition> condition() {
        return standing.map(observations -> {
            List<Observation> counted = observations.stream()
                    .filter(one -> one.severity() != Severity.INFO)
                    .toList();
            if (counted.isEmpty()) {
                return held == 0
                        ? StatusFold.of(Truth.TRUE, "AsDeclared", "")
                        : StatusFold.of(
                                Truth.FALSE, "ChangesNotMade", Count.are(held, "change") + " not made to nodes");
            }
            boolean critical = counted.get(0).severity() == Severity.CRITICAL;
            return StatusFold.of(Truth.FALSE, critical ? "Critical" : "Warnings", named(counted));
        });
    }

    private static String named(List<Observation> observations) {
        String some = observations.stream()
                .limit(NAMED)
                .map(one -> one.node().orElse("cluster") + ": " + one.code().reason())
                .collect(Collectors.joining("; "));
        return observations.size() > NAMED ? some + "; and " + (observations.size() - NAMED) + " more" : some;
    }
}
