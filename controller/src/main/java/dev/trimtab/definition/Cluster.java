package dev.trimtab.definition;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Kind {@code Cluster} of {@code cluster.trimtab.dev/v1alpha1}: everything about a kubeadm cluster that is not one machine.
 * A definition holds at most one. Fields that were left out carry the default named here.
 *
 * @param kubernetesVersion with its leading {@code v}, whether it was written or not
 */
public record Cluster(
        String name,
        String kubernetesVersion,
        Optional<Endpoint> controlPlaneEndpoint,
        Network network,
        Images images,
        List<Registry> registries,
        Containerd containerd,
        Packages packages,
        Time time,
        Hosts hosts,
        Os os,
        Kubelet kubelet,
        Kubeadm kubeadm,
        Tokens tokens,
        Policy policy,
        Origin origin) {

    public Cluster {
        registries = List.copyOf(registries);
    }

    /** A DNS name or a virtual address that stays the same when control-plane nodes change; port 6443. */
    public record Endpoint(String host, int port) {}

    /**
     * @param podSubnets one CIDR, or two for dual stack
     * @param serviceSubnets one CIDR, or two for dual stack; {@code 10.96.0.0/12}
     * @param nodeCIDRMaskSizeIPv4 prefix length of a node's share of the pod subnet; 24
     * @param nodeCIDRMaskSizeIPv6 the same for IPv6; 64
     * @param dnsDomain {@code cluster.local}
     */
    public record Network(
            List<String> podSubnets,
            List<String> serviceSubnets,
            int nodeCIDRMaskSizeIPv4,
            int nodeCIDRMaskSizeIPv6,
            String dnsDomain,
            KubeProxyMode kubeProxyMode) {
        public Network {
            podSubnets = List.copyOf(podSubnets);
            serviceSubnets = List.copyOf(serviceSubnets);
        }
    }

    /** How kube-proxy programs the node; {@code iptables}. */
    public enum KubeProxyMode implements Choice {
        IPTABLES,
        NFTABLES,
        IPVS
    }

    /**
     * @param repository where kubeadm takes its images from; {@code registry.k8s.io}
     * @param sandbox the pause image; empty means the one that belongs to the Kubernetes version
     */
    public record Images(String repository, PullPolicy pullPolicy, Optional<String> sandbox) {}

    /** As in a container's {@code imagePullPolicy}; {@code IfNotPresent}. */
    public enum PullPolicy implements Choice {
        ALWAYS("Always"),
        IF_NOT_PRESENT("IfNotPresent"),
        NEVER("Never");

        private final String written;

        PullPolicy(String written) {
            this.written = written;
        }

        @Override
        public String written() {
            return written;
        }
    }

    /**
     * Where containerd looks for images of one registry.
     *
     * @param registry host and optional port, or {@code *} for every registry that is not listed
     * @param fallback whether the registry itself is asked when no endpoint has the image; true
     * @param endpoints in the order they are asked
     */
    public record Registry(String registry, boolean fallback, List<Mirror> endpoints) {
        public Registry {
            endpoints = List.copyOf(endpoints);
        }
    }

    /**
     * @param trust a public mirror may deliver content by digest but not decide what a tag means; {@code public}
     * @param ca certificates of the authority that signed its own, as PEM
     * @param caSecretRef where these are when they are not in Git; they are brought by hand then
     * @param overridePath whether {@code url} already holds the API root path; false
     * @param skipVerify whether TLS certificates are taken unchecked; false
     */
    public record Mirror(
            String url,
            Trust trust,
            Optional<String> ca,
            Optional<SecretRef> caSecretRef,
            boolean overridePath,
            boolean skipVerify,
            Optional<Duration> dialTimeout) {}

    /** Who runs a mirror. */
    public enum Trust implements Choice {
        PUBLIC,
        PRIVATE
    }

    /**
     * @param source which package brings it; {@code containerd.io}
     * @param version without a leading {@code v}; empty means that any which the version matrix allows will do
     * @param configVersion of its configuration file; {@code auto}
     * @param snapshotter {@code overlayfs}
     */
    public record Containerd(
            ContainerdSource source,
            Optional<String> version,
            ConfigVersion configVersion,
            CgroupDriver cgroupDriver,
            String snapshotter) {}

    /** Docker's package, the distribution's own, or the binaries of a release. */
    public enum ContainerdSource implements Choice {
        CONTAINERD_IO("containerd.io"),
        DISTRO("distro"),
        BINARY("binary");

        private final String written;

        ContainerdSource(String written) {
            this.written = written;
        }

        @Override
        public String written() {
            return written;
        }
    }

    /** {@code auto} fits the version of containerd: {@link VersionMatrix#configVersion}. */
    public enum ConfigVersion implements Choice {
        AUTO("auto"),
        V2("2"),
        V3("3"),
        V4("4");

        private final String written;

        ConfigVersion(String written) {
            this.written = written;
        }

        @Override
        public String written() {
            return written;
        }
    }

    /** Must be the same for containerd and the kubelet; {@code systemd}. */
    public enum CgroupDriver implements Choice {
        SYSTEMD,
        CGROUPFS
    }

    /**
     * @param hold whether the packages are kept from unattended upgrades; true
     */
    public record Packages(PackageSource kubernetes, PackageSource containerd, boolean hold) {}

    /**
     * @param urlTemplate may hold {@code {minor}}, {@code {distro}} and {@code {codename}}
     * @param keyFingerprint of the repository's signing key; empty when it is not pinned
     */
    public record PackageSource(String urlTemplate, Optional<String> keyFingerprint) {}

    /**
     * @param provider {@code chrony}
     * @param maxSkewSeconds how far a node's clock may be off; 30
     */
    public record Time(TimeProvider provider, List<String> servers, List<String> pools, int maxSkewSeconds) {
        public Time {
            servers = List.copyOf(servers);
            pools = List.copyOf(pools);
        }
    }

    /** Which program keeps the clock. */
    public enum TimeProvider implements Choice {
        CHRONY,
        TIMESYNCD
    }

    /**
     * The managed block in {@code /etc/hosts} of every node.
     *
     * @param manage whether there is such a block; true
     */
    public record Hosts(boolean manage, List<HostEntry> extra) {
        public Hosts {
            extra = List.copyOf(extra);
        }
    }

    /** One line of {@code /etc/hosts}. */
    public record HostEntry(String ip, List<String> names) {
        public HostEntry {
            names = List.copyOf(names);
        }
    }

    /**
     * @param swap {@code disabled}
     * @param selinux {@code leave}: Trimtab never turns it off
     * @param firewall {@code document}: the needed ports are listed, nothing is opened
     * @param sysctl settings beyond those that Kubernetes needs
     */
    public record Os(
            Swap swap,
            Selinux selinux,
            Firewall firewall,
            List<String> kernelModules,
            SortedMap<String, String> sysctl) {
        public Os {
            kernelModules = List.copyOf(kernelModules);
        }
    }

    /** No swap on the node; swap that no pod gets; or swap for burstable pods within their limits. */
    public enum Swap implements Choice {
        DISABLED("disabled"),
        NO_SWAP("noSwap"),
        LIMITED_SWAP("limitedSwap");

        private final String written;

        Swap(String written) {
            this.written = written;
        }

        @Override
        public String written() {
            return written;
        }
    }

    /** SELinux stays as it is; nobody is helped by turning it off. */
    public enum Selinux implements Choice {
        LEAVE
    }

    /** Nothing, a table of the ports that must be open, or rules for ufw. */
    public enum Firewall implements Choice {
        NONE,
        DOCUMENT,
        UFW
    }

    /**
     * @param config overlay on {@code KubeletConfiguration}, field by field
     * @param extraArgs flags of the kubelet, without their dashes; most have a field in {@code config} that is better
     */
    public record Kubelet(ObjectNode config, SortedMap<String, String> extraArgs) {}

    /**
     * @param timeouts by kubeadm's names, each a duration such as {@code 4m0s}
     * @param encryptionAlgorithm of kubeadm's keys; {@code RSA-2048}
     * @param ignorePreflightErrors names of single checks
     * @param patches files below the definition's root; what is in them is {@link Definition#kubeadmPatches()}
     */
    public record Kubeadm(
            List<String> certSANs,
            SortedMap<String, String> timeouts,
            EncryptionAlgorithm encryptionAlgorithm,
            List<String> ignorePreflightErrors,
            List<String> patches) {
        public Kubeadm {
            certSANs = List.copyOf(certSANs);
            ignorePreflightErrors = List.copyOf(ignorePreflightErrors);
            patches = List.copyOf(patches);
        }
    }

    /** Of the keys that kubeadm makes. */
    public enum EncryptionAlgorithm implements Choice {
        RSA_2048("RSA-2048"),
        RSA_3072("RSA-3072"),
        RSA_4096("RSA-4096"),
        ECDSA_P256("ECDSA-P256"),
        ECDSA_P384("ECDSA-P384");

        private final String written;

        EncryptionAlgorithm(String written) {
            this.written = written;
        }

        @Override
        public String written() {
            return written;
        }
    }

    /**
     * @param ttl how long a join token lives; 15 minutes
     */
    public record Tokens(Duration ttl) {}

    /**
     * What is done about differences between the nodes and the inventory.
     *
     * @param onUnknownNode {@code alert}
     * @param cordon {@code observe}
     * @param labels {@code enforce}
     * @param taints {@code enforce}
     * @param provisioning {@code manual}: machines are joined by a person
     */
    public record Policy(
            OnUnknownNode onUnknownNode,
            Enforcement cordon,
            Enforcement labels,
            Enforcement taints,
            Provisioning provisioning) {}

    /** Whether a node that the inventory does not name is told; it is never deleted. */
    public enum OnUnknownNode implements Choice {
        ALERT,
        IGNORE
    }

    /** Who joins machines: a person with the rendered files, or a command over SSH. */
    public enum Provisioning implements Choice {
        MANUAL,
        SSH
    }

    /** Whether a difference is put right or only told. */
    public enum Enforcement implements Choice {
        OBSERVE,
        ENFORCE
    }
}
