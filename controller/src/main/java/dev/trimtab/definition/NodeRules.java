package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD001;
import static dev.trimtab.definition.DefinitionCode.CD003;
import static dev.trimtab.definition.DefinitionCode.CD020;
import static dev.trimtab.definition.DefinitionCode.CD021;
import static dev.trimtab.definition.DefinitionCode.CD022;
import static dev.trimtab.definition.DefinitionCode.CD023;
import static dev.trimtab.definition.DefinitionCode.CD024;
import static dev.trimtab.definition.DefinitionCode.CD044;
import static dev.trimtab.definition.DefinitionCode.DEF003;

import dev.trimtab.definition.Inventory.Node;
import dev.trimtab.definition.Inventory.Role;
import inet.ipaddr.IPAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.semver4j.Semver;

/** The machines: names, addresses, roles, and how they are reached. */
final class NodeRules {

    private static final Pattern DNS_SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private static final int LONGEST_NAME = 253;

    /** What kubeadm's printed example calls the machine. */
    private static final String PLACEHOLDER = "node";

    /** Kubelets may be this many minors older than the API server. */
    private static final int SKEW = 3;

    private final Parts parts;
    private final List<Node> nodes;
    private final Problems problems;

    private NodeRules(Parts parts, Problems problems) {
        this.parts = parts;
        this.nodes = parts.inventory().nodes();
        this.problems = problems;
    }

    static void check(Parts parts, Problems problems) {
        new NodeRules(parts, problems).check();
    }

    private void check() {
        nodes.forEach(this::name);
        Rules.unique(
                nodes.stream().filter(node -> !node.name().isEmpty()),
                Node::name,
                node -> node.origin().at(),
                (name, first, second) -> problems.error(
                        CD021,
                        second,
                        "node \"" + name + "\" is defined twice: " + Rules.place(first) + " and " + Rules.place(second),
                        "keep one of the two, or rename one"));
        nodes.forEach(this::address);
        uniqueAddresses();
        uniqueSshAddresses();
        controlPlanes();
        groups();
        parts.cluster().ifPresent(this::againstCluster);
    }

    private void name(Node node) {
        String name = node.name();
        Position at = node.origin().at("/name");
        if (name.length() > LONGEST_NAME) {
            problems.error(
                    CD020,
                    at,
                    "node name of " + name.length() + " characters; at most " + LONGEST_NAME + " are possible",
                    "shorten it");
        } else if (!name.isEmpty() && !DNS_SUBDOMAIN.matcher(name).matches()) {
            problems.error(
                    CD020,
                    at,
                    "node name \"" + name + "\" must be lower-case RFC 1123",
                    "use lower-case letters, digits, - and ., for instance k8s-node1");
        }
        if (name.equals(PLACEHOLDER)) {
            problems.warn(
                    CD020,
                    at,
                    "\"node\" is kubeadm's placeholder name; set the real host name",
                    "write the machine's host name");
        }
    }

    private void address(Node node) {
        if (node.address().isEmpty()) {
            return;
        }
        Position at = node.origin().at("/address");
        String subject = "node " + node.name() + " address " + node.address();
        Optional<IPAddress> address = Addresses.address(node.address());
        if (address.isEmpty()) {
            problems.error(CD024, at, subject + " is no IP address", "write an address such as 192.168.16.201");
            return;
        }
        if (Addresses.unreachable(address.get()).isPresent()) {
            problems.error(
                    CD024,
                    at,
                    subject + " is not reachable from other nodes",
                    "write the address by which the other nodes reach it");
        }
        parts.cluster()
                .flatMap(Cluster::controlPlaneEndpoint)
                .flatMap(endpoint -> Addresses.address(endpoint.host()))
                .filter(address.get()::equals)
                .filter(virtual -> !isOnlyControlPlane(node))
                .ifPresent(virtual -> problems.error(
                        CD024,
                        at,
                        subject + " is the controlPlaneEndpoint too, which must outlive every node",
                        "give controlPlaneEndpoint an address of its own, or a name"));
    }

    /** Without a second one, the address of the control plane may be its machine's. */
    private boolean isOnlyControlPlane(Node node) {
        return node.isControlPlane()
                && nodes.stream().filter(Node::isControlPlane).count() == 1;
    }

    private void uniqueAddresses() {
        Map<IPAddress, Node> seen = new HashMap<>();
        for (Node node : nodes) {
            Addresses.address(node.address())
                    .flatMap(address -> Optional.ofNullable(seen.putIfAbsent(address, node)))
                    .ifPresent(first -> twice("address " + node.address(), first, node, "/address"));
        }
    }

    /** Where nothing else is written, machines are reached at their own address, which is compared already. */
    private void uniqueSshAddresses() {
        Map<String, Node> seen = new HashMap<>();
        for (Node node : nodes) {
            String reached = Addresses.address(node.sshAddress())
                            .map(IPAddress::toCanonicalString)
                            .orElse(node.sshAddress())
                    + ":" + node.ssh().port();
            Optional.ofNullable(seen.putIfAbsent(reached, node))
                    .filter(first -> first.ssh().address().isPresent()
                            || node.ssh().address().isPresent())
                    .ifPresent(first -> twice("ssh address " + reached, first, node, "/ssh/address"));
        }
    }

