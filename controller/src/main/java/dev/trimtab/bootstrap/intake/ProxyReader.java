package dev.trimtab.bootstrap.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.DefinitionCode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a {@code KubeProxyConfiguration}: a definition has its mode, and takes the pod network from elsewhere. */
final class ProxyReader {

    private static final String FEATURE_GATES = "featureGates";

    /** Where nothing and zero are two things (Kubernetes documentation, "kube-proxy Configuration (v1alpha1)"). */
    private static final Set<String> MEANT = Set.of(
            "/conntrack/maxPerCore",
            "/conntrack/min",
            "/conntrack/tcpCloseWaitTimeout",
            "/conntrack/tcpEstablishedTimeout",
            "/iptables/localhostNodePorts",
            "/iptables/masqueradeBit",
            "/nftables/masqueradeBit",
            "/oomScoreAdj");

    private final ClusterDraft cluster;
    private final Findings findings;

    ProxyReader(ClusterDraft cluster, Findings findings) {
        this.cluster = cluster;
        this.findings = findings;
    }

    /** Without what kubeadm stores of every field of the type. */
    static ObjectNode meant(ObjectNode configuration) {
        ObjectNode meant =
                Noise.without(configuration, value -> List.of("false", "0").contains(value.asText()), MEANT);
        // A gate that is off was turned off.
        if (configuration.path(FEATURE_GATES) instanceof ObjectNode gates && !gates.isEmpty()) {
            meant.set(FEATURE_GATES, gates.deepCopy());
        }
        return meant;
    }

    void read(Source source) {
        source.text("mode").ifPresent(mode -> {
            cluster.kubeProxyMode = Optional.of(mode);
            if (mode.equals("ipvs")) {
                findings.warn(
                        DefinitionCode.CD057,
                        source.place("mode"),
                        "kube-proxy's mode ipvs is deprecated since Kubernetes 1.35",
                        "use nftables, or iptables, with the next upgrade");
            }
        });
        source.takeDefault("clusterCIDR", String.join(",", cluster.podSubnets));
        source.takeDefault("bindAddress", "0.0.0.0", "::");
        source.mapping("clientConnection").takeDefault("kubeconfig", "/var/lib/kube-proxy/kubeconfig.conf");
    }
}
