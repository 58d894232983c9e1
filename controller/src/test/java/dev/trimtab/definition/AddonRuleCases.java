package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD033;
import static dev.trimtab.definition.DefinitionCode.CD060;
import static dev.trimtab.definition.DefinitionCode.CD061;
import static dev.trimtab.definition.DefinitionCode.CD062;
import static dev.trimtab.definition.DefinitionCode.CD063;
import static dev.trimtab.definition.DefinitionCode.CD065;
import static dev.trimtab.definition.DefinitionCode.CD066;
import static dev.trimtab.definition.DefinitionCode.CD067;
import static dev.trimtab.definition.DefinitionCode.CD070;
import static dev.trimtab.definition.DefinitionCode.CD071;
import static dev.trimtab.definition.DefinitionCode.CD072;
import static dev.trimtab.definition.DefinitionCode.CD073;
import static dev.trimtab.definition.DefinitionCode.CD074;
import static dev.trimtab.definition.DefinitionCode.CD077;
import static dev.trimtab.definition.DefinitionCode.CD078;
import static dev.trimtab.definition.DefinitionCode.CD080;
import static dev.trimtab.definition.RuleCases.cluster;
import static dev.trimtab.definition.RuleCases.configMap;
import static dev.trimtab.definition.RuleCases.endpoint;
import static dev.trimtab.definition.RuleCases.error;
import static dev.trimtab.definition.RuleCases.flannel;
import static dev.trimtab.definition.RuleCases.hostNetwork;
import static dev.trimtab.definition.RuleCases.kuboard;
import static dev.trimtab.definition.RuleCases.nodes;
import static dev.trimtab.definition.RuleCases.passes;
import static dev.trimtab.definition.RuleCases.warning;

import dev.trimtab.definition.RuleCases.Case;
import dev.trimtab.definition.RuleCases.Edit;
import java.util.List;

/** Of flannel, Kuboard and plain objects. */
final class AddonRuleCases {

    static final List<Case> BROKEN = List.of(
            error(
                    CD060,
                    "Flannel.spec.network 10.224.0.0/16 must equal Cluster podSubnets 10.244.0.0/16; flannel would refuse every node's podCIDR",
                    flannel("", "  network: «10.224.0.0/16\n")),
            error(
                    CD061,
                    "backend.type \"wiregaurd\" is unknown; use vxlan, host-gw or wireguard",
                    flannel("type: vxlan", "type: «wiregaurd")),
            error(
                    CD061,
                    "backend.type \"udp\" is unknown; use vxlan, host-gw or wireguard",
                    flannel("type: vxlan", "type: «udp")),
            error(
                    CD062,
                    "backend.vxlan.vni is set but backend.type is host-gw",
                    flannel("type: vxlan", "type: host-gw, vxlan: {vni: «2}")),
            error(
                    CD062,
                    "backend.wireguard.mode is set but backend.type is vxlan",
                    flannel("type: vxlan", "type: vxlan, wireguard: {mode: «auto}")),
            error(
                    CD063,
                    "host-gw needs one layer-2 network; 10.1.0.0/24 and 192.168.16.0/24 found",
                    flannel("type: vxlan", "type: «host-gw"),
                    nodes("  nodes:", "  defaults: {prefixLength: 24}\n  nodes:"),
                    nodes("192.168.16.201", "10.1.0.5")),
            error(
                    CD065,
                    "flannel v0.24.4 is older than v0.25.0, the oldest that can be rendered",
                    flannel("v0.28.9", "«v0.24.4")),
            error(
                    CD065,
                    "Flannel.spec.version \"v0.28\" must be a full version such as v0.28.9",
                    flannel("v0.28.9", "«v0.28")),
            error(
                    CD065,
                    "healthPort needs the flannel v0.28.9 manifest form; version is v0.28.5",
                    flannel("v0.28.9", "v0.28.5\n  healthPort: «8081")),
            error(
                    CD065,
                    "argument --ip-blackhole-route needs flannel v0.27.1; version is v0.26.7",
                    flannel("v0.28.9", "v0.26.7\n  extraArgs: [«--ip-blackhole-route]")),
            error(
                    CD033,
                    "selector label \"k8s app: flannel\" is not valid",
                    flannel("", "  selector: {k8s app: «flannel}\n")),
            error(
                    CD033,
                    "selector has the label app, which is flannel's own: app: flannel",
                    flannel("", "  selector: {app: «other}\n")),
            warning(
                    CD066,
                    "Flannel.nftables true with kube-proxy iptables mixes rule sets",
                    flannel("", "  nftables: «true\n")),
            warning(
                    CD067,
                    "8081 is also used by DaemonSet ops/probe on hostNetwork",
                    flannel("", "  healthPort: «8081\n"),
                    hostNetwork(8081)),
            error(
                    CD070,
                    "endpoint http://127.0.0.1:8080 is a loopback address; agents inside the cluster would call themselves",
                    endpoint("«http://127.0.0.1:8080")),
            error(
                    CD070,
                    "endpoint http://localhost:8080 is a loopback address; agents inside the cluster would call themselves",
                    endpoint("«http://localhost:8080")),
            error(
                    CD070,
                    "endpoint http://127.0.0.1 is a loopback address; agents inside the cluster would call themselves",
                    endpoint("«http://127.0.0.1")),
            error(
                    CD070,
                    "endpoint http://[::1]:80 is a loopback address; agents inside the cluster would call themselves",
                    endpoint("«http://[::1]:80")),
            error(
                    CD070,
                    "endpoint http://0.0.0.0 is the unspecified address; agents inside the cluster would call themselves",
                    endpoint("«http://0.0.0.0")),
            error(
                    CD071,
                    "endpoint must be scheme://host[:port] without a path (Kuboard needs the root context)",
                    endpoint("«http://kuboard.internal:8080/kuboard")),
            error(
                    CD071,
                    "endpoint must be scheme://host[:port] without a path (Kuboard needs the root context)",
                    endpoint("«kuboard.internal:8080")),
            warning(
                    CD072,
                    "agent pods do not read node /etc/hosts; kuboard.internal must resolve in DNS",
                    endpoint("«http://kuboard.internal:8080"),
                    cluster("", "  hosts: {extra: [{ip: 192.168.16.9, names: [kuboard.internal]}]}\n")),
            error(
                    CD073,
                    "endpoint port 80 but the server publishes 8080; agents would be refused",
                    endpoint("«http://kuboard.internal")),
            error(
                    CD074,
                    "agentServer.port 10081 but the server publishes 30081",
                    kuboard("  clusterName", "  agentServer: {port: «10081}\n  clusterName"),
                    kuboard("publishedAgentPort: 10081", "publishedAgentPort: 30081")),
            warning(
                    CD077,
                    "image tag v3 moves; pin a digest",
                    kuboard("@sha256:" + "0".repeat(64), ""),
                    kuboard("image: ", "image: «")),
            warning(
                    CD077,
                    "rbac.admin cluster-admin lets whoever holds the agent key do anything in the cluster",
                    kuboard("kuboard-operator", "«cluster-admin")),
            error(
                    CD078,
                    "both agents share one remotePort; more than one replica would fight for it",
                    kuboard("", "  replicas: «2\n")),
            error(
                    CD080,
                    "ConfigMap shop/a is defined twice: a.yaml:1 and b.yaml:1",
                    new Edit("a.yaml", "", configMap("")),
                    new Edit("b.yaml", "", "«" + configMap(""))));

