package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD050;
import static dev.trimtab.definition.DefinitionCode.CD051;
import static dev.trimtab.definition.DefinitionCode.CD052;
import static dev.trimtab.definition.DefinitionCode.CD053;
import static dev.trimtab.definition.DefinitionCode.CD054;
import static dev.trimtab.definition.DefinitionCode.CD055;
import static dev.trimtab.definition.DefinitionCode.CD059;

import dev.trimtab.definition.Cluster.ConfigVersion;
import dev.trimtab.definition.Cluster.Mirror;
import dev.trimtab.definition.Cluster.Registry;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.semver4j.Semver;

/** containerd and where it pulls from. */
final class RuntimeRules {

    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:[A-Za-z0-9](?:[-A-Za-z0-9.]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+])(?::\\d{1,5})?");

    private final Cluster cluster;
    private final VersionMatrix versions;
    private final Problems problems;

    private RuntimeRules(Cluster cluster, VersionMatrix versions, Problems problems) {
        this.cluster = cluster;
        this.versions = versions;
        this.problems = problems;
    }

    static void check(Parts parts, Problems problems) {
        parts.cluster().ifPresent(cluster -> new RuntimeRules(cluster, parts.versions(), problems).check());
    }

    private void check() {
        cluster.containerd().version().ifPresent(this::containerd);
        Map<String, Position> seen = new HashMap<>();
        for (int i = 0; i < cluster.registries().size(); i++) {
            registry(cluster.registries().get(i), "/spec/registries/" + i, seen);
        }
        cluster.images().sandbox().ifPresent(this::sandbox);
    }

    private void containerd(String written) {
        Position at = cluster.origin().at("/spec/containerd/version");
        if (!Versions.isFull(written)) {
            problems.error(
                    CD050,
                    at,
                    "containerd.version \"" + written + "\" must be a full version such as 2.3.4",
                    "write major.minor.patch");
            return;
        }
        versions.forKubernetes(cluster.kubernetesVersion())
                .filter(row -> !row.allows(new Semver(written)))
                .ifPresent(row -> problems.error(
                        CD050,
                        at,
                        "containerd " + written + " is not supported with Kubernetes " + row.minor() + " (needs "
                                + row.containerdWords() + ")",
                        "write one of these, or a VersionMatrix that knows better"));
        if (cluster.containerd().configVersion() != ConfigVersion.AUTO) {
            configVersion(
                    written,
                    Integer.parseInt(cluster.containerd().configVersion().written()));
        }
    }

    private void configVersion(String containerd, int wanted) {
        versions.configVersion(containerd)
                .filter(newest -> newest < wanted)
                .ifPresent(newest -> problems.error(
                        CD051,
                        cluster.origin().at("/spec/containerd/configVersion"),
                        "configVersion " + wanted + " needs containerd "
                                + versions.firstWith(wanted)
                                        .map(Minor::toString)
                                        .orElse("that is newer")
                                + "; containerd.version is " + containerd,
                        "leave configVersion out: auto fits the version"));
    }

    private void registry(Registry registry, String pointer, Map<String, Position> seen) {
        String host = registry.registry();
        Position at = cluster.origin().at(pointer + "/registry");
        if (host.contains("://")) {
            problems.error(
                    CD052,
                    at,
                    "registry \"" + host + "\" must be a host; containerd knows registries without a scheme",
                    "write " + host.substring(host.indexOf("://") + 3));
        } else if (host.contains("/")) {
            problems.error(
                    CD052,
                    at,
                    "registry \"" + host + "\" must be a host; containerd ignores the path",
                    "write " + host.substring(0, host.indexOf('/')));
        } else if (!host.isEmpty()
                && !host.equals("*")
                && !HOST_AND_PORT.matcher(host).matches()) {
            problems.error(
                    CD052,
                    at,
                    "registry \"" + host + "\" must be a host, a host with a port, or *",
                    "write for instance docker.io");
        }
        if (!host.isEmpty()) {
            Optional.ofNullable(seen.putIfAbsent(host.toLowerCase(Locale.ROOT), at))
                    .ifPresent(first -> problems.error(
                            CD053,
                            at,
                            "registry \"" + host + "\" is listed twice: " + Rules.place(first) + " and "
                                    + Rules.place(at),
                            "put all endpoints under one entry"));
        }
        if (registry.endpoints().isEmpty()) {
            problems.error(
                    CD053,
                    cluster.origin().at(pointer + "/endpoints"),
                    "registry \"" + host + "\" has no endpoints",
                    "add endpoints, or take the entry out");
        }
        for (int i = 0; i < registry.endpoints().size(); i++) {
            String endpoint = pointer + "/endpoints/" + i;
            mirror(registry.endpoints().get(i), i, cluster.origin().at(endpoint + "/url"));
            authority(registry.endpoints().get(i), i, cluster.origin().at(endpoint + "/ca"));
        }
    }

    private void mirror(Mirror mirror, int index, Position at) {
        String url = mirror.url();
        if (url.isEmpty()) {
            return;
        }
        if (!List.of("http://", "https://").stream().anyMatch(url::startsWith)) {
            problems.error(
                    CD053,
                    at,
                    "endpoints[" + index + "].url \"" + url + "\" needs http:// or https://",
                    "write https:// before it");
        } else if (url.startsWith("http://") || mirror.skipVerify()) {
            problems.warn(
                    CD054, at, "mirror " + url + " is not verified", "use https, with ca for an authority of your own");
        }
    }

    private void authority(Mirror mirror, int index, Position at) {
        if (mirror.ca().isEmpty()) {
            return;
        }
        String name = "endpoints[" + index + "].ca";
        if (!areCertificates(mirror.ca().get())) {
            problems.error(
                    CD059,
                    at,
                    name + " holds no certificates that can be read",
                    "write them as PEM, from -----BEGIN CERTIFICATE----- on; with nothing else in it");
        }
        if (mirror.caSecretRef().isPresent()) {
            problems.error(
                    CD059,
                    at,
                    name + " and caSecretRef are both there",
                    "take caSecretRef out: a certificate is public");
        }
        if (mirror.url().startsWith("http://")) {
            problems.error(CD059, at, name + " is of no use with " + mirror.url(), "write https://, or take it out");
        }
    }

    private static boolean areCertificates(String pem) {
        try {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                    .isEmpty();
        } catch (CertificateException e) {
            return false;
        }
    }

    private void sandbox(String image) {
        String name = image.substring(image.lastIndexOf('/') + 1);
        String tagged = name.contains("@") ? name.substring(0, name.indexOf('@')) : name;
        int colon = tagged.indexOf(':');
        if (colon < 0) {
            return;
        }
        versions.forKubernetes(cluster.kubernetesVersion())
                .filter(row -> !row.pause().equals(tagged.substring(colon + 1)))
                .ifPresent(row -> problems.warn(
                        CD055,
                        cluster.origin().at("/spec/images/sandbox"),
                        "images.sandbox " + tagged + " differs from kubeadm's " + row.pause(),
                        "leave sandbox out, or write the tag " + row.pause()));
    }
}
