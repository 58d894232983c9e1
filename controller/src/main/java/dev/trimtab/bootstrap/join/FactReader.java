package dev.trimtab.bootstrap.join;

import dev.trimtab.bootstrap.FileTree;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a machine for its facts. Changes nothing. */
public final class FactReader {

    static final String KUBELET_CONF = "/etc/kubernetes/kubelet.conf";
    static final String BOOTSTRAP_CONF = "/etc/kubernetes/bootstrap-kubelet.conf";
    static final String KUBELET_CONFIG = "/var/lib/kubelet/config.yaml";

    /** Where Kubernetes of other makers lives. */
    static final List<String> OTHERS =
            List.of("/var/lib/rancher/k3s", "/var/lib/rancher/rke2", "/var/lib/k0s", "/var/snap/microk8s", "/opt/rke");

    static final List<String> PACKAGES = List.of("kubelet", "kubeadm", "kubectl");

    private static final String CA_FILE = "/etc/kubernetes/pki/ca.crt";
    private static final Pattern CA_DATA = Pattern.compile("certificate-authority-data: *([A-Za-z0-9+/=]+)");
    private static final Pattern PORT = Pattern.compile("\\S*:(\\d+)$");

    private final Clock clock;

    public FactReader(Clock clock) {
        this.clock = clock;
    }

    /**
     * @param folder what was rendered for the machine
     * @throws HostException when it does not answer, or is no Linux as it is needed
     */
    public HostFacts read(Host host, FileTree folder) {
        mayAct(host);
        String release = host.require(RemoteCommand.read("/etc/os-release")).out();
        String[] kernel = host.require(RemoteCommand.kernel()).out().strip().split(" ", 2);
        Set<String> markers = markers(host);
        SortedMap<String, String> digests = digests(host, folder);
        return new HostFacts(
                field(release, "ID"),
                field(release, "VERSION_CODENAME"),
                kernel[0],
                kernel.length > 1 ? kernel[1] : "",
                host.run(RemoteCommand.controlGroups()).out().strip(),
                host.require(RemoteCommand.read("/proc/swaps")).out().lines().count() > 1,
                host.require(RemoteCommand.read("/etc/machine-id")).out().strip(),
                Set.copyOf(List.of(words(host.require(RemoteCommand.addresses()).out()))),
                clockOffset(host),
                ports(host.run(RemoteCommand.listening()).out()),
                packages(host.run(RemoteCommand.packages(PACKAGES)).out()),
                digests,
                host.require(RemoteCommand.read("/etc/hosts")).out(),
                markers,
                markers.contains(KUBELET_CONF) ? caHash(host) : Optional.empty());
    }

    private static void mayAct(Host host) {
        Host.Result result = host.run(RemoteCommand.nothing());
        if (result.status() != 0) {
            throw new HostException(
                    JoinCode.JOI004,
                    "the login may not act as root: " + result.lastWords(),
                    "let ssh.user run sudo without a password, or log in as root with ssh.sudo: false");
        }
    }

    /** The way of the answer counts as well; what matters here are clocks that are off by many seconds. */
    private Duration clockOffset(Host host) {
        String seconds = host.require(RemoteCommand.time()).out().strip();
        try {
            return Duration.between(clock.instant(), Instant.ofEpochSecond(Long.parseLong(seconds)));
        } catch (NumberFormatException e) {
            throw new HostException(
                    JoinCode.JOI006, "date +%s answered \"" + seconds + "\"", "the machine needs GNU coreutils");
        }
    }

    private static Set<String> markers(Host host) {
        List<String> paths = new ArrayList<>(List.of(KUBELET_CONF, BOOTSTRAP_CONF, KUBELET_CONFIG));
        paths.addAll(OTHERS);
        // The rest of them is not there, which ls reports as an error.
        return Set.copyOf(host.run(RemoteCommand.existing(paths)).out().lines().toList());
    }

    private static SortedMap<String, String> digests(Host host, FileTree folder) {
        Set<String> paths = new TreeSet<>(WantedFiles.paths(folder));
        host.run(RemoteCommand.ownMirrors()).out().lines().forEach(paths::add);
        host.run(RemoteCommand.patches()).out().lines().forEach(paths::add);
        SortedMap<String, String> digests = new TreeMap<>();
        host.run(RemoteCommand.digests(List.copyOf(paths))).out().lines().forEach(line -> {
            if (line.length() > 66) {
                digests.put(line.substring(66), line.substring(0, 64));
            }
        });
        return digests;
    }

    /** Empty when the file names no CA that can be read. */
    private static Optional<String> caHash(Host host) {
        String lines = host.run(RemoteCommand.authority(KUBELET_CONF)).out();
        Matcher data = CA_DATA.matcher(lines);
        try {
            if (data.find()) {
                String pem = new String(Base64.getDecoder().decode(data.group(1)), StandardCharsets.US_ASCII);
                return Optional.of(Authority.hashes(pem).get(0));
            }
            if (lines.contains(CA_FILE)) {
                return Optional.of(Authority.hashes(
                                host.require(RemoteCommand.read(CA_FILE)).out())
                        .get(0));
            }
            return Optional.empty();
        } catch (CertificateException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String field(String release, String name) {
        return release.lines()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1).replace("\"", ""))
                .findFirst()
                .orElse("");
    }

    private static String[] words(String text) {
        return text.isBlank() ? new String[0] : text.strip().split("\\s+");
    }

    private static Set<Integer> ports(String lines) {
        Set<Integer> ports = new HashSet<>();
        lines.lines().forEach(line -> {
            String[] words = words(line);
            if (words.length > 3) {
                Matcher port = PORT.matcher(words[3]);
                if (port.matches()) {
                    ports.add(Integer.valueOf(port.group(1)));
                }
            }
        });
        return ports;
    }

    private static SortedMap<String, String> packages(String lines) {
        SortedMap<String, String> packages = new TreeMap<>();
        lines.lines().forEach(line -> {
            String[] words = words(line);
            if (words.length == 3 && words[0].length() > 1 && words[0].charAt(1) == 'i') {
                packages.put(words[1], words[2]);
            }
        });
        return packages;
    }
}
