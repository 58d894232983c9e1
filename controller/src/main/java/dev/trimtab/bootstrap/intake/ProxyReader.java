package dev.trimtab.bootstrap.intake;

import dev.trimtab.definition.DefinitionCode;
import java.util.Optional;

/** Reads a {@code KubeProxyConfiguration}: a definition has its mode, and takes the pod network from elsewhere. */
final class ProxyReader {

    private final ClusterDraft cluster;
    private final Findings findings;

    ProxyReader(ClusterDraft cluster, Findings findings) {
        this.cluster = cluster;
        this.findings = findings;
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
