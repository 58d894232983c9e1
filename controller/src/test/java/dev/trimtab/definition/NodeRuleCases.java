package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD020;
import static dev.trimtab.definition.DefinitionCode.CD021;
import static dev.trimtab.definition.DefinitionCode.CD022;
import static dev.trimtab.definition.DefinitionCode.CD023;
import static dev.trimtab.definition.DefinitionCode.CD024;
import static dev.trimtab.definition.DefinitionCode.CD030;
import static dev.trimtab.definition.DefinitionCode.CD031;
import static dev.trimtab.definition.DefinitionCode.CD032;
import static dev.trimtab.definition.DefinitionCode.CD033;
import static dev.trimtab.definition.DefinitionCode.CD034;
import static dev.trimtab.definition.DefinitionCode.CD035;
import static dev.trimtab.definition.RuleCases.MASTER;
import static dev.trimtab.definition.RuleCases.MASTERS;
import static dev.trimtab.definition.RuleCases.NODE1;
import static dev.trimtab.definition.RuleCases.NODE2;
import static dev.trimtab.definition.RuleCases.THREE_MASTERS;
import static dev.trimtab.definition.RuleCases.cluster;
import static dev.trimtab.definition.RuleCases.error;
import static dev.trimtab.definition.RuleCases.node1;
import static dev.trimtab.definition.RuleCases.nodes;
import static dev.trimtab.definition.RuleCases.passes;
import static dev.trimtab.definition.RuleCases.warning;

import dev.trimtab.definition.RuleCases.Case;
import java.util.List;

/** Of machines, labels and taints. */
final class NodeRuleCases {

    static final List<Case> BROKEN = List.of(
            error(CD020, "node name \"K8S_Node1\" must be lower-case RFC 1123", nodes("k8s-node1", "«K8S_Node1")),
            error(
                    CD020,
                    "node name of 254 characters; at most 253 are possible",
                    nodes("k8s-node1", "«" + "a".repeat(254))),
            warning(
                    CD020,
                    "\"node\" is kubeadm's placeholder name; set the real host name",
                    nodes("name: k8s-node1", "name: «node")),
            error(
                    CD021,
                    "node \"k8s-node1\" is defined twice: nodes.yaml:9 and nodes.yaml:10",
                    nodes(NODE2, "- «{name: k8s-node1, address: 192.168.16.202}")),
            error(
                    CD022,
                    "address 192.168.16.201 is used by k8s-node1 (nodes.yaml:9) and k8s-node2 (nodes.yaml:10)",
                    nodes("192.168.16.202", "«192.168.16.201")),
            error(
                    CD022,
                    "address fd00:0::1 is used by k8s-node1 (nodes.yaml:9) and k8s-node2 (nodes.yaml:10)",
                    nodes("192.168.16.201", "\"fd00::1\""),
                    nodes("192.168.16.202", "«\"fd00:0::1\"")),
            error(
                    CD022,
                    "ssh address 192.168.16.201:22 is used by k8s-node1 (nodes.yaml:9) and k8s-node2 (nodes.yaml:10)",
                    nodes(NODE2, "- {name: k8s-node2, address: 192.168.16.202, ssh: {address: «192.168.16.201}}")),
            error(
                    CD023,
                    "no node has role control-plane",
                    nodes("- " + MASTER.substring(2), "- «{name: k8s-master, address: 192.168.16.200}")),
            warning(
                    CD023,
                    "2 control-plane nodes give no etcd fault tolerance; use 1 or 3",
                    nodes(MASTER, MASTERS.replace("- {name: k8s-master2", "- «{name: k8s-master2"))),
            error(
                    CD023,
                    "node k8s-node1 has role etcd without control-plane; etcd runs on control-plane nodes only",
                    nodes(NODE1, node1("roles: «[etcd]"))),
            error(
                    CD024,
                    "node k8s-node1 address 127.0.0.1 is not reachable from other nodes",
                    nodes("192.168.16.201", "«127.0.0.1")),
            error(
                    CD024,
                    "node k8s-node1 address 169.254.1.1 is not reachable from other nodes",
                    nodes("192.168.16.201", "«169.254.1.1")),
            error(
                    CD024,
                    "node k8s-node1 address 224.0.0.1 is not reachable from other nodes",
                    nodes("192.168.16.201", "«224.0.0.1")),
            error(
                    CD024,
                    "node k8s-node1 address node1.internal is no IP address",
                    nodes("192.168.16.201", "«node1.internal")),
            error(
                    CD024,
                    "node k8s-node1 address 192.168.16.201 is the controlPlaneEndpoint too, which must outlive every node",
                    cluster("host: api.demo.internal", "host: 192.168.16.201"),
                    nodes("192.168.16.201", "«192.168.16.201")),
            error(
                    CD030,
                    "taints[0].effect \"NoSchedul\" is invalid; use NoSchedule, PreferNoSchedule or NoExecute",
                    nodes(NODE1, node1("taints: [{key: a, effect: «NoSchedul}]"))),
            error(
                    CD031,
                    "taint pool:NoSchedule is listed twice (group gpu, node k8s-node1)",
                    nodes(NODE1, node1("groups: [gpu], taints: [«{key: pool, value: other, effect: NoSchedule}]"))),
            error(
                    CD032,
                    "taint node.kubernetes.io/unschedulable is owned by Kubernetes; use schedulable: false",
                    nodes(NODE1, node1("taints: [{key: «node.kubernetes.io/unschedulable, effect: NoSchedule}]"))),
            error(
                    CD032,
                    "taint node-role.kubernetes.io/master is owned by Kubernetes and gone since 1.24; use node-role.kubernetes.io/control-plane",
                    nodes(NODE1, node1("taints: [{key: «node-role.kubernetes.io/master, effect: NoSchedule}]"))),
            error(
                    CD032,
                    "taint node.cloudprovider.kubernetes.io/uninitialized is owned by Kubernetes, which sets and removes it by itself",
                    nodes(
                            NODE1,
                            node1(
                                    "taints: [{key: «node.cloudprovider.kubernetes.io/uninitialized, effect: NoSchedule}]"))),
            error(
                    CD032,
                    "taint trimtab.dev/uninitialized is Trimtab's own; a node that joins has it until its labels are on",
                    nodes(NODE1, node1("taints: [{key: «trimtab.dev/uninitialized, effect: NoSchedule}]"))),
            error(
                    CD032,
                    "taint node-role.kubernetes.io/control-plane on worker k8s-node1 belongs to control-plane nodes",
                    nodes(NODE1, node1("taints: [{key: «node-role.kubernetes.io/control-plane, effect: NoSchedule}]"))),
            error(
                    CD033,
                    "label kubernetes.io/hostname is set by the kubelet and cannot be declared",
                    nodes(NODE1, node1("labels: {«kubernetes.io/hostname: a}"))),
            error(CD033, "label key \"a b\" of node k8s-node1 is not valid", nodes(NODE1, node1("labels: {«a b: c}"))),
            error(CD033, "value \"-x\" of label a of group edge is not valid", nodes("side: edge", "a: «\"-x\"")),
            error(
                    CD033,
                    "taint key \"a/b/c\" of node k8s-node1 is not valid",
                    nodes(NODE1, node1("taints: [{key: «a/b/c, effect: NoSchedule}]"))),
            error(
                    CD034,
                    "label pool: group gpu says \"gpu\", group edge says \"edge\" for k8s-node1",
                    nodes("side: edge", "pool: edge"),
                    nodes(NODE1, node1("groups: «[gpu, edge]"))),
            warning(
                    CD035,
                    "no node accepts ordinary pods",
                    nodes(MASTER, "- «" + MASTER.substring(2)),
                    nodes(NODE1, node1("schedulable: false")),
                    nodes(NODE2, NODE2.replace("}", ", groups: [gpu]}"))));

