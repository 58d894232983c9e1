package dev.trimtab.nodes;

import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Cluster.Enforcement;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Flannel;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.Inventory.Taint;
import dev.trimtab.definition.Manifest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What Git says of all nodes of a cluster.
 *
 * @param nodes by name
 * @param cluster empty where the definition has no document of that kind; then nothing is compared with it
 * @param flannel empty where another pod network is used
 * @param manifests names of nodes that Git also holds as manifests of kind Node
 */
public record DeclaredNodes(
        SortedMap<String, DeclaredNode> nodes,
        Optional<Cluster> cluster,
        Optional<Flannel> flannel,
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
        Map<String, Inventory.Group> groups = new LinkedHashMap<>();
        inventory.groups().forEach(group -> groups.put(group.name(), group));
        SortedMap<String, DeclaredNode> nodes = new TreeMap<>();
        inventory.nodes().forEach(node -> nodes.put(node.name(), merged(node, groups)));
        return Optional.of(new DeclaredNodes(
                nodes,
                definition.cluster(),
                definition.addons().stream()
                        .filter(Flannel.class::isInstance)
                        .map(Flannel.class::cast)
                        .findFirst(),
                definition.manifests().stream()
                        .map(Manifest::key)
                        .filter(key -> key.group().isEmpty() && key.kind().equals("Node"))
                        .map(key -> key.name())
                        .collect(Collectors.toSet())));
    }

    /** What a node says itself outweighs what its groups say. */
    private static DeclaredNode merged(Inventory.Node node, Map<String, Inventory.Group> groups) {
        SortedMap<String, String> labels = new TreeMap<>();
        Map<String, Taint> taints = new LinkedHashMap<>();
        for (String name : node.groups()) {
            Inventory.Group group = groups.get(name);
            if (group != null) {
                labels.putAll(group.labels());
                group.taints().forEach(taint -> taints.put(id(taint), taint));
            }
        }
        labels.putAll(node.labels());
        node.taints().forEach(taint -> taints.put(id(taint), taint));
        return new DeclaredNode(
                node.name(),
                node.address(),
                node.roles(),
                node.arch(),
                labels,
                new TreeMap<>(),
                List.copyOf(taints.values()),
                node.schedulable(),
                node.state(),
                node.kubeletVersion(),
                Optional.of(node.origin().at()));
    }

    private static String id(Taint taint) {
        return taint.key() + ":" + taint.effect().written();
    }

    boolean enforcesLabels() {
        return enforces(Cluster.Policy::labels, Enforcement.ENFORCE);
    }

    boolean enforcesTaints() {
        return enforces(Cluster.Policy::taints, Enforcement.ENFORCE);
    }

    boolean ignoresUnknown() {
        return cluster.map(Cluster::policy)
                .map(Cluster.Policy::onUnknownNode)
                .filter("ignore"::equals)
                .isPresent();
    }

    boolean enforcesCordon() {
        return enforces(Cluster.Policy::cordon, Enforcement.OBSERVE);
    }

    private boolean enforces(
            java.util.function.Function<Cluster.Policy, Enforcement> policy, Enforcement unlessWritten) {
        return cluster.map(Cluster::policy).map(policy).orElse(unlessWritten) == Enforcement.ENFORCE;
    }
}
