package dev.trimtab.definition;

import dev.trimtab.definition.Cluster.CgroupDriver;
import dev.trimtab.definition.Cluster.ConfigVersion;
import dev.trimtab.definition.Cluster.ContainerdSource;
import dev.trimtab.definition.Cluster.EncryptionAlgorithm;
import dev.trimtab.definition.Cluster.Enforcement;
import dev.trimtab.definition.Cluster.Firewall;
import dev.trimtab.definition.Cluster.KubeProxyMode;
import dev.trimtab.definition.Cluster.OnUnknownNode;
import dev.trimtab.definition.Cluster.Provisioning;
import dev.trimtab.definition.Cluster.PullPolicy;
import dev.trimtab.definition.Cluster.Selinux;
import dev.trimtab.definition.Cluster.Swap;
import dev.trimtab.definition.Cluster.TimeProvider;
import dev.trimtab.definition.Cluster.Trust;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads kind {@link Cluster}: the names of its fields, their types, their defaults and what they mean. */
final class ClusterReader {

    private ClusterReader() {}

    static Cluster read(Fields document, Fields metadata) {
        String name = metadata.required("name", "the cluster's name");
        Fields spec = document.object("spec", "everything about the cluster that is not one machine");
        return new Cluster(
                name,
                version(spec.required(
                        "kubernetesVersion", "full version, for instance `v1.36.4`; the `v` may be left out")),
                spec.optional(
                                "controlPlaneEndpoint",
                                "a DNS name or virtual address that stays when control-plane nodes change; it cannot be"
                                        + " added later without new certificates")
                        .map(endpoint -> new Cluster.Endpoint(
                                endpoint.required("host", "name or address"),
                                endpoint.anyNumber("port", "of the API server", 6443))),
                network(spec.object("network", "address ranges and Services; fixed once the cluster is there")),
                images(spec.object("images", "where the images of Kubernetes itself come from")),
                spec.objects("registries", "mirrors, one entry a registry").stream()
                        .map(ClusterReader::registry)
                        .toList(),
                containerd(spec.object("containerd", "the container runtime")),
                packages(spec.object("packages", "where machines get their packages from")),
                time(spec.object("time", "clocks of the machines")),
                hosts(spec.object("hosts", "the managed block in `/etc/hosts` of every machine")),
                os(spec.object("os", "settings of the operating system")),
                kubelet(spec.object("kubelet", "settings of every kubelet")),
                kubeadm(spec.object("kubeadm", "settings of kubeadm")),
                new Cluster.Tokens(spec.object("tokens", "tokens with which machines join")
                        .duration("ttl", "how long a token lives; at most `24h`", Duration.ofMinutes(15))),
                policy(spec.object("policy", "what is done where nodes differ from the inventory")),
                document.origin());
    }

    /** {@code 1.36.4} and {@code v1.36.4} are the same version. */
    static String version(String written) {
        return written.isEmpty() || written.startsWith("v") ? written : "v" + written;
    }

    private static Cluster.Network network(Fields network) {
        List<String> podSubnets = network.requiredTexts("podSubnets", "one CIDR, or two for dual stack");
        List<String> serviceSubnets = network.texts(
                "serviceSubnets", "one CIDR, or two for dual stack, in the same order; `[10.96.0.0/12]` when left out");
        return new Cluster.Network(
                podSubnets,
                serviceSubnets.isEmpty() ? List.of("10.96.0.0/12") : serviceSubnets,
                network.number("nodeCIDRMaskSizeIPv4", "prefix length of a node's share of the pod subnet", 24),
                network.number("nodeCIDRMaskSizeIPv6", "the same for IPv6", 64),
                network.text("dnsDomain", "domain of Services", "cluster.local"),
                network.choice(
                        "kubeProxyMode",
                        "how kube-proxy programs a node; `ipvs` is deprecated",
                        KubeProxyMode.IPTABLES));
    }

    private static Cluster.Images images(Fields images) {
        return new Cluster.Images(
                images.text("repository", "kubeadm's `imageRepository`", "registry.k8s.io"),
                images.choice("pullPolicy", "when kubeadm pulls its images", PullPolicy.IF_NOT_PRESENT),
                images.text(
                        "sandbox", "the pause image; when left out, the one of the repository that fits the version"));
    }

    private static Cluster.Registry registry(Fields registry) {
        return new Cluster.Registry(
                registry.required("registry", "host and optional port, or `*` for every registry that is not listed"),
                registry.flag("fallback", "whether the registry itself is asked when no mirror has the image", true),
                registry.objects("endpoints", "mirrors in the order in which they are asked").stream()
                        .map(endpoint -> new Cluster.Mirror(
                                endpoint.required("url", "with `http://` or `https://`"),
                                endpoint.choice(
                                        "trust",
                                        "a `public` mirror may deliver content by digest but does not decide what a tag"
                                                + " means; a `private` one does",
                                        Trust.PUBLIC),
                                endpoint.text(
                                        "ca",
                                        "certificates of the authority that signed its own, as PEM; they are public"),
                                endpoint.secretRef(
                                        "caSecretRef", "the same where it is not in Git: it is brought by hand"),
                                endpoint.flag(
                                        "overridePath", "whether the URL already holds the API's root path", false),
                                endpoint.flag("skipVerify", "whether certificates are taken unchecked", false),
                                endpoint.duration("dialTimeout", "how long to wait for it before the next is asked")))
                        .toList());
    }