    static final List<Case> KEPT = List.of(
            passes(CD060, flannel("", "  network: 10.244.0.0/16\n")),
            passes(CD061, flannel("type: vxlan", "type: wireguard")),
            passes(CD062, flannel("type: vxlan", "type: wireguard, wireguard: {mode: auto}")),
            passes(CD063, flannel("type: vxlan", "type: host-gw"), nodes("192.168.16.201", "10.1.0.5")),
            passes(
                    CD063,
                    flannel("type: vxlan", "type: host-gw"),
                    nodes("  nodes:", "  defaults: {prefixLength: 24}\n  nodes:")),
            passes(CD033, flannel("", "  selector: {k8s-app: flannel}\n")),
            passes(CD065, flannel("v0.28.9", "v0.25.0")),
            passes(CD065, flannel("v0.28.9", "v0.28.5\n  healthPort: 0")),
            passes(
                    CD066,
                    flannel("", "  nftables: true\n"),
                    cluster("kubeProxyMode: iptables", "kubeProxyMode: nftables")),
            passes(CD067, hostNetwork(9100)),
            passes(CD070, endpoint("http://192.168.16.200:8080")),
            passes(CD071, endpoint("http://kuboard.internal:8080/")),
            passes(CD072, endpoint("http://192.168.16.200:8080")),
            passes(
                    CD073,
                    endpoint("https://kuboard.internal"),
                    kuboard("publishedWebPort: 8080", "publishedWebPort: 443")),
            passes(
                    CD074,
                    kuboard("  clusterName", "  agentServer: {port: 30081}\n  clusterName"),
                    kuboard("publishedAgentPort: 10081", "publishedAgentPort: 30081")),
            passes(CD077, kuboard(":v3@sha256:" + "0".repeat(64), ":v3.5.2.7")),
            passes(CD078, kuboard("", "  replicas: 1\n")),
            passes(CD080, new Edit("a.yaml", "", configMap("")), new Edit("b.yaml", "", configMap("2"))));

    private AddonRuleCases() {}
}
