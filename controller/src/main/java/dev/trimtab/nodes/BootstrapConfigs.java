package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.definition.Addresses;
import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Cluster.KubeProxyMode;
import dev.trimtab.definition.Cluster.Swap;
import inet.ipaddr.IPAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What kubeadm keeps of a cluster's set-up, against Git. Those ConfigMaps are kubeadm's: they are never edited from here. */
final class BootstrapConfigs {

    private static final String FIXED = "is fixed once the cluster is made: write into Git what is so";

    private BootstrapConfigs() {}

    static void check(Cluster cluster, Surroundings around, Findings findings) {
        around.kubeadm().ifPresent(config -> kubeadm(cluster, config, findings));
        around.kubelet().ifPresent(config -> kubelet(cluster, config, findings));
        around.kubeProxy().ifPresent(config -> kubeProxy(cluster, config, findings));
    }

    private static void kubeadm(Cluster cluster, JsonNode config, Findings findings) {
        Differences differences = new Differences("kubeadm-config", NodeCode.BOOTSTRAP_CONFIG_DRIFT, findings);
        JsonNode networking = config.path("networking");
        differences.ranges(
                "networking.podSubnet",
                networking.path("podSubnet"),
                cluster.network().podSubnets());
        differences.ranges(
                "networking.serviceSubnet",
                networking.path("serviceSubnet"),
                cluster.network().serviceSubnets());
        differences.text(
                "networking.dnsDomain",
                networking.path("dnsDomain").asText("cluster.local"),
                cluster.network().dnsDomain(),
                "networking.dnsDomain " + FIXED);
        cluster.controlPlaneEndpoint()
                .ifPresent(
                        endpoint -> differences.text(
                                "controlPlaneEndpoint",
                                withPort(config.path("controlPlaneEndpoint").asText("")),
                                endpoint.host() + ":" + endpoint.port(),
                                "change it in kubeadm-config and renew the API server's certificate, or write into Git what is so"));
        differences.text(
                "imageRepository",
                config.path("imageRepository").asText("registry.k8s.io"),
                cluster.images().repository(),
                "kubeadm upgrade apply with the rendered configuration brings it in, or write into Git what is so");
        differences.text(
                "kubernetesVersion",
                config.path("kubernetesVersion").asText(""),
                cluster.kubernetesVersion(),
                "upgrade the control plane: kubeadm upgrade apply " + cluster.kubernetesVersion());
    }

    private static void kubelet(Cluster cluster, JsonNode config, Findings findings) {
        Differences differences = new Differences("kubelet-config", NodeCode.KUBELET_CONFIG_DRIFT, findings);
        differences.text(
                "cgroupDriver",
                config.path("cgroupDriver").asText("systemd"),
                cluster.containerd().cgroupDriver().written(),
                "change it on every node together with containerd's; a node with two drivers is unstable");
        if (swapOff(cluster)) {
            differences.text(
                    "failSwapOn",
                    config.path("failSwapOn").asText("true"),
                    "true",
                    "take failSwapOn out, or declare os.swap otherwise");
        }
    }

    static boolean swapOff(Cluster cluster) {
        return cluster.os().swap() == Swap.DISABLED;
    }

    private static void kubeProxy(Cluster cluster, JsonNode config, Findings findings) {
        Differences differences = new Differences("kube-proxy", NodeCode.KUBE_PROXY_DRIFT, findings);
        String mode = config.path("mode").asText("");
        differences.text(
                "mode",
                mode.isEmpty() ? KubeProxyMode.IPTABLES.written() : mode,
                cluster.network().kubeProxyMode().written(),
                "edit ConfigMap kube-system/kube-proxy and restart DaemonSet kube-proxy");
        String range = config.path("clusterCIDR").asText("");
        if (!range.isEmpty()) {
            differences.ranges(
                    "clusterCIDR", config.path("clusterCIDR"), cluster.network().podSubnets());
        }
    }

    private static String withPort(String endpoint) {
        boolean hasPort = endpoint.matches(".*[^:]:\\d+") || endpoint.matches("\\[.*]:\\d+");
        return endpoint.isEmpty() || hasPort ? endpoint : endpoint + ":6443";
    }

    /** Fields of one ConfigMap that are not as Git says. */
    private record Differences(String map, NodeCode code, Findings findings) {

        void ranges(String field, JsonNode is, List<String> wanted) {
            List<String> ranges = Stream.of(is.asText("").split(",", -1))
                    .map(String::strip)
                    .filter(text -> !text.isEmpty())
                    .toList();
            if (!parsed(ranges).equals(parsed(wanted))) {
                tell(field, String.join(",", ranges), String.join(",", wanted), field + " " + FIXED);
            }
        }

        void text(String field, String is, String wanted, String wayOut) {
            if (!is.equals(wanted)) {
                tell(field, is, wanted, wayOut);
            }
        }

        private void tell(String field, String is, String wanted, String wayOut) {
            findings.ofCluster(
                    code,
                    Severity.WARNING,
                    "ConfigMap kube-system/" + map + " says " + field + " " + (is.isEmpty() ? "nothing" : is)
                            + ", and Git says " + wanted,
                    wayOut);
        }

        private static List<Optional<IPAddress>> parsed(List<String> ranges) {
            List<Optional<IPAddress>> parsed = new ArrayList<>();
            ranges.forEach(text -> parsed.add(Addresses.range(text)));
            return parsed;
        }
    }
}
