package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD001;
import static dev.trimtab.definition.DefinitionCode.CD002;
import static dev.trimtab.definition.DefinitionCode.CD003;
import static dev.trimtab.definition.DefinitionCode.CD040;
import static dev.trimtab.definition.DefinitionCode.CD041;
import static dev.trimtab.definition.DefinitionCode.CD042;
import static dev.trimtab.definition.DefinitionCode.CD043;
import static dev.trimtab.definition.DefinitionCode.CD044;
import static dev.trimtab.definition.DefinitionCode.CD050;
import static dev.trimtab.definition.DefinitionCode.CD051;
import static dev.trimtab.definition.DefinitionCode.CD052;
import static dev.trimtab.definition.DefinitionCode.CD053;
import static dev.trimtab.definition.DefinitionCode.CD054;
import static dev.trimtab.definition.DefinitionCode.CD055;
import static dev.trimtab.definition.DefinitionCode.CD056;
import static dev.trimtab.definition.DefinitionCode.CD057;
import static dev.trimtab.definition.DefinitionCode.CD058;
import static dev.trimtab.definition.RuleCases.MASTER;
import static dev.trimtab.definition.RuleCases.NODE1;
import static dev.trimtab.definition.RuleCases.NODE2;
import static dev.trimtab.definition.RuleCases.PEM;
import static dev.trimtab.definition.RuleCases.base64;
import static dev.trimtab.definition.RuleCases.cluster;
import static dev.trimtab.definition.RuleCases.error;
import static dev.trimtab.definition.RuleCases.flannel;
import static dev.trimtab.definition.RuleCases.kuboard;
import static dev.trimtab.definition.RuleCases.node1;
import static dev.trimtab.definition.RuleCases.nodes;
import static dev.trimtab.definition.RuleCases.packages;
import static dev.trimtab.definition.RuleCases.passes;
import static dev.trimtab.definition.RuleCases.registry;
import static dev.trimtab.definition.RuleCases.warning;

import dev.trimtab.definition.RuleCases.Case;
import dev.trimtab.definition.RuleCases.Edit;
import java.util.List;

/** Of the cluster: versions, secrets, kubeadm, containerd and packages. */
final class ClusterRuleCases {

