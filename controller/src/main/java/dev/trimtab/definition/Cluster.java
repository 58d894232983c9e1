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
        IPTABLES("iptables"),
        NFTABLES("nftables"),
        IPVS("ipvs");

        private final String written;

        KubeProxyMode(String written) {
            this.written = written;
        }

        @Override
        public String written() {
            return written;
        }
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
     * @param overridePath whether {@code url} already holds the API root path; false
     * @param skipVerify whether TLS certificates are taken unchecked; false
     */
    public record Mirror(
            String url,
            Trust trust,
            Optional<SecretRef> caSecretRef,
            boolean overridePath,
            boolean skipVerify,
            Optional<Duration> dialTimeout) {}

    /** Who runs a mirror. */
    public enum Trust implements Choice {
        PUBLIC("public"),
        PRIVATE("private");

        private final String written;

        Trust(String written) {
            this.written = written;
        }

        @Override
        public String written() {
            return written;
        }
    }

    /**
     * @param source which package brings it; {@code containerd.io}
     * @param version empty means the newest that the version matrix allows
     * @param configVersion {@code auto}, {@code 2}, {@code 3} or {@code 4}; {@code auto}
     * @param snapshotter {@code overlayfs}
     */
    public record Containerd(
            String source,
            Optional<String> version,
            String configVersion,
            CgroupDriver cgroupDriver,
            String snapshotter) {}

    /** Must be the same for containerd and the kubelet; {@code systemd}. */
    public enum CgroupDriver implements Choice {
        SYSTEMD("systemd"),
        CGROUPFS("cgroupfs");

        private final String written;

        CgroupDriver(String written) {
            this.written = written;
        }

        @Override
        public String written() {
            return written;
        }
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
     * @param provider {@code chrony} or {@code timesyncd}; {@code chrony}
     * @param maxSkewSeconds how far a node's clock may be off; 30
     */
    public record Time(String provider, List<String> servers, List<String> pools, int maxSkewSeconds) {
        public Time {
            servers = List.copyOf(servers);
            pools = List.copyOf(pools);
        }
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
            String swap,
            String selinux,
            String firewall,
            List<String> kernelModules,
            SortedMap<String, String> sysctl) {
        public Os {
            kernelModules = List.copyOf(kernelModules);
        }
    }

    /**
     * @param config overlay on {@code KubeletConfiguration}, field by field
     */
    public record Kubelet(ObjectNode config) {}

    /**
     * @param timeouts overlay on kubeadm's {@code timeouts}
     * @param encryptionAlgorithm of kubeadm's keys; {@code RSA-2048}
     * @param ignorePreflightErrors names of single checks
     * @param patches files below the definition
     */
    public record Kubeadm(
            List<String> certSANs,
            SortedMap<String, String> timeouts,
            String encryptionAlgorithm,
            List<String> ignorePreflightErrors,
            List<String> patches) {
        public Kubeadm {
            certSANs = List.copyOf(certSANs);
            ignorePreflightErrors = List.copyOf(ignorePreflightErrors);
            patches = List.copyOf(patches);
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
            String onUnknownNode, Enforcement cordon, Enforcement labels, Enforcement taints, String provisioning) {}

    /** Whether a difference is put right or only told. */
    public enum Enforcement implements Choice {
        OBSERVE("observe"),
        ENFORCE("enforce");

        private final String written;

        Enforcement(String written) {
            this.written = written;
        }

        @Override
        public String written() {
            return written;
        }
    }
}
