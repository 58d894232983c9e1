package dev.trimtab.nodes;

import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Cluster.Enforcement;
import dev.trimtab.definition.Cluster.OnUnknownNode;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Flannel;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.VersionMatrix;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What Git says of all nodes of a cluster.
 *
 * @param nodes by name, with what their groups add
 * @param cluster empty where the definition has no document of that kind; then nothing is compared with it
 * @param flannel empty where another pod network is used
 * @param versions which versions fit together
 * @param manifests names of nodes that Git also holds as manifests of kind Node
 */
public record DeclaredNodes(
        SortedMap<String, Inventory.Node> nodes,
        Optional<Cluster> cluster,
        Optional<Flannel> flannel,
        VersionMatrix versions,
        Set<String> manifests) {

    public DeclaredNodes {
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
        manifests = Set.copyOf(manifests);
    }

    /** Empty when the definition says nothing of nodes: then nothing is asked and nothing is said. */
    public static Optional<DeclaredNodes> of(Definition definition) {
        Inventory inventory = definition.inventory();
        if (inventory.nodes().isEmpty()) {
            return Optional.empty();
        }
        SortedMap<String, Inventory.Node> nodes = new TreeMap<>();
        inventory.effectiveNodes().forEach(node -> nodes.put(node.name(), node));
        return Optional.of(new DeclaredNodes(
                nodes,
                definition.cluster(),
                definition.addons().stream()
                        .filter(Flannel.class::isInstance)
                        .map(Flannel.class::cast)
                        .findFirst(),
                definition.versions(),
                definition.manifests().stream()
                        .map(Manifest::key)
                        .filter(key -> key.group().isEmpty() && key.kind().equals("Node"))
                        .map(key -> key.name())
                        .collect(Collectors.toSet())));
    }

    boolean ignoresUnknown() {
        return cluster.map(Cluster::policy)
                .map(Cluster.Policy::onUnknownNode)
                .filter(OnUnknownNode.IGNORE::equals)
                .isPresent();
    }

    boolean enforcesLabels() {
        return enforces(Cluster.Policy::labels, Enforcement.ENFORCE);
    }

    /** Whether taints of nodes are put right, also the one that a node registers with. */
    public boolean enforcesTaints() {
        return enforces(Cluster.Policy::taints, Enforcement.ENFORCE);
    }

    boolean enforcesCordon() {
        return enforces(Cluster.Policy::cordon, Enforcement.OBSERVE);
    }

    /** Keys of labels that kubelets are told to register their nodes with (the kubelet's flag {@code node-labels}). */
    Set<String> registeredLabels() {
        return cluster.flatMap(
                        one -> Optional.ofNullable(one.kubelet().extraArgs().get("node-labels")))
                .map(labels -> Arrays.stream(labels.split(",", -1))
                        .map(label -> label.split("=", 2)[0].strip())
                        .filter(key -> !key.isEmpty())
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    private boolean enforces(Function<Cluster.Policy, Enforcement> policy, Enforcement unlessWritten) {
        return cluster.map(Cluster::policy).map(policy).orElse(unlessWritten) == Enforcement.ENFORCE;
    }
}
