package dev.trimtab.bootstrap.intake;

import static dev.trimtab.bootstrap.intake.IntakeCode.IMP008;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP010;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP011;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP012;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP013;

import dev.trimtab.definition.DefinitionCode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Reads kubeadm's {@code ClusterConfiguration}, from a file or from the ConfigMap {@code kubeadm-config}. */
final class ClusterConfigurationReader {

    private static final String FLANNEL_NETWORK = "10.244.0.0/16";
    private static final Pattern FULL_VERSION = Pattern.compile("v?\\d+\\.\\d+\\.\\d+(?:[-+][0-9A-Za-z.+-]+)?");

    private final ClusterDraft cluster;
    private final Findings findings;

    ClusterConfigurationReader(ClusterDraft cluster, Findings findings) {
        this.cluster = cluster;
        this.findings = findings;
    }

    void read(Source source) {
        // kubeadm's own default says nothing of the cluster.
        cluster.name = source.text("clusterName");
        cluster.kubernetesVersion = source.text("kubernetesVersion");
        source.text("controlPlaneEndpoint")
                .ifPresent(written -> endpoint(written, source.place("controlPlaneEndpoint")));
        Source networking = source.mapping("networking");
        cluster.podSubnets = list(networking.text("podSubnet"));
        cluster.serviceSubnets = list(networking.text("serviceSubnet"));
        cluster.dnsDomain = networking.text("dnsDomain");
        cluster.encryptionAlgorithm = source.text("encryptionAlgorithm");
        images(source);
        source.takeDefault("certificatesDir", "/etc/kubernetes/pki");
        source.takeDefault("certificateValidityPeriod", "8760h", "8760h0m0s");
        source.takeDefault("caCertificateValidityPeriod", "87600h", "87600h0m0s");
        Source etcd = source.mapping("etcd");
        etcd.mapping("local").takeDefault("dataDir", "/var/lib/etcd");
        etcd.mapping("external");
        source.mapping("dns").takeDefault("disabled", "false");
        source.mapping("proxy").takeDefault("disabled", "false");
        apiServer(source.mapping("apiServer"));
        controllerManager(source.mapping("controllerManager"));
        arguments(source.mapping("scheduler"));
    }

    static List<String> list(Optional<String> written) {
        return written.map(text -> Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .toList())
                .orElse(List.of());
    }

    private void endpoint(String written, String place) {
        cluster.endpoint = ClusterDraft.Endpoint.of(written);
        if (cluster.endpoint.isEmpty()) {
            findings.warn(
                    DefinitionCode.CD019,
                    place,
                    "controlPlaneEndpoint is neither a host nor host:port and is not carried over",
                    "write spec.controlPlaneEndpoint in " + Intake.CLUSTER);
        }
    }

    private void images(Source source) {
        cluster.imageRepository = source.text("imageRepository");
        cluster.imageRepository
                .filter(repository -> !repository.equals("registry.k8s.io"))
                .ifPresent(repository -> {
                    boolean former =
                            repository.equals("k8s.gcr.io") || repository.endsWith(".gcr.io/k8s-artifacts-prod");
                    findings.warn(
                            IMP012,
                            source.place("imageRepository"),
                            former
                                    ? "imageRepository " + repository
                                            + " has been frozen since 2023 and has no current images"
                                    : "imageRepository " + repository
                                            + " must hold the images of this very version; the"
                                            + " sandbox image of every pod is taken from there, too",
                            former
                                    ? "leave spec.images.repository out, or name a mirror of registry.k8s.io"
                                    : "compare it with images.txt, which trimtab bootstrap render writes");
                });
    }

    private void apiServer(Source apiServer) {
        cluster.certSANs.addAll(apiServer.texts("certSANs"));
        apiServer.text("timeoutForControlPlane").ifPresent(timeout -> {
            cluster.timeouts.put("controlPlaneComponentHealthCheck", duration(timeout));
            findings.warn(
                    IMP008,
                    apiServer.place("timeoutForControlPlane"),
                    "apiServer.timeoutForControlPlane is timeouts.controlPlaneComponentHealthCheck since v1beta4",
                    "nothing: it stands in spec.kubeadm.timeouts.controlPlaneComponentHealthCheck now");
        });
        arguments(apiServer);
    }

    /** As Trimtab writes durations: {@code 4m} for {@code 4m0s}. */
    static String duration(String written) {
        return written.replaceFirst("(?<=[hm])0s$", "").replaceFirst("(?<=h)0m$", "");
    }

    private void controllerManager(Source controllerManager) {
        controllerManager.arguments("extraArgs", this::twice).forEach((name, argument) -> {
            OptionalInt size = argument.value().matches("\\d{1,3}")
                    ? OptionalInt.of(Integer.parseInt(argument.value()))
                    : OptionalInt.empty();
            boolean ipv6 = name.endsWith("-ipv6")
                    || (name.equals("node-cidr-mask-size")
                            && cluster.podSubnets.stream().allMatch(subnet -> subnet.contains(":"))
                            && !cluster.podSubnets.isEmpty());
            if (!name.matches("node-cidr-mask-size(-ipv[46])?") || size.isEmpty()) {
                KubeadmReader.notCarried(findings, controllerManager.path("extraArgs." + name), argument.place());
            } else if (ipv6) {
                cluster.nodeMaskIPv6 = size;
            } else {
                cluster.nodeMaskIPv4 = size;
            }
        });
    }

    /** kubeadm writes one argument by itself; a definition has no place for any other. */
    private void arguments(Source component) {
        component.arguments("extraArgs", this::twice).forEach((name, argument) -> {
            if (!(name.equals("authorization-mode") && argument.value().equals("Node,RBAC"))) {
                KubeadmReader.notCarried(findings, component.path("extraArgs." + name), argument.place());
            }
        });
    }

    private void twice(String argument, String place) {
        findings.warn(
                IMP013,
                place,
                "the argument " + argument + " is given twice; the last one counts",
                "keep one of the two");
    }

    /** kubeadm looks labels such as {@code stable-1} up on the day it runs; a definition names a version. */
    static void version(ClusterDraft cluster, Wanted wanted, Findings findings, String place) {
        Optional<String> written = wanted.kubernetesVersion().or(() -> cluster.kubernetesVersion);
        cluster.kubernetesVersion = written.filter(
                        version -> FULL_VERSION.matcher(version).matches())
                .map(version -> version.startsWith("v") ? version : "v" + version);
        if (cluster.kubernetesVersion.isEmpty()) {
            findings.warn(
                    IMP010,
                    place,
                    written.map(version -> "kubernetesVersion " + version + " is no full version")
                                    .orElse("kubernetesVersion is not written")
                            + " and is not carried over",
                    "import again with --kubernetes-version, for instance v1.36.4");
        }
    }

    static void assumeSubnet(ClusterDraft cluster, Findings findings, String place) {
        cluster.podSubnets = List.of(FLANNEL_NETWORK);
        findings.warn(
                IMP011,
                place,
                "no podSubnet is written; flannel's usual " + FLANNEL_NETWORK + " was taken",
                "correct spec.network.podSubnets if the pod network has another range");
    }
}
