package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD003;
import static dev.trimtab.definition.DefinitionCode.CD041;
import static dev.trimtab.definition.DefinitionCode.CD043;
import static dev.trimtab.definition.DefinitionCode.CD056;
import static dev.trimtab.definition.DefinitionCode.CD057;
import static dev.trimtab.definition.DefinitionCode.CD058;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.definition.Cluster.EncryptionAlgorithm;
import dev.trimtab.definition.Cluster.KubeProxyMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes itself: its version, its packages, and what kubeadm, the kubelet and kube-proxy are told. */
final class KubeadmRules {

    private static final Duration LONGEST_TOKEN = Duration.ofHours(24);

    private static final Minor IPVS_DEPRECATED = new Minor(1, 35);
    private static final Minor ECDSA_P384_SINCE = new Minor(1, 34);

    /** kube-proxy refuses nftables on older kernels. */
    private static final Minor NFTABLES_KERNEL = new Minor(5, 13);

    private static final Pattern MINOR_IN_URL = Pattern.compile("(?<=[/:])v(\\d+\\.\\d+)(?=[/]|$)");

    /** Fields of KubeletConfiguration that follow from others here, and from which. */
    private static final Map<String, String> PROTECTED = Map.of(
            "clusterDNS", "network.serviceSubnets",
            "clusterDomain", "network.dnsDomain",
            "failSwapOn", "os.swap",
            "memorySwap", "os.swap",
            "staticPodPath", "kubeadm",
            "containerRuntimeEndpoint", "containerd");

    private final Cluster cluster;
    private final Parts parts;
    private final Optional<Minor> minor;
    private final Problems problems;

    private KubeadmRules(Cluster cluster, Parts parts, Problems problems) {
        this.cluster = cluster;
        this.parts = parts;
        this.minor = Minor.of(cluster.kubernetesVersion());
        this.problems = problems;
    }

    static void check(Parts parts, Problems problems) {
        parts.cluster().ifPresent(cluster -> new KubeadmRules(cluster, parts, problems).check());
    }

    private void check() {
        version();
        preflight();
        tokens();
        algorithm();
        kubeletFlags();
        kubeletConfig();
        kubeProxy();
        packages();
    }

    private Position at(String pointer) {
        return cluster.origin().at("/spec" + pointer);
    }

    private void version() {
        String written = cluster.kubernetesVersion();
        Position at = at("/kubernetesVersion");
        if (written.isEmpty()) {
            return;
        }
        if (!Versions.isFull(written)) {
            String asWritten = cluster.origin().value("/spec/kubernetesVersion").asText();
            problems.error(
                    CD003,
                    at,
                    "kubernetesVersion \"" + asWritten + "\" must be a full version such as v1.36.4",
                    "write major.minor.patch");
            return;
        }
        VersionMatrix versions = parts.versions();
        if (minor.isEmpty() || versions.forKubernetes(written).isPresent()) {
            return;
        }
        Minor oldest = versions.kubernetes().keySet().iterator().next();
        boolean old = minor.get().compareTo(oldest) < 0;
        Minor newest = versions.kubernetes().keySet().stream()
                .reduce((older, newer) -> newer)
                .orElse(oldest);
        boolean fresh = minor.get().compareTo(newest) > 0;
        problems.error(
                CD003,
                at,
                old
                        ? written + " is older than the oldest minor in the version matrix (" + oldest + ")"
                        : fresh
                                ? written + " is newer than the newest minor in the version matrix (" + newest + ")"
                                : written + " is of a minor that the version matrix does not know",
                old
                        ? "upgrade, one minor after the other, or describe this minor in a document of kind VersionMatrix"
                        : "describe this minor in a document of kind VersionMatrix");
    }

    private void preflight() {
        int index = 0;
        for (String check : cluster.kubeadm().ignorePreflightErrors()) {
            if (check.toLowerCase(Locale.ROOT).equals("all")) {
                problems.error(
                        CD041,
                        at("/kubeadm/ignorePreflightErrors/" + index),
                        "ignorePreflightErrors \"" + check + "\" hides real faults; list single checks",
                        "name the one check that you know to be wrong, for instance NumCPU");
            }
            index++;
        }
    }

    private void tokens() {
        Duration ttl = cluster.tokens().ttl();
        if (ttl.isZero()) {
            problems.error(
                    CD043,
                    at("/tokens/ttl"),
                    "tokens.ttl 0 would create a token that never expires",
                    "write 15m, or leave it out");
        } else if (ttl.compareTo(LONGEST_TOKEN) > 0) {
            problems.error(
                    CD043,
                    at("/tokens/ttl"),
                    "tokens.ttl " + DurationText.of(ttl) + " is longer than 24h; a machine joins within minutes",
                    "write 15m, or leave it out");
        }
    }

