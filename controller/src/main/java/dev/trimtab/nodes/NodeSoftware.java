package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Cluster.Swap;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.Minor;
import dev.trimtab.definition.VersionMatrix;
import dev.trimtab.definition.Versions;
import dev.trimtab.nodes.Surroundings.Component;
import java.util.List;
import java.util.Optional;
import org.semver4j.Semver;

/** Versions of what runs on nodes, against each other and against Git. Kubernetes' version skew policy is the measure. */
final class NodeSoftware {

    private static final String CONTAINERD = "containerd://";
    private static final int OLDEST_KUBELET = 3;
    private static final Minor REPORTS_SWAP = new Minor(1, 34);

    private NodeSoftware() {}

    static void check(
            LiveNode node, Inventory.Node declared, DeclaredNodes all, String serverVersion, Findings findings) {
        kubelet(node, declared, all.cluster(), serverVersion, findings);
        all.cluster().ifPresent(is -> {
            runtime(node, is, all.versions(), findings);
            swap(node, is, findings);
        });
        platform(node, "architecture", Optional.of(declared.arch()), "arch", findings);
        platform(node, "osImage", declared.osImage(), "osImage", findings);
        platform(node, "kernelVersion", declared.kernelVersion(), "kernelVersion", findings);
    }

    private static void platform(
            LiveNode node, String reported, Optional<String> declared, String field, Findings findings) {
        String is = node.info(reported).asText("");
        declared.filter(wanted -> !is.isEmpty() && !is.equals(wanted))
                .ifPresent(wanted -> findings.of(
                        node.name(),
                        NodeCode.PLATFORM_DIFFERS,
                        Severity.INFO,
                        reported + " is " + is + ", and the inventory says " + wanted,
                        "write " + field + ": " + is + " for it, or bring the machine to what is written"));
    }

    private static void kubelet(
            LiveNode node,
            Inventory.Node declared,
            Optional<Cluster> cluster,
            String serverVersion,
            Findings findings) {
        Optional<Semver> is = Versions.parse(node.kubeletVersion());
        Optional<Semver> server = Versions.parse(serverVersion);
        if (is.isEmpty() || server.isEmpty()) {
            return;
        }
        int ahead = Minor.of(is.get()).ahead(Minor.of(server.get()));
        if (ahead > 0) {
            findings.of(
                    node.name(),
                    NodeCode.SKEW_FORBIDDEN,
                    Severity.CRITICAL,
                    "kubelet " + node.kubeletVersion() + " is newer than the API server " + serverVersion,
                    "upgrade the control plane first, or bring the kubelet back to " + Minor.of(server.get()));
        } else if (-ahead > OLDEST_KUBELET) {
            findings.of(
                    node.name(),
                    NodeCode.SKEW_TOO_OLD,
                    Severity.CRITICAL,
                    "kubelet " + node.kubeletVersion() + " is more than " + OLDEST_KUBELET
                            + " minor versions older than the API server " + serverVersion,
                    "upgrade the node, one minor version after the other");
        } else {
            Optional<String> wanted = declared.kubeletVersion().or(() -> cluster.map(Cluster::kubernetesVersion));
            wanted.filter(version -> Versions.parse(version)
                            .filter(semver -> !semver.equals(is.get()))
                            .isPresent())
                    .ifPresent(
                            version -> findings.of(
                                    node.name(),
                                    NodeCode.UPGRADE_PENDING,
                                    Severity.WARNING,
                                    "kubelet " + node.kubeletVersion() + ", and Git says " + version,
                                    "bring the machine's kubelet to " + version
                                            + "; while an upgrade goes node by node, write kubeletVersion for those that wait"));
        }
    }

