package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.codes.Count;
import dev.trimtab.definition.Addresses;
import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.Inventory.Role;
import dev.trimtab.definition.Inventory.State;
import dev.trimtab.kube.Ownership;
import dev.trimtab.nodes.NodeChange.Kind;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.FieldChange.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Compares the nodes of a cluster with what Git says of them. Makes no requests. */
public final class NodePlanner {

    private final String sync;
    private final DrainTerms drain;

    /** @param sync whose field manager keeps the nodes */
    public NodePlanner(String sync, DrainTerms drain) {
        this.sync = sync;
        this.drain = drain;
    }

    /**
     * @param nodes all of the cluster
     * @param loads of the nodes that {@link #leaving} names
     */
    public NodePlan plan(
            DeclaredNodes declared,
            List<ObjectNode> nodes,
            Surroundings around,
            Map<String, NodeLoad> loads,
            Instant now) {
        List<LiveNode> live = nodes.stream().map(LiveNode::new).toList();
        Comparison comparison = new Comparison(declared, live, around, now);
        declared.nodes().values().forEach(node -> comparison.declared(node, loads));
        comparison.unknown();
        comparison.cluster();
        return NodePlan.of(declared, live, comparison.changes, comparison.findings.sorted(), comparison.lookAt());
    }

    /** Nodes that are to go and may, so that their pods have to be known. */
    public static List<String> leaving(DeclaredNodes declared, List<ObjectNode> nodes) {
        List<LiveNode> live = nodes.stream().map(LiveNode::new).toList();
        return live.stream()
                .filter(node -> Optional.ofNullable(declared.nodes().get(node.name()))
                        .filter(one -> one.state() == State.REMOVED)
                        .isPresent())
                .filter(node -> RemovalRule.refusal(node, live).isEmpty())
                .map(LiveNode::name)
                .toList();
    }

    /** Why nothing may be written to a node; empty when it may. */
    static Optional<Observation> hindrance(DeclaredNodes declared, Inventory.Node node, LiveNode live, String sync) {
        Optional<String> before = live.annotation(Marks.MACHINE);
        if (before.isPresent() && live.machine().isPresent() && !before.equals(live.machine())) {
            return Optional.of(Observation.of(
                    NodeCode.NODE_IDENTITY_CHANGED,
                    node.name(),
                    Severity.WARNING,
                    "machineID/systemUUID is " + live.machine().get() + ", and was " + before.get()
                            + "; nothing is written to it",
                    "if the machine was replaced on purpose: kubectl annotate node " + node.name() + " " + Marks.MACHINE
                            + "-"));
        }
        List<String> addresses = live.internalAddresses();
        if (!addresses.isEmpty() && addresses.stream().noneMatch(address -> Addresses.same(address, node.address()))) {
            return Optional.of(Observation.of(
                    NodeCode.NODE_IDENTITY_CHANGED,
                    node.name(),
                    Severity.WARNING,
                    "InternalIP is " + String.join(", ", addresses) + ", and the inventory says " + node.address()
                            + "; nothing is written to it",
                    "write its address into the inventory, or set the kubelet's node-ip"));
        }
        Optional<String> other = Ownership.otherSync(live.metadata(), sync);
        if (other.isPresent()) {
            return Optional.of(Observation.of(
                    NodeCode.NODE_OF_OTHER_SYNC,
                    node.name(),
                    Severity.WARNING,
                    "sync " + other.get() + " keeps it; nothing is written to it",
                    "take it out of the inventory of one of the two; where " + other.get()
                            + " is gone for good, apply the empty node once in its name: kubectl apply --server-side"
                            + " --field-manager=" + Ownership.fieldManager(other.get())));
        }
        if (declared.manifests().contains(node.name())) {
            return Optional.of(Observation.of(
                    NodeCode.NODE_DEFINED_TWICE,
                    node.name(),
                    Severity.WARNING,
                    "Git holds a manifest of kind Node for it too; nothing is written to it from the inventory",
                    "move labels, annotations and taints into the inventory and take the manifest away"));
        }
        return Optional.empty();
    }

