package dev.trimtab.bootstrap.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * What was read of a running cluster, as the API server gave it. No Secret is part of it.
 *
 * @param name what the kubeconfig calls it
 * @param version of its API server
 * @param kubeadmConfig ConfigMap {@code kube-system/kubeadm-config}
 * @param kubeletConfig ConfigMap {@code kube-system/kubelet-config}
 * @param kubeProxy ConfigMap {@code kube-system/kube-proxy}
 * @param flannelConfig flannel's ConfigMap, {@code kube-flannel-cfg}
 * @param flannelDaemonSet flannel's DaemonSet
 * @param kuboard Deployments in namespace kuboard and the ClusterRoleBindings of their accounts
 */
public record LiveCluster(
        String name,
        String version,
        Optional<ObjectNode> kubeadmConfig,
        Optional<ObjectNode> kubeletConfig,
        Optional<ObjectNode> kubeProxy,
        List<ObjectNode> nodes,
        Optional<ObjectNode> flannelConfig,
        Optional<ObjectNode> flannelDaemonSet,
        List<ObjectNode> kuboard) {

    public LiveCluster {
        nodes = List.copyOf(nodes);
        kuboard = List.copyOf(kuboard);
    }
}
