package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Inventory;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.Fanout;
import dev.trimtab.kube.Ownership;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.nodes.NodeChange.Kind;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes to Nodes, a request a change. A node that somebody wrote at the same time is read again and what it needs is computed anew,
 * so that nobody's write is lost.
 */
final class NodeWriter {

    private static final int ATTEMPTS = 5;
    private static final int WIDTH = 8;

    private final ClusterClient cluster;
    private final String sync;
    private final String manager;
    private final Clock clock;
    private final Fanout fanout = new Fanout(WIDTH);

    NodeWriter(ClusterClient cluster, String sync, Clock clock) {
        this.cluster = cluster;
        this.sync = sync;
        this.manager = Ownership.fieldManager(sync);
        this.clock = clock;
    }

    /** Carries out changes; of a drain only the cordon. One node that fails does not stop the others. */
    List<NodeResult> write(NodePlan plan, List<NodeChange> changes, DrainTerms drain) {
        Map<String, List<NodeChange>> byNode = new LinkedHashMap<>();
        changes.forEach(change ->
                byNode.computeIfAbsent(change.node(), name -> new ArrayList<>()).add(change));
        return fanout.map(byNode.values(), ofNode -> write(plan, ofNode, Optional.of(drain))).stream()
                .flatMap(List::stream)
                .toList();
    }

    private List<NodeResult> write(NodePlan plan, List<NodeChange> changes, Optional<DrainTerms> drain) {
        List<NodeResult> results = new ArrayList<>();
        String name = changes.get(0).node();
        LiveNode live = new LiveNode(Objects.requireNonNull(plan.live().get(name)));
        for (NodeChange change : changes) {
            try {
                live = write(plan.declared(), change.kind(), live, drain);
                results.add(NodeResult.done(change));
            } catch (Hindered e) {
                results.add(NodeResult.failed(change, String.valueOf(e.getMessage()), true));
            } catch (ApiException e) {
                results.add(NodeResult.failed(
                        change,
                        String.valueOf(e.getMessage()),
                        e.errorClass() != ErrorClass.INVALID && e.errorClass() != ErrorClass.FORBIDDEN));
            }
        }
        return results;
    }

    /** The node is no longer what the plan was made for. */
    private static final class Hindered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Hindered(String text) {
            super(text);
        }
    }

    private LiveNode write(DeclaredNodes declared, Kind kind, LiveNode planned, Optional<DrainTerms> drain) {
        LiveNode live = planned;
        for (int attempt = 1; ; attempt++) {
            try {
                return once(declared, kind, live, drain);
            } catch (ApiException e) {
                if (attempt == ATTEMPTS || e.errorClass() != ErrorClass.CONFLICT) {
                    throw e;
                }
                live = again(declared, planned);
            }
        }
    }

    private LiveNode again(DeclaredNodes declared, LiveNode planned) {
        LiveNode live = cluster.get(type(), Optional.empty(), planned.name())
                .map(LiveNode::new)
                .orElseThrow(() -> new Hindered("the node is gone since the plan was made"));
        if (!live.uid().equals(planned.uid())) {
            throw new Hindered("the node was deleted and registered again since the plan was made");
        }
        NodePlanner.hindrance(declared, declaredOf(declared, live), live, sync).ifPresent(hindrance -> {
            throw new Hindered(hindrance.text());
        });
        return live;
    }

    private LiveNode once(DeclaredNodes declared, Kind kind, LiveNode live, Optional<DrainTerms> drain) {
        Inventory.Node node = declaredOf(declared, live);
        return switch (kind) {
            case METADATA -> {
                MetadataDiff diff = metadata(declared, node, live);
                // First of all: what is no longer applied is no longer known to be ours.
                LiveNode rest = diff.taken().isEmpty() ? live : patch(live, diff.taking(live));
                yield diff.isEmpty() || metadata(declared, node, rest).isEmpty()
                        ? rest
                        : new LiveNode(cluster.apply(type(), diff.applied(), new ApplyOptions(manager, true, false))
                                .object());
            }
            case TAINTS -> {
                TaintDiff diff = TaintDiff.of(node, live, isFurnished(declared, node, live));
                yield diff.isEmpty() ? live : patch(live, diff.patch(live));
            }
            case CORDON, UNCORDON -> {
                CordonDiff diff = CordonDiff.of(node.schedulable(), live, declared.enforcesCordon());
                yield diff.isEmpty() ? live : patch(live, diff.patch(live));
            }
            case DRAIN -> {
                CordonDiff diff = CordonDiff.forRemoval(live);
                boolean begins = DrainTerms.began(live).isEmpty()
                        || drain.filter(DrainTerms::anew).isPresent();
                yield diff.isEmpty() && !begins ? live : patch(live, beginning(diff, live));
            }
        };
    }

    private MetadataDiff metadata(DeclaredNodes declared, Inventory.Node node, LiveNode live) {
        return MetadataDiff.of(node, live, manager, declared.registeredLabels());
    }

    /** Whether pods may come: a label that is not on yet would let others land than those that it is for. */
    private boolean isFurnished(DeclaredNodes declared, Inventory.Node node, LiveNode live) {
        boolean labelled = !declared.enforcesLabels()
                || metadata(declared, node, live).fields().isEmpty();
        return labelled
                && !CordonDiff.of(node.schedulable(), live, declared.enforcesCordon())
                        .unschedulable()
                        .equals(Optional.of(true));
    }

    private ObjectNode beginning(CordonDiff diff, LiveNode live) {
        ObjectNode patch = diff.patch(live);
        patch.withObject("/metadata/annotations")
                .set(
                        Marks.DRAIN_BEGAN,
                        JsonNodeFactory.instance.textNode(clock.instant().toString()));
        return patch;
    }

    private LiveNode patch(LiveNode live, ObjectNode patch) {
        return new LiveNode(cluster.patch(type(), Optional.empty(), live.name(), "", PatchType.MERGE, patch, manager));
    }

    private static Inventory.Node declaredOf(DeclaredNodes declared, LiveNode live) {
        return Objects.requireNonNull(declared.nodes().get(live.name()));
    }

    private ResourceType type() {
        return cluster.resource("v1", "Node").orElseThrow();
    }
}