    /** One comparison: what it finds on the way. */
    private final class Comparison {

        private final DeclaredNodes declared;
        private final SortedMap<String, LiveNode> live = new TreeMap<>();
        private final Surroundings around;
        private final Instant now;
        private final List<NodeChange> changes = new ArrayList<>();
        private final Findings findings = new Findings();

        Comparison(DeclaredNodes declared, List<LiveNode> nodes, Surroundings around, Instant now) {
            this.declared = declared;
            this.around = around;
            this.now = now;
            nodes.forEach(node -> live.put(node.name(), node));
        }

        void declared(Inventory.Node node, Map<String, NodeLoad> loads) {
            Optional<LiveNode> is = Optional.ofNullable(live.get(node.name()));
            switch (node.state()) {
                case IGNORED -> {
                    // Known to be away, or left to somebody else: nothing is said of it either.
                }
                case REMOVED ->
                    is.ifPresent(present -> leaving(node, present, Optional.ofNullable(loads.get(node.name()))));
                case PRESENT -> is.ifPresentOrElse(present -> present(node, present), () -> missing(node));
            }
        }

        private void missing(Inventory.Node node) {
            String name = node.name();
            findings.of(
                    name,
                    NodeCode.NODE_MISSING,
                    Severity.WARNING,
                    "it is in the inventory and not in the cluster",
                    "let it join: trimtab bootstrap render --node " + name + ", copy the folder to " + node.address()
                            + ", run prepare.sh and join.sh there, then verify.sh; or set state: ignored while it is away");
        }

        private void present(Inventory.Node node, LiveNode is) {
            Optional<Observation> hindrance = hindrance(declared, node, is, sync);
            if (hindrance.isPresent()) {
                findings.addAll(List.of(hindrance.get()));
                registration(is, "put right why nothing is written to the node");
            } else {
                metadata(node, is);
                taints(node, is);
                cordon(node, is);
            }
            role(node, is);
            NodeConditions.check(is, declared.flannel().isPresent(), now, findings);
            OutsideView.check(is, now, findings);
            NodeSoftware.check(is, node, declared, around.serverVersion(), findings);
            declared.flannel().ifPresent(flannel -> FlannelMarks.check(is, node, flannel, findings));
            int most = declared.cluster()
                    .map(cluster -> cluster.time().maxSkewSeconds())
                    .orElse(30);
            Optional.ofNullable(around.leases().get(node.name()))
                    .ifPresent(lease -> Clocks.check(node.name(), lease, Duration.ofSeconds(most), findings));
            around.sandboxFailures().stream()
                    .filter(failure -> failure.node().equals(node.name()))
                    .findFirst()
                    .ifPresent(failure -> findings.of(
                            node.name(),
                            NodeCode.SANDBOX_IMAGE,
                            Severity.WARNING,
                            failure.message(),
                            "the sandbox image in /etc/containerd/config.toml cannot be pulled, or is another than kubeadm's;"
                                    + " set it as trimtab bootstrap render writes it and restart containerd"));
        }

        private void metadata(Inventory.Node node, LiveNode is) {
            MetadataDiff diff = MetadataDiff.of(node, is, Ownership.fieldManager(sync), declared.registeredLabels());
            if (diff.isEmpty()) {
                return;
            }
            if (declared.enforcesLabels()) {
                List<String> notes = new ArrayList<>(diff.notes());
                diff.fields().stream()
                        .filter(field -> field.path().contains("flannel.alpha.coreos.com/"))
                        .findFirst()
                        .ifPresent(
                                field -> notes.add(
                                        "flannel reads its annotations when it starts: delete the node's flannel pod afterwards"));
                changes.add(new NodeChange(node.name(), Kind.METADATA, diff.fields(), notes));
            } else {
                told(node, NodeCode.LABELS_DIFFER, "labels", diff.fields());
            }
        }

