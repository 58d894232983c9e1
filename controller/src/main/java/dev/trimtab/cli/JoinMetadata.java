package dev.trimtab.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.bootstrap.join.HostException;
import dev.trimtab.bootstrap.join.JoinCode;
import dev.trimtab.join.NodeMetadata;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.Ownership;
import dev.trimtab.nodes.DeclaredNodes;
import dev.trimtab.nodes.DrainTerms;
import dev.trimtab.nodes.NodeOutcome;
import dev.trimtab.nodes.NodePlan;
import dev.trimtab.nodes.NodeResult;
import dev.trimtab.nodes.Nodes;
import dev.trimtab.nodes.Observation;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Brings labels and taints to nodes that have joined by the code that keeps them afterwards, in the name of the same sync. */
record JoinMetadata(Nodes nodes, DeclaredNodes declared, String sync) implements NodeMetadata {

    private static final String LATER = "trimtab apply and the controller do it, too, and so does the next run";

    /**
     * @param given the sync that a person names; otherwise the one that keeps nodes of the inventory already, since nodes that another
     *     one had written first would be closed to it
     * @return empty when nobody keeps nodes of this inventory yet
     */
    static Optional<NodeMetadata> of(ClusterClient cluster, DeclaredNodes declared, Optional<String> given) {
        return given.map(SyncNames::check)
                .or(() -> keeper(cluster, declared))
                .map(sync -> new JoinMetadata(new Nodes(cluster, sync, Clock.systemUTC()), declared, sync));
    }

    private static Optional<String> keeper(ClusterClient cluster, DeclaredNodes declared) {
        SortedSet<String> syncs = new TreeSet<>();
        for (ObjectNode node : cluster.list(cluster.resource("v1", "Node").orElseThrow(), Optional.empty(), "")) {
            if (declared.nodes().containsKey(node.at("/metadata/name").asText())) {
                syncs.addAll(Ownership.keepers(node.path("metadata")));
            }
        }
        if (syncs.size() > 1) {
            throw new UserError(
                    "nodes of the inventory are kept by several syncs: " + String.join(", ", syncs),
                    "name with --sync the one that labels new nodes");
        }
        return syncs.stream().findFirst();
    }

    @Override
    public boolean keepsTaints() {
        return declared.enforcesTaints();
    }

    @Override
    public String bring(String node) {
        NodePlan plan = nodes.planOne(declared, node);
        List<String> hindrances =
                plan.observations().stream().map(Observation::text).toList();
        if (!hindrances.isEmpty()) {
            throw new HostException(
                    JoinCode.JOI018,
                    node + " is a node, but nothing was written to it: " + String.join("; ", hindrances),
                    plan.observations().get(0).wayOut() + "; then " + LATER);
        }
        NodeOutcome outcome = nodes.write(plan, DrainTerms.CONTROLLER);
        List<String> failures = outcome.results().stream()
                .flatMap(result -> result.failure().stream())
                .toList();
        if (!failures.isEmpty()) {
            throw new HostException(
                    JoinCode.JOI018,
                    node + " is a node, but could not be written: " + String.join("; ", failures),
                    "see what refuses it; then " + LATER);
        }
        String done = outcome.results().stream()
                .map(NodeResult::kind)
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        return (done.isEmpty() ? "as Git says already" : done + ": as Git says") + ", in the name of sync " + sync;
    }
}
