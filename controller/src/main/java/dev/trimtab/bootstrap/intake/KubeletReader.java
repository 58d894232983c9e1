package dev.trimtab.bootstrap.intake;

import static dev.trimtab.bootstrap.intake.IntakeCode.IMP004;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP009;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a {@code KubeletConfiguration}: what follows from other fields of a definition is taken there, the rest is its overlay. */
final class KubeletReader {

    /** What kubeadm and the kubelet's type fill in (Kubernetes documentation, "Kubelet Configuration"). */
    private static final Map<String, String> USUAL = Map.ofEntries(
            Map.entry("/authentication/anonymous/enabled", "false"),
            Map.entry("/authentication/webhook/enabled", "true"),
            Map.entry("/authentication/x509/clientCAFile", "/etc/kubernetes/pki/ca.crt"),
            Map.entry("/authorization/mode", "Webhook"),
            Map.entry("/healthzBindAddress", "127.0.0.1"),
            Map.entry("/healthzPort", "10248"),
            Map.entry("/logging/flushFrequency", "0"),
            Map.entry("/logging/verbosity", "0"),
            Map.entry("/logging/options/json/infoBufferSize", "0"),
            Map.entry("/logging/options/text/infoBufferSize", "0"),
            Map.entry("/resolvConf", "/run/systemd/resolve/resolv.conf"),
            Map.entry("/rotateCertificates", "true"));

    private static final int DNS_OFFSET = 10;

    private final ClusterDraft cluster;
    private final Findings findings;

    KubeletReader(ClusterDraft cluster, Findings findings) {
        this.cluster = cluster;
        this.findings = findings;
    }

    void read(Source source) {
        ObjectNode config = Drafts.object();
        source.names().stream()
                .filter(name -> !name.equals("apiVersion") && !name.equals("kind"))
                .forEach(name -> config.set(name, source.take(name).deepCopy()));
        followsFromElsewhere(source, config);
        if (!config.path("staticPodURLHeader").isEmpty()) {
            findings.warn(
                    IMP004,
                    source.place("staticPodURLHeader"),
                    "staticPodURLHeader may hold a password and is left out",
                    "set it on the machine");
        }
        config.remove("staticPodURLHeader");
        ObjectNode meant = Noise.without(config);
        Noise.remove(meant, USUAL);
        cluster.kubeletConfig = meant;
    }

    private void followsFromElsewhere(Source source, ObjectNode config) {
        Optional.ofNullable(config.remove("cgroupDriver"))
                .map(JsonNode::asText)
                .filter(driver -> !driver.isEmpty())
                .ifPresent(driver -> cluster.cgroupDriver = Optional.of(driver));
        swap(config);
        implied(
                source,
                config,
                "clusterDomain",
                value -> value.asText().equals(cluster.dnsDomain.orElse("cluster.local")));
        implied(source, config, "clusterDNS", this::isTheUsualDns);
        implied(source, config, "staticPodPath", value -> value.asText().equals("/etc/kubernetes/manifests"));
        JsonNode endpoint = config.remove("containerRuntimeEndpoint");
        if (endpoint != null
                && !endpoint.asText().isEmpty()
                && !endpoint.asText().endsWith("/containerd/containerd.sock")) {
            findings.warn(
                    IMP009,
                    source.place("containerRuntimeEndpoint"),
                    "containerRuntimeEndpoint names another container runtime than containerd; it is not carried over",
                    "Trimtab sets machines up with containerd: move the nodes to it, one at a time");
        }
    }

    private void swap(ObjectNode config) {
        JsonNode fail = config.remove("failSwapOn");
        JsonNode memory = config.remove("memorySwap");
        if (fail != null && fail.isBoolean() && !fail.booleanValue()) {
            boolean limited =
                    memory != null && memory.path("swapBehavior").asText().equals("LimitedSwap");
            cluster.swap = Optional.of(limited ? "limitedSwap" : "noSwap");
        }
    }

    @FunctionalInterface
    private interface Implied {
        boolean by(JsonNode value);
    }

    private void implied(Source source, ObjectNode config, String name, Implied implied) {
        JsonNode value = config.remove(name);
        if (value != null && !value.isNull() && !implied.by(value) && !(value.isContainerNode() && value.isEmpty())) {
            KubeadmReader.notCarried(findings, "KubeletConfiguration." + name, source.place(name));
        }
    }

    /** kubeadm gives the DNS Service the tenth address of the first Service network. */
    private boolean isTheUsualDns(JsonNode addresses) {
        IPAddress network = new IPAddressString(
                        cluster.serviceSubnets.isEmpty() ? "10.96.0.0/12" : cluster.serviceSubnets.get(0))
                .getAddress();
        if (network == null || addresses.size() != 1) {
            return false;
        }
        IPAddress usual = network.getLower().withoutPrefixLength().increment(DNS_OFFSET);
        return List.of(usual).contains(new IPAddressString(addresses.get(0).asText()).getAddress());
    }
}
