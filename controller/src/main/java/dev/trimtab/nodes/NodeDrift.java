package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.Inventory.State;
import dev.trimtab.drift.Drift;
import dev.trimtab.drift.DriftClass;
import dev.trimtab.drift.Drifted;
import dev.trimtab.drift.Severity;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PodImpact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Labels, annotations and taints of nodes that are no longer what the inventory brought them to; cordons where policy enforces them.
 * Whether policy lets the others be makes no difference: they drifted all the same.
 *
 * @param compared how many nodes it is known of whether they drifted
 * @param pending nodes that wait for what the inventory says by now
 * @param problems nodes that may not be written to, so that nothing is said of them
 */
public record NodeDrift(
        List<Drifted> drifted, int compared, Set<ObjectKey> pending, List<Plan.ObjectProblem> problems) {

    public NodeDrift {
        drifted = List.copyOf(drifted);
        pending = Set.copyOf(pending);
        problems = List.copyOf(problems);
    }

    /**
     * @param declared what was applied last, where that can be read; of something newer, a label that was never set passes for one that
     *     was taken away
     * @param nodes all of the cluster
     */
    public static NodeDrift of(DeclaredNodes declared, List<ObjectNode> nodes, String sync, Instant now) {
        Comparison comparison = new Comparison(declared, sync, now);
        nodes.stream().map(LiveNode::new).forEach(comparison::compare);
        return new NodeDrift(comparison.drifted, comparison.compared, comparison.pending, comparison.problems);
    }

    /** What is found on the way. */
    private static final class Comparison {

        private final DeclaredNodes declared;
        private final String sync;
        private final String manager;
        private final Instant now;
        private final List<Drifted> drifted = new ArrayList<>();
        private final Set<ObjectKey> pending = new TreeSet<>();
        private final List<Plan.ObjectProblem> problems = new ArrayList<>();
        private int compared;

        Comparison(DeclaredNodes declared, String sync, Instant now) {
            this.declared = declared;
            this.sync = sync;
            this.manager = Ownership.fieldManager(sync);
            this.now = now;
        }

        void compare(LiveNode live) {
            Optional.ofNullable(declared.nodes().get(live.name()))
                    .filter(node -> node.state() == State.PRESENT)
                    .ifPresent(node -> compare(node, live));
        }

        private void compare(Inventory.Node node, LiveNode live) {
            ObjectKey key = new ObjectKey("", "Node", Optional.empty(), live.name());
            Optional<Observation> hindrance = NodePlanner.hindrance(declared, node, live, sync);
            if (hindrance.isPresent()) {
                problems.add(new Plan.ObjectProblem(
                        key,
                        Optional.empty(),
                        hindrance.get().code(),
                        hindrance.get().text()));
                return;
            }
            List<FieldChange> fields = differing(node, live);
            Optional<ManagedFields.Entry> ours = ManagedFields.ownedBy(live.metadata(), manager);
            if (ours.isEmpty()) {
                // It was never brought to what the inventory says.
                if (!fields.isEmpty()) {
                    pending.add(key);
                }
                return;
            }
            compared++;
            List<FieldChange> byOthers = fields.stream()
                    .filter(field -> !isOfGit(field, live, ours.get()))
                    .toList();
            if (byOthers.size() < fields.size()) {
                pending.add(key);
            }
            if (!byOthers.isEmpty()) {
                drifted.add(drifted(key, byOthers, live, byOthers.size() < fields.size()));
            }
        }

        private List<FieldChange> differing(Inventory.Node node, LiveNode live) {
            List<FieldChange> fields = new ArrayList<>();
            MetadataDiff.of(node, live, manager, declared.registeredLabels()).fields().stream()
                    .filter(field -> !field.path().contains(Marks.MACHINE))
                    .forEach(fields::add);
            fields.addAll(TaintDiff.of(node, live).fields());
            if (declared.enforcesCordon()) {
                CordonDiff.of(node.schedulable(), live, true)
                        .unschedulable()
                        .map(value -> cordon(live, value))
                        .ifPresent(fields::add);
            }
            return fields;
        }

        private static FieldChange cordon(LiveNode live, boolean wanted) {
            return new FieldChange(
                    "spec.unschedulable",
                    Optional.of(BooleanNode.valueOf(live.cordoned())),
                    Optional.of(BooleanNode.valueOf(wanted)),
                    false,
                    FieldChange.Origin.DRIFT,
                    Optional.empty());
        }

        /** Whether the node shows that it is the inventory that moved: what is ours is as we wrote it, and what never was is not missing. */
        private boolean isOfGit(FieldChange field, LiveNode live, ManagedFields.Entry ours) {
            if (field.path().equals("spec.unschedulable")) {
                boolean cordonedByGit = live.annotation(Marks.CORDON).equals(Optional.of(Marks.CORDON_GIT));
                return cordonedByGit == live.cordoned();
            }
            if (field.path().startsWith("spec.taints[")) {
                String id = field.path()
                        .substring("spec.taints[".length(), field.path().length() - 1);
                boolean known = OwnedTaints.parse(
                                live.annotation(Marks.OWNED_TAINTS).orElse(""))
                        .owns(id);
                return field.before().isEmpty() ? !known : field.after().isEmpty();
            }
            return field.before().isPresent() && ours.touches(field.path());
        }

        private Drifted drifted(ObjectKey key, List<FieldChange> fields, LiveNode live, boolean moved) {
            Optional<ManagedFields.Entry> writer = Drift.writer(fields, live.metadata(), manager);
            Drift drift = new Drift(
                    key,
                    DriftClass.CHANGED,
                    fields,
                    writer.map(ManagedFields.Entry::manager),
                    writer.flatMap(ManagedFields.Entry::time),
                    now);
            return new Drifted(
                    drift, Severity.of(drift), writer.map(Drifted.Writer::of), Optional.empty(), PodImpact.NONE, moved);
        }
    }
}