    private void algorithm() {
        EncryptionAlgorithm algorithm = cluster.kubeadm().encryptionAlgorithm();
        if (algorithm == EncryptionAlgorithm.ECDSA_P384 && before(ECDSA_P384_SINCE)) {
            problems.error(
                    CD003,
                    at("/kubeadm/encryptionAlgorithm"),
                    "encryptionAlgorithm ECDSA-P384 needs Kubernetes " + ECDSA_P384_SINCE + "; kubernetesVersion is "
                            + cluster.kubernetesVersion(),
                    "write ECDSA-P256");
        }
    }

    private boolean before(Minor since) {
        return minor.filter(known -> known.compareTo(since) < 0).isPresent();
    }

    private void kubeletFlags() {
        cluster.kubelet().extraArgs().forEach((flag, value) -> {
            Position at = at("/kubelet/extraArgs/" + Types.escape(flag));
            String name = flag.replaceFirst("^--?", "");
            parts.versions().kubernetes().values().stream()
                    .filter(row -> row.removedKubeletFlags().contains(name))
                    .filter(row -> !before(row.minor()))
                    .findFirst()
                    .ifPresent(row -> problems.error(
                            CD056,
                            at,
                            "kubelet flag " + name + " was removed in " + row.minor(),
                            "take it out; with it the kubelet does not start"));
            if (name.equals("cgroup-driver")) {
                cgroupDriver("kubelet flag cgroup-driver", value, at);
            }
        });
    }

    private void kubeletConfig() {
        cluster.kubelet().config().properties().forEach(entry -> {
            String field = entry.getKey();
            Position at = at("/kubelet/config/" + Types.escape(field));
            if (field.equals("cgroupDriver")) {
                cgroupDriver("kubelet.config.cgroupDriver", text(entry.getValue()), at);
            }
            Optional.ofNullable(PROTECTED.get(field))
                    .ifPresent(source -> problems.error(
                            CD056,
                            at,
                            "kubelet.config." + field + " follows from " + source + " and cannot be set beside it",
                            "take it out and set " + source));
        });
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : "";
    }

    private void cgroupDriver(String subject, String value, Position at) {
        String expected = cluster.containerd().cgroupDriver().written();
        if (!value.equals(expected)) {
            problems.error(
                    CD056,
                    at,
                    subject + " \"" + value + "\" differs from containerd.cgroupDriver " + expected
                            + "; pods would not start",
                    "take it out: both follow containerd.cgroupDriver");
        }
    }

    private void kubeProxy() {
        KubeProxyMode mode = cluster.network().kubeProxyMode();
        if (mode == KubeProxyMode.IPVS && minor.isPresent() && !before(IPVS_DEPRECATED)) {
            problems.warn(
                    CD057,
                    at("/network/kubeProxyMode"),
                    "kubeProxyMode ipvs is deprecated since " + IPVS_DEPRECATED,
                    "use nftables, or iptables");
        }
        if (mode != KubeProxyMode.NFTABLES) {
            return;
        }
        for (Inventory.Node node : parts.inventory().nodes()) {
            node.kernelVersion()
                    .filter(kernel -> Minor.of(kernel)
                            .filter(known -> known.compareTo(NFTABLES_KERNEL) < 0)
                            .isPresent())
                    .ifPresent(kernel -> problems.error(
                            CD057,
                            node.origin().at("/kernelVersion"),
                            "kubeProxyMode nftables needs Linux " + NFTABLES_KERNEL + "; node " + node.name() + " has "
                                    + kernel,
                            "use iptables, or a newer kernel"));
        }
    }

    private void packages() {
        String url = cluster.packages().kubernetes().urlTemplate();
        Position at = at("/packages/kubernetes/urlTemplate");
        if (url.contains("kubernetes-xenial") || url.contains("apt.kubernetes.io")) {
            problems.error(
                    CD058,
                    at,
                    "packages.kubernetes.urlTemplate names the legacy repository; kubernetes-xenial was frozen in 2023",
                    "use https://pkgs.k8s.io/core:/stable:/v{minor}/deb/ or a mirror of it");
            return;
        }
        Matcher matcher = MINOR_IN_URL.matcher(url);
        if (matcher.find()
                && minor.isPresent()
                && !matcher.group(1).equals(minor.get().toString())) {
            problems.error(
                    CD058,
                    at,
                    "packages.kubernetes.urlTemplate points to v" + matcher.group(1) + " but kubernetesVersion is "
                            + cluster.kubernetesVersion(),
                    "write v{minor} in its place");
        }
    }
}
