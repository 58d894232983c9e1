package dev.trimtab.nodes;

import dev.trimtab.codes.Code;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is done to nodes ({@code NOD00x}), and what is only told of them and of how the cluster was set up. */
public enum NodeCode implements Code {
    METADATA("NOD001", "Labels and annotations of the node are brought to what the inventory says."),
    TAINTS("NOD002", "Taints of the node are brought to what the inventory says; those of others stay."),
    CORDON("NOD003", "The node is cordoned, because the inventory says schedulable: false."),
    UNCORDON("NOD004", "The node is uncordoned, because the inventory says so and policy or an own cordon allows it."),
    DRAIN("NOD005", "The node is cordoned and its pods are evicted, because the inventory says state: removed."),
    FOUGHT_OVER("NOD006", "Somebody sets a node back again and again; it is left alone until Git changes."),

    NODE_MISSING("NOD010", "The node is in the inventory and not in the cluster."),
    NODE_UNKNOWN("NOD011", "The node is in the cluster and not in the inventory; it is left alone."),
    NODE_IDENTITY_CHANGED(
            "NOD012",
            "The node's machine or address is not the one that was declared or seen before; it is not written."),
    NODE_OF_OTHER_SYNC("NOD013", "Another sync keeps this node; it is not written."),
    NODE_DEFINED_TWICE("NOD014", "The node is a manifest in Git too; it is not written from the inventory."),
    CORDONED_BY_HAND(
            "NOD015", "The node is cordoned or not, other than the inventory says; somebody did it on purpose."),
    LABELS_DIFFER("NOD016", "Labels or annotations are not as the inventory says, and policy.labels is observe."),
    TAINTS_DIFFER("NOD017", "Taints are not as the inventory says, and policy.taints is observe."),
    ROLE_MISMATCH("NOD018", "The node did not join in the role that the inventory gives it."),
    TAINT_RESERVED("NOD019", "A declared taint belongs to Kubernetes and is not set."),

    NODE_NOT_READY("NOD020", "The node has not been ready for more than five minutes."),
    NODE_UNDER_PRESSURE("NOD021", "The node runs out of memory, disk or process ids."),
    NETWORK_UNAVAILABLE("NOD022", "The pod network of the node is not set up."),
    NODE_OUT_OF_REACH("NOD023", "The node has never reported itself."),
    CLOCK_SKEW("NOD024", "The node's clock differs from the API server's by more than time.maxSkewSeconds."),
    SANDBOX_IMAGE("NOD025", "Pods of the node do not start, because the sandbox image cannot be had."),
    UNINITIALIZED(
            "NOD026", "The node still has the taint that it registered with, so that ordinary pods do not come to it."),
    MACHINE_DIFFERS("NOD027", "What verify.sh last found on the machine is not as the definition says."),
    REPORT_STALE("NOD028", "Nobody has run verify.sh on the machine for 30 days."),

    SKEW_FORBIDDEN("NOD030", "The kubelet is newer than the API server."),
    SKEW_TOO_OLD("NOD031", "The kubelet is more than three minor versions older than the API server."),
    UPGRADE_PENDING("NOD032", "The kubelet's version is not the declared one."),
    CONTROL_PLANE_SKEW("NOD033", "Components of the control plane are further apart than Kubernetes allows."),
    RUNTIME_WRONG("NOD034", "The container runtime is not containerd."),
    RUNTIME_OUTDATED("NOD035", "The containerd is not supported with the Kubernetes version."),
    RUNTIME_DIFFERS("NOD036", "The containerd's version is not the declared one."),
    SWAP_ON("NOD037", "The node has swap, and os.swap is disabled."),
    SWAP_UNKNOWN("NOD038", "The kubelet is too old to report whether the node has swap."),
    PLATFORM_DIFFERS("NOD039", "The node's architecture, system or kernel is not the declared one."),

    POD_CIDR_MISSING("NOD040", "The node was given no pod network range."),
    POD_CIDR_OUTSIDE("NOD041", "The node's pod network range lies outside network.podSubnets."),
    POD_CIDR_OVERLAP("NOD042", "Pod network ranges of two nodes overlap."),
    FLANNEL_BACKEND_STALE("NOD043", "On the node, flannel runs with another backend than the declared one."),
    WRONG_INTERFACE("NOD044", "On the node, flannel uses another address than the declared one."),

    BOOTSTRAP_CONFIG_DRIFT("NOD050", "What kubeadm remembers of the cluster is not what Git says."),
    KUBE_PROXY_DRIFT("NOD051", "The configuration of kube-proxy is not as Git says."),
    KUBELET_CONFIG_DRIFT("NOD052", "The kubelet configuration for new nodes is not as Git says."),
    TOKEN_WITHOUT_END("NOD053", "A bootstrap token never expires."),
    TOKEN_WELL_KNOWN("NOD054", "A bootstrap token has an id that is printed in public examples."),
    NOT_READABLE("NOD055", "Something could not be read, so nothing is said about it."),
    CERTIFICATE_ENDS("NOD056", "The API server's certificate ends soon, or has ended."),

    REMOVAL_REFUSED("NOD060", "The node must not be removed: the control plane or its etcd would be lost."),
    DRAIN_STOPPED("NOD061", "The drain of the node did not end in time; the node stays cordoned."),
    READY_TO_REMOVE("NOD062", "The node is drained and waits for a person to remove it.");

    private final String id;
    private final String meaning;

    NodeCode(String id, String meaning) {
        this.id = id;
        this.meaning = meaning;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String meaning() {
        return meaning;
    }

    /** Whether nothing is written to a node of which it is told. */
    boolean hinders() {
        return switch (this) {
            case NODE_MISSING, NODE_IDENTITY_CHANGED, NODE_OF_OTHER_SYNC, NODE_DEFINED_TWICE -> true;
            default -> false;
        };
    }

    /** As a reason of Kubernetes is written: {@code CordonedByHand}. */
    public String reason() {
        return Arrays.stream(name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
