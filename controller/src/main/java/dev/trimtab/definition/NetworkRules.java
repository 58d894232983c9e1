package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD001;
import static dev.trimtab.definition.DefinitionCode.CD010;
import static dev.trimtab.definition.DefinitionCode.CD011;
import static dev.trimtab.definition.DefinitionCode.CD012;
import static dev.trimtab.definition.DefinitionCode.CD013;
import static dev.trimtab.definition.DefinitionCode.CD014;
import static dev.trimtab.definition.DefinitionCode.CD015;
import static dev.trimtab.definition.DefinitionCode.CD016;
import static dev.trimtab.definition.DefinitionCode.CD017;
import static dev.trimtab.definition.DefinitionCode.CD018;
import static dev.trimtab.definition.DefinitionCode.CD019;
import static dev.trimtab.definition.DefinitionCode.CD025;

import dev.trimtab.codes.Count;
import inet.ipaddr.IPAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Address ranges of the cluster: their form and size, and that they keep out of each other's way. The limits are kubeadm's. */
final class NetworkRules {

    /** kubeadm's default; where several control planes are, each machine's. */
    private static final int API_PORT = 6443;

    /** The largest Service range that kubeadm takes has this many bits for addresses. */
    private static final int SERVICE_BITS = 20;

    private static final int FEWEST_SERVICES = 10;
    private static final int FEWEST_PODS = 14;

    /** Between a pod range and a node's share of it. */
    private static final int MOST_NODE_BITS = 16;

    private final Cluster cluster;
    private final Parts parts;
    private final Problems problems;
    private final List<Range> pods = new ArrayList<>();
    private final List<Range> services = new ArrayList<>();

    /** A network as it was written, and where. */
    private record Range(String written, IPAddress block, Position at) {}

    private NetworkRules(Cluster cluster, Parts parts, Problems problems) {
        this.cluster = cluster;
        this.parts = parts;
        this.problems = problems;
    }

    static void check(Parts parts, Problems problems) {
        parts.cluster().ifPresent(cluster -> new NetworkRules(cluster, parts, problems).check());
    }

    private void check() {
        read("podSubnets", cluster.network().podSubnets(), pods);
        read("serviceSubnets", cluster.network().serviceSubnets(), services);
        families();
        overlaps();
        serviceSizes();
        pods.forEach(this::shares);
        nodesInRanges();
        endpoint();
        hostEntries();
    }

    private void read(String field, List<String> written, List<Range> into) {
        for (int i = 0; i < written.size(); i++) {
            String text = written.get(i);
            Position at = cluster.origin().at("/spec/network/" + field + "/" + i);
            Optional<IPAddress> cidr = Addresses.cidr(text);
            if (cidr.isEmpty()) {
                problems.error(
                        CD010,
                        at,
                        "\"" + text + "\" is no network; write an address and a prefix length",
                        "write for instance 10.244.0.0/16");
            } else if (!cidr.get().isPrefixBlock()) {
                String network = cidr.get().toPrefixBlock().toCanonicalString();
                problems.error(
                        CD010, at, "\"" + text + "\" is not a network address; use " + network, "write " + network);
            } else {
                into.add(new Range(text, cidr.get(), at));
            }
        }
    }

    private void families() {
        Cluster.Network network = cluster.network();
        if (pods.size() != network.podSubnets().size()
                || services.size() != network.serviceSubnets().size()) {
            return;
        }
        for (List<Range> ranges : List.of(pods, services)) {
            String field = ranges == pods ? "podSubnets" : "serviceSubnets";
            if (ranges.size() > 2) {
                problems.error(
                        CD018,
                        ranges.get(2).at(),
                        field + " holds " + ranges.size() + " networks; at most one of each IP family is possible",
                        "keep one IPv4 and one IPv6 network");
                return;
            }
            if (ranges.size() == 2 && family(ranges.get(0)).equals(family(ranges.get(1)))) {
                problems.error(
                        CD018,
                        ranges.get(1).at(),
                        field + " holds two " + family(ranges.get(0)) + " networks; dual stack is one of each family",
                        "keep one of the two");
                return;
            }
        }
        if (pods.isEmpty() || services.isEmpty()) {
            return;
        }
        if (pods.size() != services.size()) {
            boolean dualPods = pods.size() == 2;
            problems.error(
                    CD018,
                    (dualPods ? services : pods).get(0).at(),
                    dualPods
                            ? "podSubnets is dual-stack but serviceSubnets has only " + family(services.get(0))
                            : "serviceSubnets is dual-stack but podSubnets has only " + family(pods.get(0)),
                    "write one network of each family in both");
        } else if (!family(pods.get(0)).equals(family(services.get(0)))) {
            problems.error(
                    CD018,
                    services.get(0).at(),
                    "podSubnets begins with " + family(pods.get(0)) + " but serviceSubnets with "
                            + family(services.get(0)),
                    "write both in the same order of families");
        }
    }

