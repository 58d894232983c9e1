package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.nodes.NodeChange.Kind;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The nodes of one cluster, as one sync keeps them. */
public final class Nodes {

    private final ClusterClient cluster;
    private final String sync;
    private final Clock clock;
    private final Drainer drainer;

    public Nodes(ClusterClient cluster, String sync, Clock clock) {
        this(cluster, sync, clock, duration -> Thread.sleep(duration.toMillis()));
    }

    Nodes(ClusterClient cluster, String sync, Clock clock, Drainer.Pause pause) {
        this.cluster = cluster;
        this.sync = sync;
        this.clock = clock;
        this.drainer = new Drainer(cluster, clock, pause);
    }

    /**
     * Reads the cluster and compares; writes nothing.
     *
     * @throws dev.trimtab.kube.ApiException when the server does not answer
     */
    public NodePlan plan(DeclaredNodes declared, DrainTerms drain) {
        FactsReader facts = new FactsReader(cluster);
        return plan(declared, facts.nodes(), facts.surroundings(), drain);
    }

    /** As {@link #plan(DeclaredNodes, DrainTerms)}, of what is known already; asks only for what is on nodes that are to go. */
    public NodePlan plan(DeclaredNodes declared, List<ObjectNode> nodes, Surroundings surroundings, DrainTerms drain) {
        FactsReader facts = new FactsReader(cluster);
        Map<String, NodeLoad> loads = new HashMap<>();
        NodePlanner.leaving(declared, nodes).forEach(name -> loads.put(name, facts.load(name)));
        return new NodePlanner(sync, drain).plan(declared, nodes, surroundings, loads, clock.instant());
    }

    /**
     * What one node needs of labels, annotations, taints and cordon, and what hinders it, without a look at anything else.
     *
     * @throws dev.trimtab.kube.ApiException when the server does not answer
     */
    public NodePlan planOne(DeclaredNodes declared, String name) {
        List<ObjectNode> node =
                cluster.get(cluster.resource("v1", "Node").orElseThrow(), Optional.empty(), name).stream()
                        .toList();
        NodePlan plan = new NodePlanner(sync, DrainTerms.CONTROLLER)
                .plan(declared, node, Surroundings.unknown(cluster.version()), Map.of(), clock.instant())
                .only(change -> change.kind() != Kind.DRAIN);
        List<Observation> hindrances = plan.observations().stream()
                .filter(one -> one.code().hinders() && one.node().equals(Optional.of(name)))
                .toList();
        return new NodePlan(plan.id(), declared, plan.live(), plan.changes(), hindrances, Optional.empty());
    }

    /** Labels, annotations, taints and cordons; what the objects of the definition may be waiting for. */
    public NodeOutcome write(NodePlan plan, DrainTerms drain) {
        return new NodeOutcome(plan, new NodeWriter(cluster, sync, clock).write(plan, of(plan, false), drain));
    }

    /** Cordons the nodes that are to go and empties them, one after the other, each within the limit. No node is deleted. */
    public NodeOutcome drain(NodePlan plan, DrainTerms drain) {
        List<NodeResult> results = new ArrayList<>();
        for (NodeChange change : of(plan, true)) {
            NodeResult cordoned = cordon(plan, change, drain);
            results.add(
                    cordoned.failure().isPresent()
                            ? cordoned
                            : drainer.drain(change, clock.instant().plus(drain.limit())));
        }
        return new NodeOutcome(plan, results);
    }

    /**
     * Cordons the nodes that are to go and asks their pods once to leave, without waiting for them: the caller plans again after {@link
     * #betweenRounds()}, until the plan has no drain left.
     */
    public NodeOutcome drainRound(NodePlan plan, DrainTerms drain) {
        List<NodeResult> results = new ArrayList<>();
        for (NodeChange change : of(plan, true)) {
            NodeResult cordoned = cordon(plan, change, drain);
            results.add(cordoned);
            if (cordoned.failure().isEmpty()) {
                drainer.round(change.node());
            }
        }
        return new NodeOutcome(plan, results);
    }

    private NodeResult cordon(NodePlan plan, NodeChange change, DrainTerms drain) {
        return new NodeWriter(cluster, sync, clock)
                .write(plan, List.of(change), drain)
                .get(0);
    }

    private static List<NodeChange> of(NodePlan plan, boolean drains) {
        return plan.changes().stream()
                .filter(change -> (change.kind() == Kind.DRAIN) == drains)
                .toList();
    }

    /** How long after a round of a drain the next one is due. */
    public static Duration betweenRounds() {
        return Drainer.BETWEEN;
    }
}
