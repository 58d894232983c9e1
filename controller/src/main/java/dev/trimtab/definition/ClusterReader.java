package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD001;

import dev.trimtab.definition.Cluster.CgroupDriver;
import dev.trimtab.definition.Cluster.Enforcement;
import dev.trimtab.definition.Cluster.KubeProxyMode;
import dev.trimtab.definition.Cluster.PullPolicy;
import dev.trimtab.definition.Cluster.Trust;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads kind {@link Cluster}: the names of its fields, their types and their defaults. */
final class ClusterReader {

    private ClusterReader() {}

    static Cluster read(Fields document, Fields metadata) {
        String name = metadata.text("name").orElse("");
        if (name.isEmpty()) {
            metadata.missing("name");
        }
        Fields spec = document.object("spec");
        return new Cluster(
                name,
                version(spec.required("kubernetesVersion")),
                spec.optional("controlPlaneEndpoint")
                        .map(endpoint ->
                                new Cluster.Endpoint(endpoint.required("host"), endpoint.number("port", 6443))),
                network(spec.object("network")),
                images(spec.object("images")),
                spec.objects("registries").stream().map(ClusterReader::registry).toList(),
                containerd(spec.object("containerd")),
                packages(spec.object("packages")),
                time(spec.object("time")),
                hosts(spec.object("hosts")),
                os(spec.object("os")),
                new Cluster.Kubelet(spec.object("kubelet").free("config")),
                kubeadm(spec.object("kubeadm")),
                new Cluster.Tokens(spec.object("tokens").duration("ttl").orElse(Duration.ofMinutes(15))),
                policy(spec.object("policy")),
                document.origin());
    }

    /** {@code 1.36.4} and {@code v1.36.4} are the same version. */
    static String version(String written) {
        return written.isEmpty() || written.startsWith("v") ? written : "v" + written;
    }

    static Optional<SecretRef> secretRef(Fields fields, String name) {
        return fields.optional(name).map(ref -> new SecretRef(ref.required("name"), ref.required("key")));
    }

    private static Cluster.Network network(Fields network) {
        List<String> podSubnets = network.requiredTexts("podSubnets");
        List<String> serviceSubnets = network.texts("serviceSubnets");
        return new Cluster.Network(
                podSubnets,
                serviceSubnets.isEmpty() ? List.of("10.96.0.0/12") : serviceSubnets,
                network.number("nodeCIDRMaskSizeIPv4", 24),
                network.number("nodeCIDRMaskSizeIPv6", 64),
                network.text("dnsDomain", "cluster.local"),
                network.choice("kubeProxyMode", KubeProxyMode.IPTABLES));
    }

    private static Cluster.Images images(Fields images) {
        return new Cluster.Images(
                images.text("repository", "registry.k8s.io"),
                images.choice("pullPolicy", PullPolicy.IF_NOT_PRESENT),
                images.text("sandbox"));
    }

    private static Cluster.Registry registry(Fields registry) {
        return new Cluster.Registry(
                registry.required("registry"),
                registry.flag("fallback", true),
                registry.objects("endpoints").stream()
                        .map(endpoint -> new Cluster.Mirror(
                                endpoint.required("url"),
                                endpoint.choice("trust", Trust.PUBLIC),
                                secretRef(endpoint, "caSecretRef"),
                                endpoint.flag("overridePath", false),
                                endpoint.flag("skipVerify", false),
                                endpoint.duration("dialTimeout")))
                        .toList());
    }

    private static Cluster.Containerd containerd(Fields containerd) {
        return new Cluster.Containerd(
                containerd.text("source", "containerd.io"),
                containerd.text("version"),
                configVersion(containerd),
                containerd.choice("cgroupDriver", CgroupDriver.SYSTEMD),
                containerd.text("snapshotter", "overlayfs"));
    }

    /** The word {@code auto} or a number, which people write with and without quotes. */
    private static String configVersion(Fields containerd) {
        String name = "configVersion";
        String written = containerd.scalar(name).orElse("auto");
        if (!List.of("auto", "2", "3", "4").contains(written)) {
            containerd.wrong(
                    CD001, name, "configVersion must be auto, 2, 3 or 4", "leave it out: auto fits the version");
        }
        return written;
    }

    private static Cluster.Packages packages(Fields packages) {
        return new Cluster.Packages(
                packageSource(packages.object("kubernetes"), "https://pkgs.k8s.io/core:/stable:/v{minor}/deb/"),
                packageSource(packages.object("containerd"), "https://download.docker.com/linux/{distro}"),
                packages.flag("hold", true));
    }

    private static Cluster.PackageSource packageSource(Fields source, String url) {
        return new Cluster.PackageSource(source.text("urlTemplate", url), source.text("keyFingerprint"));
    }

    private static Cluster.Time time(Fields time) {
        return new Cluster.Time(
                time.text("provider", "chrony"),
                time.texts("servers"),
                time.texts("pools"),
                time.number("maxSkewSeconds", 30));
    }

    private static Cluster.Hosts hosts(Fields hosts) {
        return new Cluster.Hosts(
                hosts.flag("manage", true),
                hosts.objects("extra").stream()
                        .map(entry -> new Cluster.HostEntry(entry.required("ip"), entry.texts("names")))
                        .toList());
    }

    private static Cluster.Os os(Fields os) {
        return new Cluster.Os(
                os.text("swap", "disabled"),
                os.text("selinux", "leave"),
                os.text("firewall", "document"),
                os.texts("kernelModules"),
                os.map("sysctl"));
    }

    private static Cluster.Kubeadm kubeadm(Fields kubeadm) {
        return new Cluster.Kubeadm(
                kubeadm.texts("certSANs"),
                kubeadm.map("timeouts"),
                kubeadm.text("encryptionAlgorithm", "RSA-2048"),
                kubeadm.texts("ignorePreflightErrors"),
                kubeadm.texts("patches"));
    }

    private static Cluster.Policy policy(Fields policy) {
        return new Cluster.Policy(
                policy.text("onUnknownNode", "alert"),
                policy.choice("cordon", Enforcement.OBSERVE),
                policy.choice("labels", Enforcement.ENFORCE),
                policy.choice("taints", Enforcement.ENFORCE),
                policy.text("provisioning", "manual"));
    }
}
