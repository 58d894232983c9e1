package dev.trimtab.bootstrap.intake;

import java.util.Set;

/** Which labels of nodes people set, and which Kubernetes and its add-ons do (Kubernetes documentation, "Well-Known Labels"). */
final class NodeLabels {

    private static final String ROLE = "node-role.kubernetes.io/";
    private static final Set<String> TOPOLOGY = Set.of("topology.kubernetes.io/region", "topology.kubernetes.io/zone");

    private static final Set<String> FROM_ELSEWHERE = Set.of(
            ROLE + "control-plane",
            ROLE + "master",
            ROLE + "worker",
            "kubernetes.io/hostname",
            "kubernetes.io/arch",
            "kubernetes.io/os",
            "beta.kubernetes.io/arch",
            "beta.kubernetes.io/os",
            "node.kubernetes.io/exclude-from-external-load-balancers");

    private NodeLabels() {}

    /** @param cloud whether a cloud's controller looks after the node: zones and regions are its own then */
    static boolean areDeclared(String key, boolean cloud) {
        if (followFromElsewhere(key)) {
            return false;
        }
        if (TOPOLOGY.contains(key)) {
            return !cloud;
        }
        int slash = key.indexOf('/');
        String domain = slash < 0 ? "" : key.substring(0, slash);
        boolean ofKubernetes = domain.matches("(.*\\.)?(kubernetes|k8s)\\.io");
        return !ofKubernetes || key.startsWith(ROLE) || domain.endsWith("node-restriction.kubernetes.io");
    }

    /** Set by the kubelet and kubeadm, or by the role in the inventory: nothing is lost when they are not written. */
    static boolean followFromElsewhere(String key) {
        return FROM_ELSEWHERE.contains(key)
                || key.equals("beta.kubernetes.io/instance-type")
                || key.equals("node.kubernetes.io/instance-type");
    }
}
