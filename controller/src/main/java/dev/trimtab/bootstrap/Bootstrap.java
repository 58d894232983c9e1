package dev.trimtab.bootstrap;

import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Flannel;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.KuboardAgent;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Renders everything that turns machines into the cluster of a definition: files for kubeadm, a folder for each machine, the
 * cluster's first objects and the list of images. Holds no secret: tokens and keys are placeholders until a machine joins.
 */
public final class Bootstrap {

    private Bootstrap() {}

    /**
     * The whole tree.
     *
     * @param definition without an error
     * @throws IllegalArgumentException when the definition is refused, or describes no cluster with a control-plane node
     */
    public static FileTree render(Definition definition) {
        return render(definition, Registration.PLAIN);
    }

    /** As {@link #render(Definition)}, with what nodes that join register with. */
    public static FileTree render(Definition definition, Registration registration) {
        if (definition.refused()) {
            throw new IllegalArgumentException("the definition has errors: " + definition.problems());
        }
        Cluster cluster = definition
                .cluster()
                .orElseThrow(() -> new IllegalArgumentException("the definition describes no cluster"));
        List<Inventory.Node> nodes = present(definition);
        Inventory.Node first = nodes.stream()
                .filter(Inventory.Node::isControlPlane)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the inventory has no control-plane node"));
        Facts facts = Facts.of(definition, cluster, nodes, first);
        KubeadmConfig kubeadm = new KubeadmConfig(facts, registration);
        Images images = new Images(facts, definition);

        SortedMap<String, String> files = new TreeMap<>();
        files.put("bootstrap/kubeadm-init.yaml", kubeadm.init());
        files.put("bootstrap/kubeadm-join-worker.yaml.tmpl", kubeadm.join(Optional.empty(), false));
        files.put("bootstrap/kubeadm-join-control-plane.yaml.tmpl", kubeadm.join(Optional.empty(), true));
        facts.patches().forEach(patch -> files.put("bootstrap/patches/" + patch.name(), patch.text()));
        for (Inventory.Node node : nodes) {
            new NodeFolder(facts, node, kubeadm, images)
                    .render()
                    .files()
                    .forEach((path, text) -> files.put("nodes/" + node.name() + "/" + path, text));
        }
        ClusterFiles objects = new ClusterFiles(definition, cluster);
        objects.addon(Flannel.class).ifPresent(text -> files.put("cluster/flannel.yaml", text));
        objects.addon(KuboardAgent.class).ifPresent(text -> files.put("cluster/kuboard-agent.yaml", text));
        files.put("cluster/node-metadata.yaml", objects.nodeMetadata(nodes));
        files.put("images.txt", images.text());
        return new FileTree(files).withManifest();
    }

    /** Names of the machines that {@link #render} makes a folder for, in the inventory's order. */
    public static List<String> nodeNames(Definition definition) {
        return present(definition).stream().map(Inventory.Node::name).toList();
    }

    private static List<Inventory.Node> present(Definition definition) {
        return definition.inventory().effectiveNodes().stream()
                .filter(Inventory.Node::isPresent)
                .toList();
    }
}