    private static String family(Range range) {
        return range.block().isIPv4() ? "IPv4" : "IPv6";
    }

    private void overlaps() {
        for (Range pod : pods) {
            for (Range service : services) {
                if (Addresses.overlap(pod.block(), service.block())) {
                    problems.error(
                            CD011,
                            pod.at(),
                            "podSubnets " + pod.written() + " overlaps serviceSubnets " + service.written(),
                            "choose ranges that have no address in common");
                }
            }
        }
    }

    private void serviceSizes() {
        for (Range service : services) {
            int largest = service.block().getBitCount() - SERVICE_BITS;
            if (Addresses.prefix(service.block()) < largest) {
                problems.error(
                        CD014,
                        service.at(),
                        "serviceSubnets " + service.written() + " is larger than /" + largest
                                + ", the largest kubeadm accepts",
                        "write a prefix length of " + largest + " or more");
            }
            few("serviceSubnets", service, FEWEST_SERVICES);
        }
        pods.forEach(pod -> few("podSubnets", pod, FEWEST_PODS));
    }

    private void few(String field, Range range, int fewest) {
        BigInteger count = Addresses.count(range.block());
        if (count.compareTo(BigInteger.valueOf(fewest)) < 0) {
            problems.error(
                    CD014,
                    range.at(),
                    field + " " + range.written() + " has " + count + " addresses; kubeadm needs at least " + fewest,
                    "write a smaller prefix length");
        }
    }

    private void shares(Range pod) {
        boolean v4 = pod.block().isIPv4();
        String field = v4 ? "nodeCIDRMaskSizeIPv4" : "nodeCIDRMaskSizeIPv6";
        int mask = v4
                ? cluster.network().nodeCIDRMaskSizeIPv4()
                : cluster.network().nodeCIDRMaskSizeIPv6();
        int bits = mask - Addresses.prefix(pod.block());
        if (mask > pod.block().getBitCount()) {
            problems.error(
                    CD015,
                    share(field),
                    field + " " + mask + " is longer than an address, which has "
                            + pod.block().getBitCount() + " bits",
                    "write " + (v4 ? 24 : 64));
            return;
        }
        if (bits < 1 || bits > MOST_NODE_BITS) {
            problems.error(
                    CD015,
                    share(field),
                    field + " " + mask + " leaves 2^" + bits + " node ranges in " + pod.written()
                            + (bits > MOST_NODE_BITS ? "; kubeadm accepts at most 2^" + MOST_NODE_BITS : ""),
                    "write a number between " + (Addresses.prefix(pod.block()) + 1) + " and "
                            + Math.min(pod.block().getBitCount(), Addresses.prefix(pod.block()) + MOST_NODE_BITS));
            return;
        }
        long nodes = parts.inventory().nodes().stream()
                .filter(Inventory.Node::isPresent)
                .count();
        if (nodes > 1L << bits) {
            problems.error(
                    CD016,
                    pod.at(),
                    pod.written() + " with /" + mask + " per node holds " + Count.of(1L << bits, "node")
                            + "; the inventory has " + nodes,
                    "choose a larger pod subnet, or a larger " + field);
        }
        maxPods(v4, mask);
    }

    private Position share(String field) {
        return cluster.origin().at("/spec/network/" + field);
    }

    private void maxPods(boolean v4, int mask) {
        int maxPods = cluster.kubelet().config().path("maxPods").asInt(0);
        long addresses = (1L << Math.min(62, (v4 ? 32 : 128) - mask)) - 2;
        if (maxPods > addresses) {
            problems.warn(
                    CD017,
                    cluster.origin().at("/spec/kubelet/config/maxPods"),
                    "kubelet.maxPods " + maxPods + " exceeds " + addresses + " addresses per node",
                    "lower maxPods, or the node's prefix length");
        }
    }

