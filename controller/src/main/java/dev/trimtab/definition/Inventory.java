package dev.trimtab.definition;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All documents of kind {@code Inventory} ({@code cluster.trimtab.dev/v1alpha1}) together: the machines of the cluster.
 * A document's {@code defaults} reach only the nodes of the same document and are already part of them here.
 */
public record Inventory(List<Group> groups, List<Node> nodes) {

    public static final Inventory EMPTY = new Inventory(List.of(), List.of());

    public Inventory {
        groups = List.copyOf(groups);
        nodes = List.copyOf(nodes);
    }

    /**
     * The nodes as the cluster should see them: labels and taints of their groups are part of their own. A label of the node itself
     * wins over its groups', a later group over an earlier one; a taint is there once.
     */
    public List<Node> effectiveNodes() {
        return nodes.stream().map(this::effective).toList();
    }

    /** One node of {@link #effectiveNodes()}. */
    public Node effective(Node node) {
        SortedMap<String, String> labels = new TreeMap<>();
        Set<Taint> taints = new LinkedHashSet<>();
        groupsOf(node).forEach(group -> {
            labels.putAll(group.labels());
            taints.addAll(group.taints());
        });
        labels.putAll(node.labels());
        taints.addAll(node.taints());
        return new Node(
                node.name(),
                node.address(),
                node.prefixLength(),
                node.roles(),
                node.ssh(),
                node.arch(),
                node.groups(),
                labels,
                node.annotations(),
                List.copyOf(taints),
                node.schedulable(),
                node.state(),
                node.kubeletVersion(),
                node.osImage(),
                node.kernelVersion(),
                node.origin());
    }

    /** In the order in which the node names them; names that mean nothing are left out. */
    public List<Group> groupsOf(Node node) {
        return node.groups().stream()
                .flatMap(name -> groups.stream().filter(group -> group.name().equals(name)))
                .toList();
    }

    /** Labels and taints that several nodes share. */
    public record Group(String name, SortedMap<String, String> labels, List<Taint> taints, Origin origin) {
        public Group {
            taints = List.copyOf(taints);
        }
    }

    /**
     * One machine.
     *
     * @param name the Node object's name
     * @param address the node's InternalIP: what the kubelet registers with
     * @param prefixLength of the network that the address is part of
     * @param roles {@code worker} when none is written
     * @param groups names of groups whose labels and taints it carries too
     * @param labels its own, without those of its groups
     * @param annotations of the Node object
     * @param taints its own, without those of its groups
     * @param schedulable false cordons the node; true
     * @param kubeletVersion differs from the cluster's only during an upgrade
     * @param osImage as the kubelet reports it; told when it differs
     * @param kernelVersion as the kubelet reports it; told when it differs
     */
    public record Node(
            String name,
            String address,
            OptionalInt prefixLength,
            Set<Role> roles,
            Ssh ssh,
            String arch,
            List<String> groups,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            List<Taint> taints,
            boolean schedulable,
            State state,
            Optional<String> kubeletVersion,
            Optional<String> osImage,
            Optional<String> kernelVersion,
            Origin origin) {
        public Node {
            roles = Set.copyOf(roles);
            groups = List.copyOf(groups);
            taints = List.copyOf(taints);
        }

        /** Whether it should be part of the cluster: neither removed nor known to be away. */
        public boolean isPresent() {
            return state == State.PRESENT;
        }

        public boolean isControlPlane() {
            return roles.contains(Role.CONTROL_PLANE);
        }

        /** Where its SSH server listens. */
        public String sshAddress() {
            return ssh.address().orElse(address);
        }
    }

    /** What a node runs. */
    public enum Role implements Choice {
        CONTROL_PLANE,
        WORKER,
        ETCD
    }

    /** Whether the node should be there. Taking its entry out of the inventory is not a removal. */
    public enum State implements Choice {
        PRESENT,
        REMOVED,
        IGNORED
    }

    /**
     * How the machine is reached.
     *
     * @param address empty means the node's own address
     * @param user {@code root}
     * @param port 22
     * @param sudo whether commands are run through sudo; true
     * @param hostKey the key that the machine must show, as a line of {@code known_hosts} without the host
     */
    public record Ssh(
            Optional<String> address,
            String user,
            int port,
            Optional<SecretRef> keySecretRef,
            boolean sudo,
            Optional<String> hostKey) {}

    /** As in a Node's {@code spec.taints}. */
    public record Taint(String key, String value, Effect effect) {}

    /** What a taint does to pods that do not tolerate it. */
    public enum Effect implements Choice {
        NO_SCHEDULE("NoSchedule"),
        PREFER_NO_SCHEDULE("PreferNoSchedule"),
        NO_EXECUTE("NoExecute");

        private final String written;

        Effect(String written) {
            this.written = written;
        }

        @Override
        public String written() {
            return written;
        }
    }
}
