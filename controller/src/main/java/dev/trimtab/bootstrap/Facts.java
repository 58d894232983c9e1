package dev.trimtab.bootstrap;

import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Cluster.ConfigVersion;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Flannel;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.KubeadmPatch;
import dev.trimtab.definition.Minor;
import dev.trimtab.definition.VersionMatrix;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What several files follow from.
 *
 * @param nodes that should be part of the cluster, with the labels and taints of their groups
 * @param first the control-plane node that the cluster begins with
 * @param minor of Kubernetes
 * @param pauseImage that kubeadm expects and pulls
 * @param sandboxImage of every pod; the same unless the definition says otherwise
 * @param patches for kubeadm
 * @param containerdVersion empty when the distribution decides
 * @param configVersion of containerd's configuration file
 */
record Facts(
        Cluster cluster,
        List<Inventory.Node> nodes,
        Inventory.Node first,
        Optional<Flannel> flannel,
        Minor minor,
        String kubeadmApi,
        String pauseImage,
        String sandboxImage,
        List<KubeadmPatch> patches,
        Optional<String> containerdVersion,
        int configVersion) {

    /** containerd of every version reads it, and converts it. */
    private static final int OLDEST_CONFIG = 2;

    Facts {
        nodes = List.copyOf(nodes);
        patches = List.copyOf(patches);
    }

    static Facts of(Definition definition, Cluster cluster, List<Inventory.Node> nodes, Inventory.Node first) {
        VersionMatrix versions = definition.versions();
        VersionMatrix.Kubernetes kubernetes = versions.forKubernetes(cluster.kubernetesVersion())
                .orElseThrow(() ->
                        new IllegalArgumentException(cluster.kubernetesVersion() + " is not in the version matrix"));
        String pause = cluster.images().repository() + "/pause:" + kubernetes.pause();
        return new Facts(
                cluster,
                nodes,
                first,
                definition.addons().stream()
                        .filter(Flannel.class::isInstance)
                        .map(Flannel.class::cast)
                        .findFirst(),
                kubernetes.minor(),
                kubernetes.kubeadmApi(),
                pause,
                cluster.images().sandbox().orElse(pause),
                definition.kubeadmPatches(),
                cluster.containerd().version(),
                configVersion(cluster.containerd(), versions, kubernetes));
    }

    private static int configVersion(
            Cluster.Containerd written, VersionMatrix versions, VersionMatrix.Kubernetes kubernetes) {
        if (written.configVersion() != ConfigVersion.AUTO) {
            return Integer.parseInt(written.configVersion().written());
        }
        if (written.version().isEmpty() && written.source() != Cluster.ContainerdSource.CONTAINERD_IO) {
            return OLDEST_CONFIG;
        }
        return written.version()
                .or(() -> kubernetes.containerd().stream()
                        .max(Comparator.comparing(version -> Minor.of(version).orElseThrow())))
                .flatMap(versions::configVersion)
                .orElse(OLDEST_CONFIG);
    }

    /** What a node's kubelet runs, for instance {@code 1.36.4}: the cluster's version but during an upgrade. */
    static String kubeletVersion(Inventory.Node node, Cluster cluster) {
        return node.kubeletVersion().orElse(cluster.kubernetesVersion()).replaceFirst("^v", "");
    }

    /** That a node of this role has a use for. */
    List<KubeadmPatch> patches(boolean controlPlane) {
        return patches.stream()
                .filter(patch -> controlPlane || patch.ofWorkers())
                .toList();
    }

    boolean isDualStack() {
        return cluster.network().podSubnets().size() > 1;
    }

    boolean hasIpv6() {
        return cluster.network().podSubnets().stream().anyMatch(subnet -> subnet.contains(":"));
    }

    List<Inventory.Node> controlPlanes() {
        return nodes.stream().filter(Inventory.Node::isControlPlane).toList();
    }

    Optional<Flannel.BackendType> backend() {
        return flannel.map(network -> network.backend().type());
    }

    /** Where the API server of a control-plane node listens. Behind a balancer the endpoint's port may be another. */
    int bindPort() {
        return controlPlanes().size() == 1
                ? cluster.controlPlaneEndpoint().map(Cluster.Endpoint::port).orElse(6443)
                : 6443;
    }

    /** Host and port under which every node reaches the API server. */
    String endpoint() {
        return cluster.controlPlaneEndpoint()
                .map(endpoint -> hostPort(endpoint.host(), endpoint.port()))
                .orElse(hostPort(first.address(), bindPort()));
    }

    private static String hostPort(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
