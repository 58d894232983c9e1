package dev.trimtab.definition;

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
import static dev.trimtab.definition.RuleCases.ENDPOINT;
import static dev.trimtab.definition.RuleCases.MASTER;
import static dev.trimtab.definition.RuleCases.NODE2;
import static dev.trimtab.definition.RuleCases.THREE_MASTERS;
import static dev.trimtab.definition.RuleCases.cluster;
import static dev.trimtab.definition.RuleCases.error;
import static dev.trimtab.definition.RuleCases.nodes;
import static dev.trimtab.definition.RuleCases.passes;
import static dev.trimtab.definition.RuleCases.warning;

import dev.trimtab.definition.RuleCases.Case;
import java.util.List;

/** Of addresses and networks. */
final class NetworkRuleCases {

    static final List<Case> BROKEN = List.of(
            error(
                    CD010,
                    "\"10.244.1.0/16\" is not a network address; use 10.244.0.0/16",
                    cluster("[10.244.0.0/16]", "[«10.244.1.0/16]")),
            error(
                    CD010,
                    "\"fd00:244::1/56\" is not a network address; use fd00:244::/56",
                    cluster("[10.244.0.0/16]", "[«\"fd00:244::1/56\"]")),
            error(
                    CD010,
                    "\"10.244.0.0\" is no network; write an address and a prefix length",
                    cluster("[10.244.0.0/16]", "[«10.244.0.0]")),
            error(
                    CD010,
                    "\"10.244/16\" is no network; write an address and a prefix length",
                    cluster("[10.244.0.0/16]", "[«10.244/16]")),
            error(
                    CD011,
                    "podSubnets 10.96.0.0/16 overlaps serviceSubnets 10.96.0.0/12",
                    cluster("[10.244.0.0/16]", "[«10.96.0.0/16]")),
            error(
                    CD011,
                    "podSubnets 10.0.0.0/12 overlaps serviceSubnets 10.1.0.0/16",
                    cluster("[10.244.0.0/16]", "[«10.0.0.0/12]"),
                    cluster("10.96.0.0/12", "10.1.0.0/16")),
            error(
                    CD012,
                    "controlPlaneEndpoint is required with 3 control-plane nodes",
                    cluster(ENDPOINT, ""),
                    cluster("kubernetesVersion", "«kubernetesVersion"),
                    nodes(MASTER, THREE_MASTERS)),
            warning(
                    CD012,
                    "set controlPlaneEndpoint now; adding it later needs new certificates",
                    cluster(ENDPOINT, ""),
                    cluster("kubernetesVersion", "«kubernetesVersion")),
            error(
                    CD013,
                    "node k8s-node1 address 10.244.3.4 lies in podSubnets 10.244.0.0/16",
                    nodes("192.168.16.201", "«10.244.3.4")),
            error(
                    CD013,
                    "node k8s-node1 address 10.96.3.4 lies in serviceSubnets 10.96.0.0/12",
                    nodes("192.168.16.201", "«10.96.3.4")),
            error(
                    CD014,
                    "serviceSubnets 10.0.0.0/8 is larger than /12, the largest kubeadm accepts",
                    cluster("[10.96.0.0/12]", "[«10.0.0.0/8]"),
                    cluster("10.244.0.0/16", "172.16.0.0/16")),
            error(
                    CD014,
                    "serviceSubnets fd00:96::/100 is larger than /108, the largest kubeadm accepts",
                    cluster("[10.96.0.0/12]", "[«\"fd00:96::/100\"]"),
                    cluster("10.244.0.0/16", "\"fd00:244::/56\"")),
            error(
                    CD014,
                    "serviceSubnets 10.96.0.0/29 has 8 addresses; kubeadm needs at least 10",
                    cluster("[10.96.0.0/12]", "[«10.96.0.0/29]")),
            error(
                    CD015,
                    "nodeCIDRMaskSizeIPv4 24 leaves 2^-1 node ranges in 10.244.0.0/25",
                    cluster("10.244.0.0/16", "10.244.0.0/25"),
                    cluster("IPv4: 24", "IPv4: «24")),
            error(
                    CD015,
                    "nodeCIDRMaskSizeIPv4 28 leaves 2^20 node ranges in 10.0.0.0/8; kubeadm accepts at most 2^16",
                    cluster("10.244.0.0/16", "10.0.0.0/8"),
                    cluster("10.96.0.0/12", "172.16.0.0/12"),
                    cluster("IPv4: 24", "IPv4: «28")),
            error(
                    CD015,
                    "nodeCIDRMaskSizeIPv4 40 is longer than an address, which has 32 bits",
                    cluster("IPv4: 24", "IPv4: «40")),
            error(
                    CD016,
                    "10.244.0.0/23 with /24 per node holds 2 nodes; the inventory has 3",
                    cluster("[10.244.0.0/16]", "[«10.244.0.0/23]")),
            warning(
                    CD017,
                    "kubelet.maxPods 300 exceeds 254 addresses per node",
                    cluster("", "  kubelet: {config: {maxPods: «300}}\n")),
            error(
                    CD018,
                    "podSubnets is dual-stack but serviceSubnets has only IPv4",
                    cluster("[10.244.0.0/16]", "[10.244.0.0/16, \"fd00:244::/56\"]"),
                    cluster("[10.96.0.0/12]", "[«10.96.0.0/12]")),
            error(
                    CD018,
                    "podSubnets begins with IPv6 but serviceSubnets with IPv4",
                    cluster("[10.244.0.0/16]", "[\"fd00:244::/56\", 10.244.0.0/16]"),
                    cluster("[10.96.0.0/12]", "[«10.96.0.0/12, \"fd00:96::/112\"]")),
            error(
                    CD018,
                    "podSubnets holds two IPv4 networks; dual stack is one of each family",
                    cluster("[10.244.0.0/16]", "[10.244.0.0/16, «10.245.0.0/16]")),
            error(
                    CD019,
                    "controlPlaneEndpoint.host 127.0.0.1 is a loopback address",
                    cluster("host: api.demo.internal", "host: «127.0.0.1")),
            error(
                    CD019,
                    "controlPlaneEndpoint.host 0.0.0.0 is the unspecified address",
                    cluster("host: api.demo.internal", "host: «0.0.0.0")),
            error(
                    CD019,
                    "controlPlaneEndpoint.host localhost is a loopback address",
                    cluster("host: api.demo.internal", "host: «localhost")),
            error(
                    CD019,
                    "controlPlaneEndpoint.host https://api must be a host without scheme or path",
                    cluster("host: api.demo.internal", "host: «https://api")),
            warning(
                    CD025,
                    "the API server of k8s-master listens on port 8443, the endpoint's, while it is the only control-plane node;"
                            + " with others each listens on 6443",
                    cluster("6443", "«8443")),
            error(CD019, "controlPlaneEndpoint.port 70000 is not between 1 and 65535", cluster("6443", "«70000")));

