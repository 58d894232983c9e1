package dev.trimtab.bootstrap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Addon;
import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.YamlText;
import dev.trimtab.render.AddonManifests;
import java.util.List;
import java.util.Optional;

/** What goes into the cluster before Trimtab runs in it, and what Trimtab keeps there afterwards. */
final class ClusterFiles {

    private final Definition definition;
    private final Cluster cluster;

    ClusterFiles(Definition definition, Cluster cluster) {
        this.definition = definition;
        this.cluster = cluster;
    }

    /** The objects of the add-ons of one kind; empty when there is none. */
    Optional<String> addon(Class<? extends Addon> kind) {
        List<Addon> addons =
                definition.addons().stream().filter(kind::isInstance).toList();
        if (addons.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder(Text.header(
                "#",
                "The first time: kubectl apply --server-side -f this file. Afterwards Trimtab keeps these objects."));
        addons.stream()
                .flatMap(addon -> AddonManifests.of(addon, cluster).stream())
                .map(manifest -> manifest.json())
                .distinct()
                .forEach(json -> text.append("---\n").append(YamlText.of(json)));
        return Optional.of(text.toString());
    }

    /** Labels, annotations, taints and schedulability of each node. */
    String nodeMetadata(List<Inventory.Node> nodes) {
        StringBuilder text = new StringBuilder(Text.header(
                "#",
                "What the definition wants of each Node object, for reading. Do not apply it: a node's taints are one list,",
                "and applying it would take away those that Kubernetes itself sets."));
        nodes.forEach(node -> text.append("---\n").append(YamlText.of(nodeObject(node))));
        return text.toString();
    }

    private static ObjectNode nodeObject(Inventory.Node node) {
        ObjectNode object =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Node");
        ObjectNode metadata = object.putObject("metadata").put("name", node.name());
        ObjectNode labels = metadata.putObject("labels");
        node.labels().forEach(labels::put);
        // A kubelet may not give itself a role.
        node.roles().stream()
                .filter(role -> role != Inventory.Role.ETCD)
                .map(role -> "node-role.kubernetes.io/" + role.written())
                .sorted()
                .forEach(label -> labels.put(label, ""));
        if (!node.annotations().isEmpty()) {
            ObjectNode annotations = metadata.putObject("annotations");
            node.annotations().forEach(annotations::put);
        }
        ObjectNode spec = object.putObject("spec");
        if (!node.schedulable()) {
            spec.put("unschedulable", true);
        }
        ArrayNode taints = spec.putArray("taints");
        node.taints().forEach(taint -> {
            ObjectNode one = taints.addObject().put("key", taint.key());
            if (!taint.value().isEmpty()) {
                one.put("value", taint.value());
            }
            one.put("effect", taint.effect().written());
        });
        return object;
    }
}