        private void taints(Inventory.Node node, LiveNode is) {
            TaintDiff diff = TaintDiff.of(node, is);
            node.taints().stream()
                    .filter(taint -> TaintDiff.isReserved(taint.key()))
                    .forEach(taint -> findings.of(
                            node.name(),
                            NodeCode.TAINT_RESERVED,
                            Severity.WARNING,
                            "taint " + TaintDiff.text(taint) + " belongs to Kubernetes and is not set",
                            "take it out of the inventory; schedulable: false cordons a node"));
            if (!diff.isEmpty() && declared.enforcesTaints()) {
                changes.add(new NodeChange(node.name(), Kind.TAINTS, diff.fields(), diff.notes()));
            } else {
                told(node, NodeCode.TAINTS_DIFFER, "taints", diff.fields());
                registration(is, "write policy.taints: enforce");
            }
        }

        /** Where the plan does not take it away. */
        private void registration(LiveNode is, String wayOut) {
            if (is.isUninitialized()) {
                findings.of(
                        is.name(),
                        NodeCode.UNINITIALIZED,
                        Severity.WARNING,
                        "it has taint " + Ownership.UNINITIALIZED_TAINT
                                + ", with which it registered, and ordinary pods do not come to it",
                        wayOut + ", then Trimtab takes it away; or kubectl taint nodes " + is.name() + " "
                                + Ownership.UNINITIALIZED_TAINT + "-");
            }
        }

        private void told(Inventory.Node node, NodeCode code, String policy, List<FieldChange> fields) {
            List<FieldChange> known = fields.stream()
                    .filter(field -> !field.path().contains(Marks.MACHINE)
                            && !field.path().contains(Ownership.UNINITIALIZED_TAINT))
                    .toList();
            if (!known.isEmpty()) {
                findings.of(
                        node.name(),
                        code,
                        Severity.WARNING,
                        "not as in Git: "
                                + String.join(
                                        ", ",
                                        known.stream().map(FieldChange::path).toList()),
                        "policy." + policy + ": enforce puts it right, or write into Git what is so");
            }
        }

        private void cordon(Inventory.Node node, LiveNode is) {
            CordonDiff diff = CordonDiff.of(node.schedulable(), is, declared.enforcesCordon());
            if (!diff.isEmpty()) {
                boolean cordons = diff.unschedulable().orElse(is.cordoned());
                changes.add(new NodeChange(
                        node.name(), cordons ? Kind.CORDON : Kind.UNCORDON, unschedulable(is, diff), List.of()));
            }
            if (diff.byHand()) {
                findings.of(
                        node.name(),
                        NodeCode.CORDONED_BY_HAND,
                        Severity.WARNING,
                        node.schedulable()
                                ? "it is cordoned, and the inventory does not say so"
                                : "somebody uncordoned it, and the inventory says schedulable: false",
                        "kubectl " + (node.schedulable() ? "uncordon " : "cordon ") + node.name()
                                + " when the maintenance is" + " over, or write schedulable: " + !node.schedulable()
                                + "; policy.cordon: enforce puts it right");
            }
        }

        private void role(Inventory.Node node, LiveNode is) {
            if (node.isControlPlane() != is.isControlPlane()) {
                findings.of(
                        node.name(),
                        NodeCode.ROLE_MISMATCH,
                        Severity.WARNING,
                        node.isControlPlane()
                                ? "it lacks the label " + RoleLabels.CONTROL_PLANE
                                        + ": kubeadm did not make it a"
                                        + " control-plane node, or somebody took the label away"
                                : "kubeadm made it a control-plane node, and the inventory says "
                                        + node.roles().stream()
                                                .map(Role::written)
                                                .toList(),
                        "a node changes its role by leaving and joining anew; or write into Git what is so");
            }
        }