    static final List<Case> KEPT = List.of(
            passes(CD010, cluster("[10.244.0.0/16]", "[10.244.0.0/17]")),
            passes(CD010, cluster("[10.244.0.0/16]", "[\"fd00:244::/56\"]")),
            passes(CD011, cluster("[10.244.0.0/16]", "[10.112.0.0/16]")),
            passes(CD012, nodes(MASTER, THREE_MASTERS)),
            passes(CD013, nodes("192.168.16.201", "10.245.0.1")),
            passes(CD014, cluster("[10.96.0.0/12]", "[10.96.0.0/28]")),
            passes(CD014, cluster("[10.96.0.0/12]", "[\"fd00:96::/108\"]")),
            passes(CD015, cluster("10.244.0.0/16", "10.244.0.0/23")),
            passes(CD015, cluster("10.244.0.0/16", "10.0.0.0/8"), cluster("10.96.0.0/12", "172.16.0.0/12")),
            passes(CD016, cluster("10.244.0.0/16", "10.244.0.0/22")),
            passes(
                    CD016,
                    cluster("10.244.0.0/16", "10.244.0.0/23"),
                    nodes(NODE2, NODE2.replace("}", ", state: removed}"))),
            passes(CD017, cluster("", "  kubelet: {config: {maxPods: 254}}\n")),
            passes(
                    CD018,
                    cluster("[10.244.0.0/16]", "[10.244.0.0/16, \"fd00:244::/56\"]"),
                    cluster("[10.96.0.0/12]", "[10.96.0.0/12, \"fd00:96::/112\"]")),
            passes(CD025, cluster("port: 6443", "port: 6443")),
            passes(CD025, cluster("6443", "8443"), nodes(MASTER, THREE_MASTERS)),
            passes(CD025, cluster("host: api.demo.internal, port: 6443", "host: 192.168.16.200, port: 8443")),
            passes(CD019, cluster("host: api.demo.internal", "host: 192.168.16.250")));

    private NetworkRuleCases() {}
}
