package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes a Node object away, the only place that does. A person names the node twice, and a controller never comes here.
 */
public final class NodeRemoval {

    private final ClusterClient cluster;

    public NodeRemoval(ClusterClient cluster) {
        this.cluster = cluster;
    }

    /**
     * What became of the wish.
     *
     * @param refusals why the node stays; when empty it was deleted
     * @param left what is still to be done, in order
     */
    public record Answer(List<String> refusals, List<String> left) {
        public Answer {
            refusals = List.copyOf(refusals);
            left = List.copyOf(left);
        }

        public boolean removed() {
            return refusals.isEmpty();
        }
    }

    /**
     * Deletes the node after all checks: it was drained because Git says {@code state: removed}, nothing is on it, and the control
     * plane can do without it.
     *
     * @throws ApiException when the server does not answer
     */
    public Answer remove(String name) {
        FactsReader facts = new FactsReader(cluster);
        List<LiveNode> all = facts.nodes().stream().map(LiveNode::new).toList();
        Optional<LiveNode> found =
                all.stream().filter(node -> node.name().equals(name)).findFirst();
        if (found.isEmpty()) {
            return new Answer(List.of("the cluster has no node " + name), List.of());
        }
        LiveNode node = found.get();
        List<String> refusals = refusals(node, all, facts.load(name));
        if (!refusals.isEmpty()) {
            return new Answer(refusals, List.of());
        }
        Optional<ObjectNode> rest = cluster.delete(type(), Optional.empty(), name, node.uid(), Propagation.BACKGROUND);
        return new Answer(List.of(), left(node, rest.isPresent()));
    }

    private static List<String> refusals(LiveNode node, List<LiveNode> all, NodeLoad load) {
        List<String> refusals = new ArrayList<>();
        RemovalRule.refusal(node, all).ifPresent(refusals::add);
        String mark = node.annotation(Marks.CORDON).orElse("");
        if (!mark.equals(Marks.CORDON_REMOVAL) && !mark.equals(Marks.CORDON_FOUND)) {
            refusals.add("Trimtab has not drained it: write state: removed for it in the inventory, and apply that");
        }
        if (!node.cordoned()) {
            refusals.add("it is not cordoned, so pods may come to it");
        }
        if (!load.isDrained()) {
            refusals.add("on it: " + load.words()
                    + (node.ready() || load.leaving().isEmpty()
                            ? ""
                            : "; the node does not answer, so its pods cannot end. When the machine is off for good, kubectl"
                                    + " taint node " + node.name()
                                    + " node.kubernetes.io/out-of-service=nodeshutdown:NoExecute lets them go"));
        }
        return refusals;
    }

    private static List<String> left(LiveNode node, boolean held) {
        List<String> left = new ArrayList<>();
        if (held) {
            left.add("the Node object waits for its finalizers");
        }
        left.add("on the machine: kubeadm reset; until then its kubelet registers the node again"
                + (node.isControlPlane()
                        ? ". It takes the member out of etcd; where the machine is lost, run etcdctl member remove on another"
                                + " control-plane node"
                        : ""));
        left.add("on the machine: clear iptables or nftables rules and /etc/cni/net.d, which kubeadm reset leaves");
        left.add("in Git: take the node's entry out of the inventory");
        return left;
    }

    private ResourceType type() {
        return cluster.resource("v1", "Node").orElseThrow();
    }
}