        private void leaving(Inventory.Node node, LiveNode is, Optional<NodeLoad> known) {
            // A name that another machine has taken must not cost that one its pods.
            Optional<Observation> hindrance = hindrance(declared, node, is, sync);
            if (hindrance.isPresent()) {
                findings.addAll(List.of(hindrance.get()));
                return;
            }
            Optional<String> refusal = RemovalRule.refusal(is, List.copyOf(live.values()));
            if (refusal.isPresent()) {
                findings.of(
                        is.name(),
                        NodeCode.REMOVAL_REFUSED,
                        Severity.CRITICAL,
                        "it is not drained: " + refusal.get(),
                        "let another control-plane node join first, or bring those that are not ready back; or write state:"
                                + " present");
                return;
            }
            CordonDiff cordon = CordonDiff.forRemoval(is);
            NodeLoad load = known.orElse(NodeLoad.none());
            if (cordon.isEmpty() && load.isDrained()) {
                findings.of(
                        is.name(),
                        NodeCode.READY_TO_REMOVE,
                        Severity.INFO,
                        "it is drained; " + Count.are(load.left().size(), "pod")
                                + " left on it, of DaemonSets or static",
                        "trimtab node remove " + is.name() + " --confirm " + is.name());
            } else if (drain.over(is, now)) {
                findings.of(
                        is.name(),
                        NodeCode.DRAIN_STOPPED,
                        Severity.CRITICAL,
                        "the drain ended after " + Count.of(drain.limit().toMinutes(), "minute")
                                + "; the node stays cordoned. On it: " + load.words(),
                        "free the budget or the pod, then kubectl annotate node " + is.name() + " " + Marks.DRAIN_BEGAN
                                + "- lets the drain begin anew");
            } else {
                changes.add(new NodeChange(
                        is.name(),
                        Kind.DRAIN,
                        unschedulable(is, cordon),
                        load.announcement(),
                        load.evicted().size()));
            }
        }

        private static List<FieldChange> unschedulable(LiveNode is, CordonDiff diff) {
            return diff.unschedulable().stream()
                    .map(value -> new FieldChange(
                            "spec.unschedulable",
                            Optional.of(BooleanNode.valueOf(is.cordoned())),
                            Optional.of(BooleanNode.valueOf(value)),
                            false,
                            Origin.GIT,
                            Optional.empty()))
                    .toList();
        }

        void unknown() {
            if (declared.ignoresUnknown()) {
                return;
            }
            live.values().stream()
                    .filter(node -> !declared.nodes().containsKey(node.name()))
                    .forEach(node -> {
                        findings.of(
                                node.name(),
                                NodeCode.NODE_UNKNOWN,
                                Severity.WARNING,
                                "it is in the cluster and not in the inventory; it is left alone",
                                "write it into the inventory; to be rid of it, write it with state: removed. Taking an entry"
                                        + " away removes no node");
                        registration(node, "write it into the inventory");
                    });
        }

        void cluster() {
            declared.cluster().ifPresent(cluster -> BootstrapConfigs.check(cluster, around, findings));
            PodRanges.check(
                    live.values().stream().filter(this::isOfInterest).toList(),
                    declared.cluster()
                            .map(Cluster::network)
                            .map(Cluster.Network::podSubnets)
                            .orElse(List.of()),
                    findings);
            NodeSoftware.controlPlane(around.components(), findings);
            ClusterCredentials.check(around, now, findings);
            findings.addAll(around.unreadable());
        }

        private boolean isOfInterest(LiveNode node) {
            return Optional.ofNullable(declared.nodes().get(node.name()))
                    .map(one -> one.state() != State.IGNORED)
                    .orElse(!declared.ignoresUnknown());
        }

        Optional<Instant> lookAt() {
            Stream<Instant> ofNodes = declared.nodes().values().stream()
                    .filter(node -> node.state() == State.PRESENT)
                    .flatMap(node -> Optional.ofNullable(live.get(node.name())).stream())
                    .flatMap(node ->
                            Stream.concat(NodeConditions.overdueAt(node).stream(), OutsideView.staleAt(node).stream()));
            return Stream.concat(ofNodes, ClusterCredentials.lookAt(around))
                    .filter(at -> at.isAfter(now))
                    .min(Instant::compareTo);
        }
    }
}