    static final List<Case> KEPT = List.of(
            passes(CD020, nodes("k8s-node1", "k8s-node1.rack-2.internal")),
            passes(CD021, nodes("k8s-node1", "k8s-node3")),
            passes(CD022, nodes(NODE2, NODE2.replace("}", ", ssh: {address: 192.168.16.201, port: 2222}}"))),
            passes(CD023, nodes(MASTER, THREE_MASTERS)),
            passes(
                    CD023,
                    nodes(
                            MASTER,
                            MASTERS.replace(
                                    "16.210, roles: [control-plane]",
                                    "16.210, roles: [control-plane], state: removed"))),
            passes(CD024, cluster("host: api.demo.internal", "host: 192.168.16.200")),
            passes(CD030, nodes(NODE1, node1("taints: [{key: a, effect: NoExecute}]"))),
            passes(
                    CD031,
                    nodes(
                            NODE1,
                            node1(
                                    "groups: [gpu], taints: [{key: pool, value: gpu, effect: NoSchedule}, {key: pool, value: x, effect: NoExecute}]"))),
            passes(
                    CD032,
                    nodes(
                            NODE1,
                            node1(
                                    "taints: [{key: node.kubernetes.io/out-of-service, value: nodeshutdown, effect: NoExecute}]"))),
            passes(
                    CD032,
                    nodes(
                            "roles: [control-plane]",
                            "roles: [control-plane], taints: [{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}]")),
            passes(
                    CD033,
                    nodes(
                            NODE1,
                            node1("labels: {topology.kubernetes.io/zone: a, empty: \"\", example.com/a_b.c: V-1}"))),
            passes(
                    CD034,
                    nodes("side: edge", "pool: edge"),
                    nodes(NODE1, node1("groups: [gpu, edge], labels: {pool: mine}"))),
            passes(CD035, nodes(NODE1, node1("schedulable: false"))),
            passes(
                    CD035,
                    nodes(NODE1, node1("schedulable: false")),
                    nodes(NODE2, NODE2.replace("}", ", taints: [{key: a, effect: PreferNoSchedule}]}"))));

    private NodeRuleCases() {}
}
