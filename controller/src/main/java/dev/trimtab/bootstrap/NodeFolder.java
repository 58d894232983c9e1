package dev.trimtab.bootstrap;

import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Cluster.KubeProxyMode;
import dev.trimtab.definition.Flannel.BackendType;
import dev.trimtab.definition.Inventory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that one machine needs, to be copied there as a whole: files under {@code etc} as they lie there, and scripts. */
final class NodeFolder {

    private static final String BEGIN = "# BEGIN trimtab";
    private static final String END = "# END trimtab";

    private final Facts facts;
    private final Cluster cluster;
    private final Inventory.Node node;
    private final KubeadmConfig kubeadm;
    private final Images images;
    private final ContainerdConfig containerd;
    private final AptFiles apt;

    NodeFolder(Facts facts, Inventory.Node node, KubeadmConfig kubeadm, Images images) {
        this.facts = facts;
        this.cluster = facts.cluster();
        this.node = node;
        this.kubeadm = kubeadm;
        this.images = images;
        this.containerd = new ContainerdConfig(facts);
        this.apt = new AptFiles(facts, node);
    }

    FileTree render() {
        SortedMap<String, String> files = new TreeMap<>(apt.files());
        files.put("etc/containerd/config.toml", containerd.config());
        containerd.certs().forEach((path, text) -> files.put("etc/containerd/certs.d/" + path, text));
        facts.patches(node.isControlPlane())
                .forEach(patch -> files.put(KubeadmConfig.PATCHES.substring(1) + "/" + patch.name(), patch.text()));
        files.put("etc/crictl.yaml", crictl());
        files.put("etc/modules-load.d/k8s.conf", modules());
        files.put("etc/sysctl.d/99-kubernetes.conf", sysctl());
        timeFile().ifPresent(file -> files.put(file, time()));
        if (cluster.hosts().manage()) {
            files.put("hosts.block", hostsBlock());
        }
        files.put("ports.txt", new Ports(facts, node).text());
        files.put("kubeadm-join.yaml.tmpl", kubeadm.join(Optional.of(node), node.isControlPlane()));
        if (node.equals(facts.first())) {
            files.put("kubeadm-init.yaml", kubeadm.init());
        }
        files.put("prepare.sh", Script.PREPARE.with(prepareSettings()));
        files.put("join.sh", Script.JOIN.with(joinSettings()).replace("@TTL@", ttl()));
        files.put("verify.sh", Script.VERIFY.with(verifySettings()));
        return new FileTree(files).withManifest();
    }

    private static String crictl() {
        return Text.header("#", "Without it crictl tries one socket after the other.") + """
                runtime-endpoint: unix:///run/containerd/containerd.sock
                image-endpoint: unix:///run/containerd/containerd.sock
                timeout: 10
                """;
    }

    private String modules() {
        Set<String> modules = new LinkedHashSet<>(List.of("overlay", "br_netfilter"));
        if (facts.backend().equals(Optional.of(BackendType.VXLAN))) {
            modules.add("vxlan");
        } else if (facts.backend().equals(Optional.of(BackendType.WIREGUARD))) {
            modules.add("wireguard");
        }
        if (cluster.network().kubeProxyMode() == KubeProxyMode.IPVS) {
            modules.addAll(List.of("ip_vs", "ip_vs_rr", "ip_vs_wrr", "ip_vs_sh", "nf_conntrack"));
        }
        modules.addAll(cluster.os().kernelModules());
        return Text.header(
                        "#",
                        "Loaded at boot: the container runtime's file system, bridged packets through the packet filter, and what",
                        "the pod network and kube-proxy need.")
                + String.join("\n", modules) + "\n";
    }

    private String sysctl() {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("net.bridge.bridge-nf-call-iptables", "1");
        settings.put("net.bridge.bridge-nf-call-ip6tables", "1");
        settings.put("net.ipv4.ip_forward", "1");
        if (facts.hasIpv6()) {
            settings.put("net.ipv6.conf.all.forwarding", "1");
        }
        settings.putAll(cluster.os().sysctl());
        return Text.header(
                        "#",
                        "Packets of pods are forwarded, and those that cross a bridge pass the packet filter, where Services are.")
                + settings.entrySet().stream()
                        .map(setting -> setting.getKey() + " = " + setting.getValue() + "\n")
                        .collect(Collectors.joining());
    }