    private void nodesInRanges() {
        for (Inventory.Node node : parts.inventory().nodes()) {
            Addresses.address(node.address()).ifPresent(address -> {
                inRange(node, address, "podSubnets", pods);
                inRange(node, address, "serviceSubnets", services);
            });
        }
    }

    private void inRange(Inventory.Node node, IPAddress address, String field, List<Range> ranges) {
        ranges.stream()
                .filter(range -> range.block().contains(address))
                .findFirst()
                .ifPresent(range -> problems.error(
                        CD013,
                        node.origin().at("/address"),
                        "node " + node.name() + " address " + node.address() + " lies in " + field + " "
                                + range.written(),
                        "choose ranges that no machine has an address of"));
    }

    private void endpoint() {
        List<Inventory.Node> nodes = parts.inventory().nodes().stream()
                .filter(node -> node.isPresent() && node.isControlPlane())
                .toList();
        int controlPlanes = nodes.size();
        Optional<Cluster.Endpoint> endpoint = cluster.controlPlaneEndpoint();
        String fix = "add controlPlaneEndpoint with a name or virtual address that stays";
        if (endpoint.isEmpty() && controlPlanes > 1) {
            problems.error(
                    CD012,
                    cluster.origin().at("/spec"),
                    "controlPlaneEndpoint is required with " + controlPlanes + " control-plane nodes",
                    fix);
        } else if (endpoint.isEmpty() && controlPlanes == 1) {
            problems.warn(
                    CD012,
                    cluster.origin().at("/spec"),
                    "set controlPlaneEndpoint now; adding it later needs new certificates",
                    fix);
        }
        endpoint.ifPresent(this::reachable);
        endpoint.filter(one -> controlPlanes == 1).ifPresent(one -> bound(one, nodes.get(0)));
    }

    /** Where the endpoint is the machine itself its port is the API server's, too; a balancer's may be any. */
    private void bound(Cluster.Endpoint endpoint, Inventory.Node node) {
        boolean machine = Addresses.address(endpoint.host())
                .filter(host -> Addresses.address(node.address()).equals(Optional.of(host)))
                .isPresent();
        if (endpoint.port() != API_PORT && !machine) {
            problems.warn(
                    CD025,
                    cluster.origin().at("/spec/controlPlaneEndpoint/port"),
                    "the API server of " + node.name() + " listens on port " + endpoint.port()
                            + ", the endpoint's, while it is the only control-plane node; with others each listens on "
                            + API_PORT,
                    "let the balancer pass port " + endpoint.port() + " on to port " + endpoint.port() + " of "
                            + node.name() + ", or write " + API_PORT + ", which does not change when others join");
        }
    }

    private void reachable(Cluster.Endpoint endpoint) {
        Position host = cluster.origin().at("/spec/controlPlaneEndpoint/host");
        String subject = "controlPlaneEndpoint.host " + endpoint.host();
        Optional<String> reason = endpoint.host().toLowerCase(Locale.ROOT).equals("localhost")
                ? Optional.of("a loopback address")
                : Addresses.address(endpoint.host()).flatMap(Addresses::unreachable);
        reason.ifPresent(why ->
                problems.error(CD019, host, subject + " is " + why, "write an address that every machine reaches"));
        if (endpoint.host().contains("://") || endpoint.host().contains("/")) {
            problems.error(CD019, host, subject + " must be a host without scheme or path", "write the host alone");
        }
        if (endpoint.port() < 1 || endpoint.port() > 65_535) {
            problems.error(
                    CD019,
                    cluster.origin().at("/spec/controlPlaneEndpoint/port"),
                    "controlPlaneEndpoint.port " + endpoint.port() + " is not between 1 and 65535",
                    "write " + API_PORT);
        }
    }

    private void hostEntries() {
        List<Cluster.HostEntry> entries = cluster.hosts().extra();
        for (int i = 0; i < entries.size(); i++) {
            String ip = entries.get(i).ip();
            if (!ip.isEmpty() && Addresses.address(ip).isEmpty()) {
                problems.error(
                        CD001,
                        cluster.origin().at("/spec/hosts/extra/" + i + "/ip"),
                        "hosts.extra[" + i + "].ip \"" + ip + "\" is no IP address",
                        "write an address such as 192.168.16.200");
            }
        }
    }
}
