package dev.trimtab.nodes;

import dev.trimtab.definition.Addresses;
import inet.ipaddr.IPAddress;
import java.util.ArrayList;
import java.util.List;

/** Pod network ranges of nodes. They are set once and for all, and flannel does not start with a wrong one. */
final class PodRanges {

    private static final String ANEW =
            "the range of a node cannot change: drain the node, delete it and let it join anew";

    private PodRanges() {}

    private record Given(String node, String text, IPAddress range) {}

    /** @param podSubnets empty where Git does not say */
    static void check(List<LiveNode> nodes, List<String> podSubnets, Findings findings) {
        List<IPAddress> subnets = podSubnets.stream()
                .flatMap(text -> Addresses.range(text).stream())
                .toList();
        List<Given> all = new ArrayList<>();
        for (LiveNode node : nodes) {
            if (node.podCidrs().isEmpty()) {
                findings.of(
                        node.name(),
                        NodeCode.POD_CIDR_MISSING,
                        Severity.CRITICAL,
                        "it was given no pod network range; flannel does not start there",
                        "look at kube-controller-manager: --allocate-node-cidrs=true and --cluster-cidr as network.podSubnets,"
                                + " with a range left for the node");
            }
            for (String text : node.podCidrs()) {
                Addresses.range(text).ifPresent(range -> all.add(new Given(node.name(), text, range)));
            }
        }
        for (Given one : all) {
            if (!subnets.isEmpty() && subnets.stream().noneMatch(subnet -> subnet.contains(one.range()))) {
                findings.of(
                        one.node(),
                        NodeCode.POD_CIDR_OUTSIDE,
                        Severity.CRITICAL,
                        "its pod network range " + one.text() + " lies outside network.podSubnets "
                                + String.join(", ", podSubnets),
                        ANEW);
            }
        }
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                overlap(all.get(i), all.get(j), findings);
            }
        }
    }

    private static void overlap(Given one, Given other, Findings findings) {
        if (!one.node().equals(other.node()) && Addresses.overlap(one.range(), other.range())) {
            findings.of(
                    other.node(),
                    NodeCode.POD_CIDR_OVERLAP,
                    Severity.CRITICAL,
                    "its pod network range " + other.text() + " overlaps " + one.text() + " of " + one.node(),
                    ANEW);
        }
    }
}
