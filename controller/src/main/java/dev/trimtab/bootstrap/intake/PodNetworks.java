package dev.trimtab.bootstrap.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The pod networks among the DaemonSets of a cluster. A node has one; a second one, or what is left of it, fights with it.
 *
 * @param flannels the one at its usual place first
 * @param others DaemonSets of other networks
 */
public record PodNetworks(List<ObjectNode> flannels, List<ObjectNode> others) {

    public static final PodNetworks NONE = new PodNetworks(List.of(), List.of());

    /** It moved to a namespace of its own with v0.20. */
    private static final String NAMESPACE = "kube-flannel";

    private static final String NAME = "kube-flannel-ds";
    private static final String USUAL_CONFIG = "kube-flannel-cfg";

    private static final Pattern FLANNEL_IMAGE = Pattern.compile("(?:.*/)?flannel(?:[:@].*)?");

    /** By the name of the DaemonSet in each project's own manifests. */
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("antrea-agent", "Antrea"),
            Map.entry("aws-node", "the Amazon VPC CNI"),
            Map.entry("calico-node", "Calico"),
            Map.entry("canal", "Canal"),
            Map.entry("cilium", "Cilium"),
            Map.entry("kindnet", "kindnet"),
            Map.entry("kube-ovn-cni", "Kube-OVN"),
            Map.entry("kube-router", "kube-router"),
            Map.entry("weave-net", "Weave Net"));

    public PodNetworks {
        flannels = List.copyOf(flannels);
        others = List.copyOf(others);
    }

    /** @param daemonSets of all namespaces */
    public static PodNetworks among(List<ObjectNode> daemonSets) {
        List<ObjectNode> others = daemonSets.stream()
                .filter(set -> OTHERS.containsKey(set.at("/metadata/name").asText()))
                .toList();
        List<ObjectNode> flannels = daemonSets.stream()
                .filter(set -> !others.contains(set) && isFlannel(set))
                .sorted(Comparator.comparing((ObjectNode set) -> !isAtItsPlace(set))
                        .thenComparing(set -> ObjectKey.of(set).toString()))
                .toList();
        return new PodNetworks(flannels, others);
    }

    public Optional<ObjectNode> flannel() {
        return flannels.stream().findFirst();
    }

    /** Name of the ConfigMap that a flannel reads, in its own namespace. */
    public static String configMap(ObjectNode flannel) {
        for (JsonNode volume : flannel.at("/spec/template/spec/volumes")) {
            if (volume.path("name").asText().equals("flannel-cfg")) {
                return volume.at("/configMap/name").asText(USUAL_CONFIG);
            }
        }
        return USUAL_CONFIG;
    }

    /** Whether it is what Trimtab keeps for a document of kind Flannel. */
    static boolean isAtItsPlace(ObjectNode flannel) {
        return flannel.at("/metadata/namespace").asText().equals(NAMESPACE)
                && flannel.at("/metadata/name").asText().equals(NAME);
    }

    /** What people call another network. */
    static String project(ObjectNode other) {
        String name = other.at("/metadata/name").asText();
        return OTHERS.getOrDefault(name, name);
    }

    private static boolean isFlannel(ObjectNode set) {
        for (JsonNode container : set.at("/spec/template/spec/containers")) {
            if (FLANNEL_IMAGE.matcher(container.path("image").asText()).matches()
                    || container.path("name").asText().equals("kube-flannel")) {
                return true;
            }
        }
        return false;
    }
}