    private static Cluster.Containerd containerd(Fields containerd) {
        return new Cluster.Containerd(
                containerd.choice(
                        "source",
                        "which package brings it: Docker's, the distribution's, or the release's binaries",
                        ContainerdSource.CONTAINERD_IO),
                containerd.text("version", "full version, for instance `2.3.4`"),
                containerd.choiceOrNumber(
                        "configVersion",
                        "version of its configuration file; `auto` fits the version of containerd",
                        ConfigVersion.AUTO),
                containerd.choice("cgroupDriver", "the same for containerd and the kubelet", CgroupDriver.SYSTEMD),
                containerd.text("snapshotter", "how image layers are stored", "overlayfs"));
    }

    private static Cluster.Packages packages(Fields packages) {
        return new Cluster.Packages(
                packageSource(
                        packages.object("kubernetes", "kubeadm, kubelet and kubectl"),
                        "https://pkgs.k8s.io/core:/stable:/v{minor}/deb/"),
                packageSource(
                        packages.object("containerd", "for the source `containerd.io`"),
                        "https://download.docker.com/linux/{distro}"),
                packages.flag("hold", "whether the packages are kept from unattended upgrades", true));
    }

    private static Cluster.PackageSource packageSource(Fields source, String url) {
        return new Cluster.PackageSource(
                source.text("urlTemplate", "may hold `{minor}`, `{distro}` and `{codename}`", url),
                source.text("keyFingerprint", "of the repository's signing key; not pinned when left out"));
    }

    private static Cluster.Time time(Fields time) {
        return new Cluster.Time(
                time.choice("provider", "which program keeps the clock", TimeProvider.CHRONY),
                time.texts("servers", "single time servers"),
                time.texts("pools", "names behind which there are many time servers"),
                time.number("maxSkewSeconds", "how far a node's clock may be off", 30));
    }

    private static Cluster.Hosts hosts(Fields hosts) {
        return new Cluster.Hosts(
                hosts.flag("manage", "whether there is such a block", true),
                hosts.objects("extra", "lines beside those of the nodes").stream()
                        .map(entry -> new Cluster.HostEntry(
                                entry.required("ip", "an address"), entry.texts("names", "names for it")))
                        .toList());
    }

    private static Cluster.Os os(Fields os) {
        return new Cluster.Os(
                os.choice(
                        "swap",
                        "`disabled`; `noSwap` leaves it to the machine's own programs; `limitedSwap` gives it to pods",
                        Swap.DISABLED),
                os.choice("selinux", "stays as it is", Selinux.LEAVE),
                os.choice(
                        "firewall",
                        "`document` lists the ports that must be open, `ufw` renders rules",
                        Firewall.DOCUMENT),
                os.texts("kernelModules", "beside those that Kubernetes and the pod network need"),
                os.map("sysctl", "settings beside those that Kubernetes needs"));
    }

    private static Cluster.Kubelet kubelet(Fields kubelet) {
        return new Cluster.Kubelet(
                kubelet.free("config", "overlay on `KubeletConfiguration`, field by field"),
                kubelet.map("extraArgs", "flags without their dashes; most have a field in `config` that is better"));
    }

    private static Cluster.Kubeadm kubeadm(Fields kubeadm) {
        return new Cluster.Kubeadm(
                kubeadm.texts("certSANs", "further names and addresses in the API server's certificate"),
                timeouts(kubeadm.object("timeouts", "how long kubeadm waits")),
                kubeadm.choice("encryptionAlgorithm", "of the keys that kubeadm makes", EncryptionAlgorithm.RSA_2048),
                kubeadm.texts("ignorePreflightErrors", "names of single checks; never `all`"),
                kubeadm.texts(
                        "patches",
                        "files named `target[suffix][+patchtype].extension`, from the definition's root; kubeadm lays them over"
                                + " what it generates"));
    }

    private static SortedMap<String, String> timeouts(Fields timeouts) {
        SortedMap<String, String> written = new TreeMap<>();
        for (String name : List.of(
                "controlPlaneComponentHealthCheck",
                "kubeletHealthCheck",
                "kubernetesAPICall",
                "etcdAPICall",
                "tlsBootstrap",
                "discovery",
                "upgradeManifests")) {
            timeouts.duration(name, "as kubeadm's field of this name")
                    .ifPresent(duration -> written.put(name, DurationText.of(duration)));
        }
        return written;
    }

    private static Cluster.Policy policy(Fields policy) {
        return new Cluster.Policy(
                policy.choice(
                        "onUnknownNode",
                        "whether a node that no inventory names is told; it is never deleted",
                        OnUnknownNode.ALERT),
                policy.choice("cordon", "whether `schedulable` is put right or only told", Enforcement.OBSERVE),
                policy.choice("labels", "the same for labels", Enforcement.ENFORCE),
                policy.choice("taints", "the same for taints", Enforcement.ENFORCE),
                policy.choice(
                        "provisioning",
                        "machines are joined by a person, or by a command over SSH; never by the controller",
                        Provisioning.MANUAL));
    }
}