    static final List<Case> BROKEN = List.of(
            error(
                    CD001,
                    "unknown field \"podSubnet\" in Cluster.spec.network; did you mean \"podSubnets\"?",
                    cluster("nodeCIDRMaskSizeIPv4: 24", "«podSubnet: []")),
            error(
                    CD001,
                    "group \"gpx\" of node k8s-node1 is unknown; did you mean \"gpu\"?",
                    nodes(NODE1, node1("groups: [«gpx]"))),
            error(
                    CD001,
                    "hosts.extra[0].ip \"api\" is no IP address",
                    cluster("", "  hosts: {extra: [{ip: «api, names: [a]}]}\n")),
            error(CD001, "Flannel.spec.healthPort must be between 0 and 65535", flannel("", "  healthPort: «70000\n")),
            error(
                    CD001,
                    "Cluster.spec.kubeadm.timeouts.discovery must be a duration such as 15m or 1h30m",
                    cluster("", "  kubeadm: {timeouts: {discovery: «soon}}\n")),
            error(
                    CD002,
                    "found 2 Cluster documents (cluster.yaml:1, two.yaml:1); exactly one is required",
                    new Edit(
                            "two.yaml",
                            "",
                            "«apiVersion: cluster.trimtab.dev/v1alpha1\nkind: Cluster\nmetadata: {name: b}\nspec: {kubernetesVersion: v1.36.4, network: {podSubnets: [10.1.0.0/16]}}\n")),
            error(
                    CD003,
                    "kubernetesVersion \"1.36\" must be a full version such as v1.36.4",
                    cluster("v1.36.4", "«\"1.36\"")),
            error(
                    CD003,
                    "v1.30.0 is older than the oldest minor in the version matrix (1.33)",
                    cluster("v1.36.4", "«v1.30.0")),
            error(
                    CD003,
                    "v1.99.0 is newer than the newest minor in the version matrix (1.37)",
                    cluster("v1.36.4", "«v1.99.0")),
            error(
                    CD003,
                    "kubeletVersion v1.37.0 of node k8s-node1 is newer than kubernetesVersion v1.36.4",
                    nodes(NODE1, node1("kubeletVersion: «v1.37.0"))),
            error(
                    CD003,
                    "kubeletVersion v1.32.0 of node k8s-node1 is more than 3 minors older than kubernetesVersion v1.36.4",
                    nodes(NODE1, node1("kubeletVersion: «v1.32.0"))),
            error(
                    CD003,
                    "encryptionAlgorithm ECDSA-P384 needs Kubernetes 1.34; kubernetesVersion is v1.33.4",
                    cluster("v1.36.4", "v1.33.4"),
                    cluster("", "  kubeadm: {encryptionAlgorithm: «ECDSA-P384}\n")),
            error(
                    CD040,
                    "ssh.password is not allowed in Git; use ssh.keySecretRef",
                    nodes(NODE1, node1("ssh: {«password: x}"))),
            error(
                    CD040,
                    "spec.agentKey is not allowed in Git; use spec.keySecretRef",
                    kuboard("clusterName: demo", "clusterName: demo\n  «agentKey: x")),
            error(
                    CD040,
                    "Inventory.spec.nodes.1.annotations.k holds a private key, which is not allowed in Git",
                    nodes(NODE1, node1("annotations: {k: «\"" + PEM + "\"}"))),
            error(
                    CD040,
                    "Cluster.metadata.name holds a bootstrap token, which is not allowed in Git",
                    cluster("name: demo", "name: «q1w2e3.0a1b2c3d4e5f6a7b")),
            warning(
                    CD040,
                    "ConfigMap shop/keys holds a private key at data.id, readable for everybody who reads the repository",
                    new Edit(
                            "keys.yaml",
                            "",
                            "{apiVersion: v1, kind: ConfigMap, metadata: {name: keys, namespace: shop}, data: {id: «\""
                                    + PEM + "\"}}\n")),
            warning(
                    CD040,
                    "Secret shop/keys holds a private key at data.id, readable for everybody who reads the repository",
                    new Edit(
                            "keys.yaml",
                            "",
                            "{apiVersion: v1, kind: Secret, metadata: {name: keys, namespace: shop}, data: {id: «"
                                    + base64(PEM) + "}}\n")),
            error(
                    CD040,
                    "Cluster.spec.registries.0.endpoints.0.url holds a password in a URL, which is not allowed in Git",
                    registry("docker.io", "{url: «\"https://me:mine@mirror.internal\"}")),
            error(
                    CD041,
                    "ignorePreflightErrors \"all\" hides real faults; list single checks",
                    cluster("", "  kubeadm: {ignorePreflightErrors: [NumCPU, «all]}\n")),
            error(
                    CD042,
                    "token abcdef.0123456789abcdef is the published example",
                    cluster("name: demo", "name: demo, annotations: {t: «abcdef.0123456789abcdef}")),
            error(CD043, "tokens.ttl 0 would create a token that never expires", cluster("", "  tokens: {ttl: «0s}\n")),
            error(
                    CD043,
                    "tokens.ttl 25h is longer than 24h; a machine joins within minutes",
                    cluster("", "  tokens: {ttl: «25h}\n")),
            error(
                    CD044,
                    "node k8s-node1 has no ssh.hostKey; provisioning refuses unknown host keys",
                    cluster("", "  policy: {provisioning: ssh}\n"),
                    nodes(NODE1, node1("ssh: «{user: ops}")),
                    nodes(MASTER, MASTER.replace("}", ", ssh: {hostKey: ssh-ed25519 AAAA}}")),
                    nodes(NODE2, NODE2.replace("}", ", ssh: {hostKey: ssh-ed25519 AAAA}}"))),
            error(
                    CD050,
                    "containerd 1.7.30 is not supported with Kubernetes 1.36 (needs 2.2.0+ or 2.3.0+)",
                    cluster("2.3.4", "«1.7.30")),
            error(
                    CD050,
                    "containerd.version \"latest\" must be a full version such as 2.3.4",
                    cluster("2.3.4", "«latest")),
            error(
                    CD051,
                    "configVersion 4 needs containerd 2.3; containerd.version is 2.2.5",
                    cluster("{version: 2.3.4}", "{version: 2.2.5, configVersion: «4}")),
            error(
                    CD052,
                    "registry \"registry.aliyuncs.com/google_containers\" must be a host; containerd ignores the path",
                    registry("«registry.aliyuncs.com/google_containers", "{url: \"https://m\"}")),
            error(
                    CD052,
                    "registry \"https://docker.io\" must be a host; containerd knows registries without a scheme",
                    registry("«https://docker.io", "{url: \"https://m\"}")),
            error(
                    CD053,
                    "endpoints[0].url \"mirror.internal\" needs http:// or https://",
                    registry("docker.io", "{url: «mirror.internal}")),
            error(
                    CD053,
                    "registry \"docker.io\" has no endpoints",
                    cluster("", "  registries: [{registry: docker.io, endpoints: «[]}]\n")),
            error(
                    CD053,
                    "registry \"docker.io\" is listed twice: cluster.yaml:14 and cluster.yaml:15",
                    cluster(
                            "",
                            "  registries:\n    - {registry: docker.io, endpoints: [{url: \"https://m\"}]}\n    - {registry: «docker.io, endpoints: [{url: \"https://n\"}]}\n")),
            warning(
                    CD054,
                    "mirror http://mirror.internal is not verified",
                    registry("docker.io", "{url: «\"http://mirror.internal\"}")),
            warning(
                    CD054,
                    "mirror https://mirror.internal is not verified",
                    registry("docker.io", "{url: «\"https://mirror.internal\", skipVerify: true}")),
            warning(
                    CD055,
                    "images.sandbox pause:3.6 differs from kubeadm's 3.10.2",
                    cluster("", "  images: {sandbox: «\"registry.k8s.io/pause:3.6\"}\n")),
            error(
                    CD056,
                    "kubelet flag pod-infra-container-image was removed in 1.35",
                    cluster("", "  kubelet: {extraArgs: {pod-infra-container-image: «\"pause:3.10\"}}\n")),
            error(
                    CD056,
                    "kubelet.config.cgroupDriver \"cgroupfs\" differs from containerd.cgroupDriver systemd; pods would not start",
                    cluster("", "  kubelet: {config: {cgroupDriver: «cgroupfs}}\n")),
            error(
                    CD056,
                    "kubelet.config.failSwapOn follows from os.swap and cannot be set beside it",
                    cluster("", "  kubelet: {config: {failSwapOn: «false}}\n")),
            warning(
                    CD057,
                    "kubeProxyMode ipvs is deprecated since 1.35",
                    cluster("kubeProxyMode: iptables", "kubeProxyMode: «ipvs")),
            error(
                    CD057,
                    "kubeProxyMode nftables needs Linux 5.13; node k8s-node1 has 5.4.0-150-generic",
                    cluster("kubeProxyMode: iptables", "kubeProxyMode: nftables"),
                    nodes(NODE1, node1("kernelVersion: «5.4.0-150-generic"))),
            error(
                    CD058,
                    "packages.kubernetes.urlTemplate points to v1.34 but kubernetesVersion is v1.36.4",
                    packages("«https://pkgs.k8s.io/core:/stable:/v1.34/deb/")),
            error(
                    CD058,
                    "packages.kubernetes.urlTemplate names the legacy repository; kubernetes-xenial was frozen in 2023",
                    packages("«https://mirror.internal/kubernetes/apt kubernetes-xenial main")));

