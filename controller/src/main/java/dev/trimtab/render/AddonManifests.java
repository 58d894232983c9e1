package dev.trimtab.render;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Addon;
import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Flannel;
import dev.trimtab.definition.KuboardAgent;
import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.Positions;
import dev.trimtab.kube.ObjectKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The objects of a definition's add-ons as if somebody had written them where the add-on stands: from here on they are planned,
 * applied and watched like all others, and what is wrong with one is told of the add-on's document.
 */
public final class AddonManifests {

    private AddonManifests() {}

    /** Of all add-ons, in the order of their documents; what two agents share is there once. */
    public static List<Manifest> of(Definition definition) {
        Map<ObjectNode, Manifest> manifests = new LinkedHashMap<>();
        definition
                .cluster()
                .ifPresent(cluster -> definition.addons().stream()
                        .flatMap(addon -> of(addon, cluster).stream())
                        .forEach(manifest -> manifests.putIfAbsent(manifest.json(), manifest)));
        return List.copyOf(manifests.values());
    }

    /** Of one add-on, in an order in which they can be made. */
    public static List<Manifest> of(Addon addon, Cluster cluster) {
        Positions document = Positions.of(addon.origin().at());
        return objects(addon, cluster)
                .map(json -> new Manifest(ObjectKey.of(json), json, document))
                .toList();
    }

    private static Stream<ObjectNode> objects(Addon addon, Cluster cluster) {
        if (addon instanceof Flannel flannel) {
            return new FlannelRenderer(flannel, cluster).objects().stream();
        }
        return new KuboardAgentRenderer((KuboardAgent) addon).objects().stream();
    }
}
