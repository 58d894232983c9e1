package dev.trimtab.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.Abilities;
import dev.trimtab.inplace.OpenKruise;
import dev.trimtab.kube.ClusterClient;
import java.util.Optional;
import java.util.Set;

/** Asks the cluster in which the workload is. */
record LiveFacts(ClusterClient cluster, RunningPods running, ObjectNode live) implements RolloutFacts {

    @Override
    public RunningPods.Pods pods() {
        return running.of(live);
    }

    @Override
    public boolean resizes() {
        return Abilities.resizes(cluster);
    }

    @Override
    public Optional<OpenKruise> openKruise() {
        return OpenKruise.in(cluster);
    }

    @Override
    public Optional<String> unrepeatable(Set<String> containers) {
        return running.withoutOtherReference(live, containers);
    }
}