    /** Empty when the definition names no time source: then the machine keeps what its distribution chose. */
    private Optional<String> timeFile() {
        if (cluster.time().servers().isEmpty() && cluster.time().pools().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (cluster.time().provider()) {
                    case CHRONY -> "etc/chrony/conf.d/50-cluster.conf";
                    case TIMESYNCD -> "etc/systemd/timesyncd.conf.d/50-cluster.conf";
                });
    }

    private String time() {
        Cluster.Time time = cluster.time();
        String why = Text.header("#", "Certificates and tokens are good for a time only: all nodes must agree on it.");
        return switch (time.provider()) {
            case CHRONY ->
                why
                        + time.servers().stream()
                                .map(server -> "server " + server + " iburst\n")
                                .collect(Collectors.joining())
                        + time.pools().stream()
                                .map(pool -> "pool " + pool + " iburst\n")
                                .collect(Collectors.joining());
            case TIMESYNCD ->
                why + "[Time]\nNTP="
                        + Stream.concat(time.servers().stream(), time.pools().stream())
                                .collect(Collectors.joining(" "))
                        + "\n";
        };
    }

    private String hostsBlock() {
        StringBuilder text = new StringBuilder(BEGIN + "\n");
        text.append("# The nodes find each other also without DNS. Pods do not read this file.\n");
        facts.nodes()
                .forEach(one -> text.append(one.address())
                        .append(' ')
                        .append(one.name())
                        .append('\n'));
        cluster.hosts()
                .extra()
                .forEach(entry -> text.append(entry.ip())
                        .append(' ')
                        .append(String.join(" ", entry.names()))
                        .append('\n'));
        return text.append(END).append('\n').toString();
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        if (cluster.hosts().manage()) {
            facts.nodes().forEach(one -> names.add(one.name()));
        }
        cluster.controlPlaneEndpoint().ifPresent(endpoint -> names.add(endpoint.host()));
        return names;
    }

    private Map<String, String> prepareSettings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("NODE", node.name());
        settings.put("KUBERNETES_VERSION", Facts.kubeletVersion(node, cluster));
        settings.put("KUBERNETES_KEY_URL", apt.kubernetesKeyUrl());
        settings.put(
                "KUBERNETES_KEY_FINGERPRINT", fingerprint(cluster.packages().kubernetes()));
        settings.put("CONTAINERD_PACKAGE", apt.containerdPackage());
        settings.put("CONTAINERD_VERSION", facts.containerdVersion().orElse(""));
        settings.put("CONTAINERD_KEY_URL", apt.containerdKeyUrl());
        settings.put(
                "CONTAINERD_KEY_FINGERPRINT", fingerprint(cluster.packages().containerd()));
        settings.put(
                "CONFLICTS", apt.usesDockersPackage() ? "docker.io docker-compose podman-docker containerd runc" : "");
        settings.put("HOLD", String.valueOf(cluster.packages().hold()));
        settings.put("SWAP", cluster.os().swap().written());
        settings.put("FIREWALL", cluster.os().firewall().written());
        boolean chrony = cluster.time().provider() == Cluster.TimeProvider.CHRONY;
        settings.put("TIME_PACKAGE", chrony ? "chrony" : "systemd-timesyncd");
        settings.put("TIME_SERVICE", chrony ? "chrony" : "systemd-timesyncd");
        settings.put("TIME_FILE", timeFile().map(file -> "/" + file).orElse(""));
        return settings;
    }

    private static String fingerprint(Cluster.PackageSource source) {
        return source.keyFingerprint().orElse("").replace(" ", "").toUpperCase(Locale.ROOT);
    }

    private Map<String, String> joinSettings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("NODE", node.name());
        settings.put("CONTROL_PLANE", String.valueOf(node.isControlPlane()));
        return settings;
    }

    private Map<String, String> verifySettings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("NODE", node.name());
        settings.put("KUBERNETES_VERSION", Facts.kubeletVersion(node, cluster));
        settings.put("CONTAINERD_VERSION", facts.containerdVersion().orElse(""));
        settings.put("SANDBOX_IMAGE", facts.sandboxImage());
        settings.put("SYSTEMD_CGROUP", String.valueOf(containerd.isSystemd()));
        settings.put("SWAP", cluster.os().swap().written());
        settings.put("CA_FILES", String.join(" ", containerd.caFiles()));
        settings.put("NAMES", String.join(" ", names()));
        settings.put("IMAGES", String.join(" ", images.kubeadm()));
        return settings;
    }

    private String ttl() {
        return cluster.tokens().ttl().toMinutes() + "m";
    }
}
