package dev.trimtab.bootstrap.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was read of a running cluster, as the API server gave it. No Secret is part of it.
 *
 * @param name what the kubeconfig calls it
 * @param version of its API server
 * @param kubeadmConfig ConfigMap {@code kube-system/kubeadm-config}
 * @param kubeletConfig ConfigMap {@code kube-system/kubelet-config}
 * @param kubeProxy ConfigMap {@code kube-system/kube-proxy}
 * @param flannelConfig the ConfigMap that the first flannel reads
 * @param kuboard Deployments in namespace kuboard and the ClusterRoleBindings of their accounts
 * @param forbidden what may not be read, as people are told it; it is empty above
 */
public record LiveCluster(
        String name,
        String version,
        Optional<ObjectNode> kubeadmConfig,
        Optional<ObjectNode> kubeletConfig,
        Optional<ObjectNode> kubeProxy,
        List<ObjectNode> nodes,
        PodNetworks podNetworks,
        Optional<ObjectNode> flannelConfig,
        List<ObjectNode> kuboard,
        Set<String> forbidden) {

    /** How people are told of what is read. */
    public static final String KUBEADM_CONFIG = "ConfigMap kube-system/kubeadm-config";

    public static final String KUBELET_CONFIG = "ConfigMap kube-system/kubelet-config";
    public static final String KUBE_PROXY = "ConfigMap kube-system/kube-proxy";
    public static final String DAEMON_SETS = "the DaemonSets";
    public static final String KUBOARD = "the Deployments in namespace kuboard";
    public static final String ROLE_BINDINGS = "the ClusterRoleBindings";

    public LiveCluster {
        nodes = List.copyOf(nodes);
        kuboard = List.copyOf(kuboard);
        forbidden = Set.copyOf(forbidden);
    }
}