    private void twice(String subject, Node first, Node second, String pointer) {
        problems.error(
                CD022,
                second.origin().at(pointer),
                subject + " is used by " + first.name() + " ("
                        + Rules.place(first.origin().at(pointer)) + ") and " + second.name() + " ("
                        + Rules.place(second.origin().at(pointer)) + ")",
                "correct one of the two");
    }

    private void controlPlanes() {
        List<Node> present = nodes.stream().filter(Node::isPresent).toList();
        for (Node node : present) {
            if (node.roles().contains(Role.ETCD) && !node.isControlPlane()) {
                problems.error(
                        CD023,
                        node.origin().at("/roles"),
                        "node " + node.name() + " has role etcd without control-plane; etcd runs on control-plane"
                                + " nodes only",
                        "write control-plane, or take etcd out");
            }
        }
        long count = present.stream().filter(Node::isControlPlane).count();
        if (nodes.isEmpty()) {
            return;
        }
        Position at = nodes.get(0).origin().at();
        if (count == 0) {
            problems.error(CD023, at, "no node has role control-plane", "write roles: [control-plane] on one node");
        } else if (count % 2 == 0) {
            problems.warn(
                    CD023,
                    present.stream()
                            .filter(Node::isControlPlane)
                            .reduce((first, second) -> second)
                            .map(node -> node.origin().at())
                            .orElse(at),
                    count == 2
                            ? "2 control-plane nodes give no etcd fault tolerance; use 1 or 3"
                            : count + " control-plane nodes tolerate no more failures than " + (count - 1) + "; use "
                                    + (count - 1) + " or " + (count + 1),
                    "add one, or make one a worker");
        }
    }

    private void groups() {
        Rules.unique(
                parts.inventory().groups().stream()
                        .filter(group -> !group.name().isEmpty()),
                Inventory.Group::name,
                group -> group.origin().at(),
                (name, first, second) -> problems.error(
                        DEF003,
                        second,
                        "group \"" + name + "\" is defined twice: " + Rules.place(first) + " and "
                                + Rules.place(second),
                        "keep one of the two"));
        List<String> names =
                parts.inventory().groups().stream().map(Inventory.Group::name).toList();
        for (Node node : nodes) {
            for (int i = 0; i < node.groups().size(); i++) {
                String name = node.groups().get(i);
                if (!names.contains(name)) {
                    problems.error(
                            CD001,
                            node.origin().at("/groups/" + i),
                            "group \"" + name + "\" of node " + node.name() + " is unknown"
                                    + Suggestion.closest(name, names)
                                            .map(known -> "; did you mean \"" + known + "\"?")
                                            .orElse(""),
                            "define it under Inventory.spec.groups");
                }
            }
        }
    }

    private void againstCluster(Cluster cluster) {
        for (Node node : nodes) {
            node.kubeletVersion().ifPresent(version -> kubelet(cluster, node, version));
            if (cluster.policy().provisioning() != Cluster.Provisioning.MANUAL
                    && node.isPresent()
                    && node.ssh().hostKey().isEmpty()) {
                problems.error(
                        CD044,
                        node.origin().at("/ssh"),
                        "node " + node.name() + " has no ssh.hostKey; provisioning refuses unknown host keys",
                        "add the line that ssh-keyscan prints for it, after comparing it on the machine itself");
            }
        }
    }

    private void kubelet(Cluster cluster, Node node, String version) {
        Position at = node.origin().at("/kubeletVersion");
        if (!Versions.isFull(version)) {
            problems.error(
                    CD003,
                    at,
                    "kubeletVersion \"" + version + "\" of node " + node.name()
                            + " must be a full version such as v1.36.4",
                    "write major.minor.patch");
            return;
        }
        if (!Versions.isFull(cluster.kubernetesVersion())) {
            return;
        }
        Semver kubelet = new Semver(version);
        Semver server = new Semver(cluster.kubernetesVersion());
        // Patches of one minor go together, as kubeadm and the version skew policy see it.
        int ahead = Minor.of(kubelet).ahead(Minor.of(server));
        if (ahead > 0) {
            problems.error(
                    CD003,
                    at,
                    "kubeletVersion " + version + " of node " + node.name() + " is newer than kubernetesVersion "
                            + cluster.kubernetesVersion(),
                    "upgrade the control plane first");
        } else if (-ahead > SKEW) {
            problems.error(
                    CD003,
                    at,
                    "kubeletVersion " + version + " of node " + node.name() + " is more than " + SKEW
                            + " minors older than kubernetesVersion " + cluster.kubernetesVersion(),
                    "upgrade this node first");
        }
    }
}
