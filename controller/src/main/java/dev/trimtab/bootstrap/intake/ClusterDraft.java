package dev.trimtab.bootstrap.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** A Cluster document while its source is read; several documents of the source fill it. */
final class ClusterDraft {

    static final int API_PORT = 6443;

    Optional<String> name = Optional.empty();
    Optional<String> kubernetesVersion = Optional.empty();
    Optional<Endpoint> endpoint = Optional.empty();
    List<String> podSubnets = List.of();
    List<String> serviceSubnets = List.of();
    OptionalInt nodeMaskIPv4 = OptionalInt.empty();
    OptionalInt nodeMaskIPv6 = OptionalInt.empty();
    Optional<String> dnsDomain = Optional.empty();
    Optional<String> kubeProxyMode = Optional.empty();
    Optional<String> imageRepository = Optional.empty();
    Optional<String> pullPolicy = Optional.empty();
    Optional<String> containerdVersion = Optional.empty();
    Optional<String> cgroupDriver = Optional.empty();
    Optional<String> swap = Optional.empty();
    ObjectNode kubeletConfig = Drafts.object();
    final SortedMap<String, String> kubeletArgs = new TreeMap<>();
    final List<String> certSANs = new ArrayList<>();
    final SortedMap<String, String> timeouts = new TreeMap<>();
    Optional<String> encryptionAlgorithm = Optional.empty();
    final List<String> ignorePreflightErrors = new ArrayList<>();

    /** Host and port under which nodes reach the API server. */
    record Endpoint(String host, int port) {

        /** @param written {@code host}, {@code host:port} or {@code [address]:port} */
        static Optional<Endpoint> of(String written) {
            int colon = written.lastIndexOf(':');
            boolean bare = colon < 0 || (written.indexOf(':') != colon && !written.startsWith("["));
            if (bare || written.endsWith("]")) {
                return Optional.of(new Endpoint(unbracketed(written), API_PORT));
            }
            String port = written.substring(colon + 1);
            return port.matches("\\d{1,5}")
                    ? Optional.of(new Endpoint(unbracketed(written.substring(0, colon)), Integer.parseInt(port)))
                    : Optional.empty();
        }

        private static String unbracketed(String host) {
            return host.replaceAll("[\\[\\]]", "");
        }
    }

    /** @param drafts nodes whose addresses kubeadm puts into certificates by itself */
    ObjectNode document(List<NodeDraft> drafts) {
        ObjectNode document = Drafts.document("Cluster");
        document.putObject("metadata").put("name", name.orElse("kubernetes"));
        ObjectNode spec = document.putObject("spec");
        kubernetesVersion.ifPresent(version -> spec.put("kubernetesVersion", version));
        endpoint.ifPresent(one ->
                spec.putObject("controlPlaneEndpoint").put("host", one.host()).put("port", one.port()));
        spec.set("network", network());
        ObjectNode images = Drafts.object();
        Drafts.text(images, "repository", imageRepository, "registry.k8s.io");
        Drafts.text(images, "pullPolicy", pullPolicy, "IfNotPresent");
        Drafts.part(spec, "images", images);
        ObjectNode containerd = Drafts.object();
        Drafts.text(containerd, "version", containerdVersion, "");
        Drafts.text(containerd, "cgroupDriver", cgroupDriver, "systemd");
        Drafts.part(spec, "containerd", containerd);
        ObjectNode os = Drafts.object();
        Drafts.text(os, "swap", swap, "disabled");
        Drafts.part(spec, "os", os);
        ObjectNode kubelet = Drafts.object();
        Drafts.part(kubelet, "config", kubeletConfig);
        Drafts.map(kubelet, "extraArgs", kubeletArgs);
        Drafts.part(spec, "kubelet", kubelet);
        Drafts.part(spec, "kubeadm", kubeadm(drafts));
        return document;
    }

    private ObjectNode network() {
        ObjectNode network = Drafts.object();
        Drafts.texts(network, "podSubnets", podSubnets);
        if (!serviceSubnets.equals(List.of("10.96.0.0/12"))) {
            Drafts.texts(network, "serviceSubnets", serviceSubnets);
        }
        Drafts.number(network, "nodeCIDRMaskSizeIPv4", nodeMaskIPv4.orElse(24), 24);
        Drafts.number(network, "nodeCIDRMaskSizeIPv6", nodeMaskIPv6.orElse(64), 64);
        Drafts.text(network, "dnsDomain", dnsDomain, "cluster.local");
        Drafts.text(network, "kubeProxyMode", kubeProxyMode, "iptables");
        return network;
    }

    private ObjectNode kubeadm(List<NodeDraft> drafts) {
        ObjectNode kubeadm = Drafts.object();
        List<String> names = certSANs.stream()
                .distinct()
                .filter(name -> endpoint.filter(one -> one.host().equals(name)).isEmpty())
                .filter(name ->
                        drafts.stream().noneMatch(node -> node.controlPlane && node.address.equals(Optional.of(name))))
                .toList();
        Drafts.texts(kubeadm, "certSANs", names);
        Drafts.map(kubeadm, "timeouts", timeouts);
        Drafts.text(kubeadm, "encryptionAlgorithm", encryptionAlgorithm, "RSA-2048");
        Drafts.texts(
                kubeadm,
                "ignorePreflightErrors",
                ignorePreflightErrors.stream().distinct().toList());
        return kubeadm;
    }
}
