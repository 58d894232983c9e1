package dev.trimtab.nodes;

import java.util.List;
import java.util.Optional;

/** Whether a cluster can do without a node. */
final class RemovalRule {

    private RemovalRule() {}

    /**
     * Why the node must stay; empty when it may go. Of control-plane nodes each is taken to hold one member of etcd: a member can be
     * taken out only while most are well, and most of the rest must be well afterwards.
     */
    static Optional<String> refusal(LiveNode node, List<LiveNode> all) {
        if (!node.isControlPlane()) {
            return Optional.empty();
        }
        List<LiveNode> members = all.stream().filter(LiveNode::isControlPlane).toList();
        List<LiveNode> rest =
                members.stream().filter(one -> !one.name().equals(node.name())).toList();
        if (rest.isEmpty()) {
            return Optional.of("it is the last control-plane node");
        }
        if (ready(members) < quorum(members)) {
            return Optional.of("only " + ready(members) + " of " + members.size()
                    + " control-plane nodes are ready, so that etcd has no quorum to take a member out");
        }
        if (ready(rest) < quorum(rest)) {
            return Optional.of("without it only " + ready(rest) + " of " + rest.size()
                    + " control-plane nodes would be ready, and etcd would lose its quorum of " + quorum(rest));
        }
        return Optional.empty();
    }

    private static long ready(List<LiveNode> nodes) {
        return nodes.stream().filter(LiveNode::ready).count();
    }

    private static int quorum(List<LiveNode> nodes) {
        return nodes.size() / 2 + 1;
    }
}
