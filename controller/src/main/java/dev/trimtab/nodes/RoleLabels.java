package dev.trimtab.nodes;

import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.Inventory.Role;
import java.util.SortedMap;
import java.util.TreeMap;

/** Labels that stand for what a node runs. */
final class RoleLabels {

    static final String WORKER = "node-role.kubernetes.io/worker";
    static final String CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

    private RoleLabels() {}

    /**
     * What a node's labels have to hold. A kubelet may not set a role label of its own ({@code NodeRestriction}), so the worker's has to
     * come from here; the control plane's is kubeadm's, which sets it where it has made one.
     */
    static SortedMap<String, String> with(Inventory.Node node) {
        SortedMap<String, String> all = new TreeMap<>(node.labels());
        if (node.roles().contains(Role.WORKER)) {
            all.putIfAbsent(WORKER, "");
        }
        return all;
    }
}
