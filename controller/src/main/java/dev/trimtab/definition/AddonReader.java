package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD061;

import dev.trimtab.definition.Flannel.BackendType;
import dev.trimtab.definition.Flannel.WireguardMode;
import dev.trimtab.definition.KuboardAgent.Protocol;
import java.util.OptionalInt;

/** Reads kinds {@link Flannel} and {@link KuboardAgent}: the names of their fields, types, defaults and what they mean. */
final class AddonReader {

    private static final int HEALTH_PORT = 8081;

    private AddonReader() {}

    static Flannel flannel(Fields document) {
        Fields spec = document.object("spec", "the pod network");
        String version = ClusterReader.version(
                spec.required("version", "full version, `v0.25.0` or newer; the images' tag follows it"));
        OptionalInt healthPort = spec.number(
                "healthPort",
                "on every node, `0` is off; when left out, `" + HEALTH_PORT + "` from " + Flannel.HEALTH_SINCE
                        + " on and off before",
                new Field.Bounds(0, 65_535));
        return new Flannel(
                version,
                spec.text("network", "the pod subnets, which it must equal; two are parted by a comma"),
                backend(spec.object("backend", "how packets travel between nodes")),
                nodeInterface(
                        spec.object("interface", "which interface of a node; that of the default route otherwise")),
                spec.flag("nftables", "whether nftables instead of iptables rules are written", false),
                images(spec.object("images", "repositories without a tag")),
                healthPort.orElse(Versions.isAtLeast(version, Flannel.HEALTH_SINCE) ? HEALTH_PORT : 0),
                spec.free("resources", "of the container, as in a pod"),
                spec.texts("extraArgs", "further arguments of flanneld, for instance `--iptables-resync=10`"),
                spec.map(
                        "selector",
                        "further labels, beside `app: flannel`, by which the DaemonSet finds its pods; fixed once it is"
                                + " there. The file of flannel's releases has `k8s-app: flannel`, that of its sources has none"),
                spec.flag("allowBackendChange", "confirms that pod traffic may stop while the backend changes", false),
                document.origin());
    }

    private static Flannel.Backend backend(Fields backend) {
        BackendType type = backend.choice(
                "type",
                "`vxlan` works over any network, `host-gw` needs one layer-2 network, `wireguard` encrypts",
                BackendType.VXLAN,
                CD061,
                "backend.type",
                "unknown");
        Fields vxlan = backend.object("vxlan", "only with the type `vxlan`");
        Fields wireguard = backend.object("wireguard", "only with the type `wireguard`");
        return new Flannel.Backend(
                type,
                new Flannel.Vxlan(
                        vxlan.number("vni", "the VXLAN's number", 1),
                        vxlan.port("port", "UDP, on every node", 8472),
                        vxlan.flag("directRouting", "whether nodes of one subnet skip the tunnel", false),
                        vxlan.number("mtu", "`0` lets flannel decide", 0)),
                new Flannel.Wireguard(
                        wireguard.port("listenPort", "UDP, on every node", 51820),
                        wireguard.port("listenPortV6", "the same for IPv6", 51821),
                        wireguard.choice("mode", "tunnels for IPv4 and IPv6", WireguardMode.SEPARATE),
                        wireguard.number("persistentKeepalive", "seconds; `0` is off", 0),
                        wireguard.secretRef("pskSecretRef", "a pre-shared key")));
    }

    private static Flannel.Interface nodeInterface(Fields nodeInterface) {
        return new Flannel.Interface(
                nodeInterface.texts("names", "names or addresses; the first that a node has"),
                nodeInterface.texts("regexes", "tried after the names"),
                nodeInterface.text("canReach", "the interface over which this address is reached"));
    }

    private static Flannel.Images images(Fields images) {
        return new Flannel.Images(
                images.text("flannel", "of flannel itself"),
                images.text("cniPlugin", "of its CNI plugin"),
                images.texts("pullSecrets", "names of Secrets in kube-flannel"));
    }

    static KuboardAgent kuboardAgent(Fields document) {
        Fields spec = document.object("spec", "the agents that connect the cluster to a Kuboard v3 server");
        String endpoint = spec.required("endpoint", "root URL of the server as pods of this cluster reach it");
        Fields agentServer = spec.object("agentServer", "where the agents' tunnel ends");
        Fields rbac = spec.object("rbac", "ClusterRoles that the two agents are bound to");
        return new KuboardAgent(
                endpoint,
                new KuboardAgent.AgentServer(
                        agentServer.text("host", "when it is another than the endpoint's"),
                        agentServer.port("port", "as agents reach it", 10081),
                        agentServer.choice("protocol", "of the tunnel", Protocol.TCP)),
                spec.port("remotePort", "that the server gave to this cluster", 35001),
                spec.required("clusterName", "the cluster's name in Kuboard"),
                spec.text("nameSuffix", "of the agents' names, from the server; empty for an agent beside its server"),
                spec.requiredSecretRef("keySecretRef", "the agent key, in namespace kuboard"),
                spec.requiredSecretRef("tokenSecretRef", "the anonymous token, in namespace kuboard"),
                spec.text("proxy", "for the connection to the server"),
                spec.text(
                        "image",
                        "of the agent, better with a digest",
                        "swr.cn-east-2.myhuaweicloud.com/kuboard/kuboard-agent:v3"),
                spec.number("replicas", "of each of the two agents; they share one port, so 1", 1),
                new KuboardAgent.Rbac(
                        rbac.text("admin", "of the agent for administrators", "cluster-admin"),
                        rbac.text("viewer", "of the agent for viewers", "view")),
                spec.optional("server", "what the server publishes, only to check the endpoint against it")
                        .map(server -> new KuboardAgent.Server(
                                server.port("publishedWebPort", "of its web pages", 80),
                                server.port("publishedAgentPort", "of the agents' tunnel", 10081))),
                document.origin());
    }
}