    static final List<Case> KEPT = List.of(
            passes(CD001, nodes(NODE1, node1("groups: [gpu]"))),
            passes(CD002),
            passes(CD003, cluster("v1.36.4", "1.33.0")),
            passes(CD003, nodes(NODE1, node1("kubeletVersion: v1.33.9"))),
            passes(CD003, nodes(NODE1, node1("kubeletVersion: v1.36.9"))),
            passes(
                    CD003,
                    cluster("v1.36.4", "v1.40.1"),
                    new Edit(
                            "versions.yaml",
                            "",
                            "apiVersion: cluster.trimtab.dev/v1alpha1\nkind: VersionMatrix\nspec: {kubernetes: [{minor: \"1.40\", kubeadmApi: a, containerd: [2.3.0], pause: \"4\"}]}\n")),
            passes(
                    CD040,
                    nodes(
                            NODE1,
                            node1(
                                    "ssh: {keySecretRef: {name: a, key: password}}, annotations: {k: worker.europewestregion}"))),
            passes(CD041, cluster("", "  kubeadm: {ignorePreflightErrors: [NumCPU]}\n")),
            passes(CD042, cluster("name: demo", "name: demo, annotations: {t: abcdef.example}")),
            passes(CD043, cluster("", "  tokens: {ttl: 24h}\n")),
            passes(CD044, nodes(NODE1, node1("ssh: {user: ops}"))),
            passes(CD050, cluster("2.3.4", "2.2.0")),
            passes(CD051, cluster("{version: 2.3.4}", "{version: 2.2.5, configVersion: 3}")),
            passes(CD052, registry("registry.internal:5000", "{url: \"https://m\"}")),
            passes(CD052, registry("\"*\"", "{url: \"https://m\"}")),
            passes(CD053, registry("docker.io", "{url: \"https://m\"}, {url: \"http://n\"}")),
            passes(CD054, registry("docker.io", "{url: \"https://m\"}")),
            passes(CD055, cluster("", "  images: {sandbox: \"mirror.internal:5000/pause:3.10.2\"}\n")),
            passes(
                    CD056,
                    cluster("", "  kubelet: {config: {maxPods: 100, cgroupDriver: systemd}, extraArgs: {v: \"2\"}}\n")),
            passes(
                    CD056,
                    cluster("v1.36.4", "v1.34.1"),
                    cluster("", "  kubelet: {extraArgs: {pod-infra-container-image: a}}\n")),
            passes(CD057, cluster("v1.36.4", "v1.34.1"), cluster("kubeProxyMode: iptables", "kubeProxyMode: ipvs")),
            passes(
                    CD057,
                    cluster("kubeProxyMode: iptables", "kubeProxyMode: nftables"),
                    nodes(NODE1, node1("kernelVersion: 6.8.0-40-generic"))),
            passes(CD058, packages("https://mirror.internal/core:/stable:/v{minor}/deb/")),
            passes(CD058, packages("https://mirror.internal/core:/stable:/v1.36/deb/")));

    private ClusterRuleCases() {}
}
