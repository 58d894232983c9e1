package dev.trimtab.definition;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

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
     * @param roles {@code worker} when none is written
     * @param groups names of groups whose labels and taints it carries too
     * @param labels its own, without those of its groups
     * @param taints its own, without those of its groups
     * @param schedulable false cordons the node; true
     * @param kubeletVersion differs from the cluster's only during an upgrade
     */
    public record Node(
            String name,
            String address,
            Set<Role> roles,
            Ssh ssh,
            String arch,
            List<String> groups,
            SortedMap<String, String> labels,
            List<Taint> taints,
            boolean schedulable,
            State state,
            Optional<String> kubeletVersion,
            Origin origin) {
        public Node {
            roles = Set.copyOf(roles);
            groups = List.copyOf(groups);
            taints = List.copyOf(taints);
        }
    }

    /** What a node runs. */
    public enum Role implements Choice {
        CONTROL_PLANE("control-plane"),
        WORKER("worker"),
        ETCD("etcd");

        private final String written;

        Role(String written) {
            this.written = written;
        }

        @Override
        public String written() {
            return written;
        }
    }

    /** Whether the node should be there. Taking its entry out of the inventory is not a removal. */
    public enum State implements Choice {
        PRESENT("present"),
        REMOVED("removed"),
        IGNORED("ignored");

        private final String written;

        State(String written) {
            this.written = written;
        }

        @Override
        public String written() {
            return written;
        }
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
