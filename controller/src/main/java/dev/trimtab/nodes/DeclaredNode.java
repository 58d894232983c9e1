package dev.trimtab.nodes;

import dev.trimtab.definition.Inventory.Role;
import dev.trimtab.definition.Inventory.State;
import dev.trimtab.definition.Inventory.Taint;
import dev.trimtab.definition.Position;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What Git says of one node, with what its groups add.
 *
 * @param labels without those that stand for roles
 * @param taints at most one of a key and an effect
 * @param kubeletVersion where it differs from the cluster's for the time of an upgrade
 */
public record DeclaredNode(
        String name,
        String address,
        Set<Role> roles,
        String architecture,
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        List<Taint> taints,
        boolean schedulable,
        State state,
        Optional<String> kubeletVersion,
        Optional<Position> origin) {

    static final String WORKER_LABEL = "node-role.kubernetes.io/worker";
    static final String CONTROL_PLANE_LABEL = "node-role.kubernetes.io/control-plane";

    public DeclaredNode {
        roles = Set.copyOf(roles);
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
        taints = List.copyOf(taints);
    }

    /**
     * What the node's labels have to hold. A kubelet may not set a role label of its own ({@code NodeRestriction}), so the worker's has
     * to come from here; the control plane's is kubeadm's, which sets it where it has made one.
     */
    SortedMap<String, String> labelsWithRole() {
        SortedMap<String, String> all = new TreeMap<>(labels);
        if (roles.contains(Role.WORKER)) {
            all.putIfAbsent(WORKER_LABEL, "");
        }
        return all;
    }

    boolean isControlPlane() {
        return roles.contains(Role.CONTROL_PLANE) || roles.contains(Role.ETCD);
    }

    static String text(Taint taint) {
        return taint.key() + (taint.value().isEmpty() ? "" : "=" + taint.value()) + ":"
                + taint.effect().written();
    }
}