    private static void runtime(LiveNode node, Cluster cluster, VersionMatrix versions, Findings findings) {
        String runtime = node.info("containerRuntimeVersion").asText("");
        if (runtime.isEmpty()) {
            return;
        }
        if (!runtime.startsWith(CONTAINERD)) {
            findings.of(
                    node.name(),
                    NodeCode.RUNTIME_WRONG,
                    Severity.WARNING,
                    "it runs " + runtime + ", not containerd",
                    "set the node up anew with the files that trimtab bootstrap render makes");
            return;
        }
        String is = runtime.substring(CONTAINERD.length());
        Optional<Semver> running = Versions.parse(is);
        versions.forKubernetes(cluster.kubernetesVersion())
                .filter(line -> running.filter(version -> !line.allows(version)).isPresent())
                .ifPresent(line -> findings.of(
                        node.name(),
                        NodeCode.RUNTIME_OUTDATED,
                        Severity.WARNING,
                        "containerd " + is + " is not supported with Kubernetes " + cluster.kubernetesVersion()
                                + " (needs " + line.containerdWords() + ")",
                        "upgrade containerd on the machine"));
        Optional<Semver> wanted = cluster.containerd().version().flatMap(Versions::parse);
        if (wanted.isPresent() && running.isPresent() && !wanted.equals(running)) {
            findings.of(
                    node.name(),
                    NodeCode.RUNTIME_DIFFERS,
                    Severity.WARNING,
                    "containerd " + is + ", and Git says " + wanted.get().getVersion(),
                    "bring the machine's containerd to the declared version, or change containerd.version");
        }
    }

    private static void swap(LiveNode node, Cluster cluster, Findings findings) {
        if (cluster.os().swap() != Swap.DISABLED) {
            return;
        }
        JsonNode capacity = node.info("swap").path("capacity");
        if (node.kubeletVersion().isEmpty()) {
            // Its kubelet has not reported anything yet, which is told already.
            return;
        }
        if (capacity.isMissingNode() && !reportsSwap(node.kubeletVersion())) {
            findings.of(
                    node.name(),
                    NodeCode.SWAP_UNKNOWN,
                    Severity.INFO,
                    "kubelet " + node.kubeletVersion() + " is too old to report whether the node has swap",
                    "look on the machine: swapon --show prints nothing when there is none");
        } else if (capacity.asLong() > 0) {
            findings.of(
                    node.name(),
                    NodeCode.SWAP_ON,
                    Severity.WARNING,
                    "it has " + capacity.asLong() + " bytes of swap, and os.swap is disabled",
                    "swapoff -a, and take the swap line out of /etc/fstab");
        }
    }

    /** Such a kubelet leaves the field out where there is no swap; a zero would be refused. The gate NodeSwap cannot be switched off any more. */
    private static boolean reportsSwap(String kubelet) {
        return Versions.parse(kubelet)
                .map(version -> Minor.of(version).ahead(REPORTS_SWAP) >= 0)
                .orElse(false);
    }

    /** Kubernetes lets API servers be one minor version apart, and what works for them at most one older than the oldest of them. */
    static void controlPlane(List<Component> components, Findings findings) {
        record Placed(Component component, Semver version) {}
        List<Placed> placed = components.stream()
                .flatMap(component ->
                        Versions.parse(component.version()).map(version -> new Placed(component, version)).stream())
                .toList();
        List<Placed> servers = placed.stream()
                .filter(one -> one.component().name().equals("kube-apiserver"))
                .toList();
        Optional<Placed> oldest = servers.stream().min((a, b) -> a.version().compareTo(b.version()));
        if (oldest.isEmpty()) {
            return;
        }
        String finish = "finish the upgrade: kubeadm upgrade node on the control-plane node that is behind";
        for (Placed one : placed) {
            int ahead = Minor.of(one.version()).ahead(Minor.of(oldest.get().version()));
            boolean server = one.component().name().equals("kube-apiserver");
            boolean worker = List.of("kube-controller-manager", "kube-scheduler")
                    .contains(one.component().name());
            if ((server && ahead > 1) || (worker && (ahead > 0 || ahead < -1))) {
                findings.of(
                        one.component().node(),
                        NodeCode.CONTROL_PLANE_SKEW,
                        Severity.CRITICAL,
                        one.component().name() + " " + one.component().version() + " and kube-apiserver "
                                + oldest.get().component().version() + " on "
                                + oldest.get().component().node() + " are further apart than Kubernetes allows",
                        finish);
            }
        }
    }
}
