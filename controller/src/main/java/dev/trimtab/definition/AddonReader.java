package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD061;

import dev.trimtab.definition.Flannel.BackendType;

/** Reads kinds {@link Flannel} and {@link KuboardAgent}: the names of their fields, their types and their defaults. */
final class AddonReader {

    private AddonReader() {}

    static Flannel flannel(Fields document) {
        Fields spec = document.object("spec");
        return new Flannel(
                ClusterReader.version(spec.required("version")),
                spec.text("network"),
                backend(spec.object("backend")),
                nodeInterface(spec.object("interface")),
                spec.flag("nftables", false),
                images(spec.object("images")),
                spec.number("healthPort", 8081),
                spec.free("resources"),
                spec.texts("extraArgs"),
                spec.flag("allowBackendChange", false),
                document.origin());
    }

    private static Flannel.Backend backend(Fields backend) {
        Fields vxlan = backend.object("vxlan");
        Fields wireguard = backend.object("wireguard");
        return new Flannel.Backend(
                backend.choice("type", BackendType.VXLAN, CD061, "backend.type", "unknown"),
                new Flannel.Vxlan(
                        vxlan.number("vni", 1),
                        vxlan.number("port", 8472),
                        vxlan.flag("directRouting", false),
                        vxlan.number("mtu", 0)),
                new Flannel.Wireguard(
                        wireguard.number("listenPort", 51820),
                        wireguard.number("listenPortV6", 51821),
                        wireguard.text("mode", "separate"),
                        wireguard.number("persistentKeepalive", 0),
                        ClusterReader.secretRef(wireguard, "pskSecretRef")));
    }

    private static Flannel.Interface nodeInterface(Fields nodeInterface) {
        return new Flannel.Interface(
                nodeInterface.texts("names"), nodeInterface.texts("regexes"), nodeInterface.text("canReach"));
    }

    private static Flannel.Images images(Fields images) {
        return new Flannel.Images(images.text("flannel"), images.text("cniPlugin"), images.texts("pullSecrets"));
    }

    static KuboardAgent kuboardAgent(Fields document) {
        Fields spec = document.object("spec");
        Fields agentServer = spec.object("agentServer");
        Fields rbac = spec.object("rbac");
        return new KuboardAgent(
                spec.required("endpoint"),
                new KuboardAgent.AgentServer(
                        agentServer.text("host"),
                        agentServer.number("port", 10081),
                        agentServer.text("protocol", "tcp")),
                spec.number("remotePort", 35001),
                spec.required("clusterName"),
                spec.text("nameSuffix"),
                secretRef(spec, "keySecretRef"),
                secretRef(spec, "tokenSecretRef"),
                spec.text("proxy"),
                spec.text("image", "swr.cn-east-2.myhuaweicloud.com/kuboard/kuboard-agent:v3"),
                spec.number("replicas", 1),
                new KuboardAgent.Rbac(rbac.text("admin", "cluster-admin"), rbac.text("viewer", "view")),
                spec.optional("server")
                        .map(server -> new KuboardAgent.Server(
                                server.number("publishedWebPort", 80), server.number("publishedAgentPort", 10081))),
                document.origin());
    }

    private static SecretRef secretRef(Fields spec, String name) {
        return ClusterReader.secretRef(spec, name).orElseGet(() -> {
            spec.missing(name);
            return new SecretRef("", "");
        });
    }
}
