package dev.trimtab.bootstrap;

import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Cluster.ContainerdSource;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.Minor;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where apt takes packages from, and which versions of them (Debian, {@code sources.list(5)} and {@code apt_preferences(5)}). */
final class AptFiles {

    private final Facts facts;
    private final Cluster cluster;
    private final Inventory.Node node;

    AptFiles(Facts facts, Inventory.Node node) {
        this.facts = facts;
        this.cluster = facts.cluster();
        this.node = node;
    }

    Map<String, String> files() {
        Map<String, String> files = new TreeMap<>();
        files.put("etc/apt/sources.list.d/kubernetes.sources", kubernetes());
        if (usesDockersPackage()) {
            files.put("etc/apt/sources.list.d/docker.sources", containerd());
        }
        files.put("etc/apt/preferences.d/kubernetes", preferences());
        return files;
    }

    boolean usesDockersPackage() {
        return cluster.containerd().source() == ContainerdSource.CONTAINERD_IO;
    }

    /** Empty when no package brings containerd. */
    String containerdPackage() {
        return switch (cluster.containerd().source()) {
            case CONTAINERD_IO -> "containerd.io";
            case DISTRO -> "containerd";
            case BINARY -> "";
        };
    }

    String kubernetesKeyUrl() {
        return withSlash(kubernetesUrl()) + "Release.key";
    }

    String containerdKeyUrl() {
        return usesDockersPackage() ? withSlash(containerdUrl()) + "gpg" : "";
    }

    private String kubernetesUrl() {
        return located(cluster.packages().kubernetes().urlTemplate());
    }

    private String containerdUrl() {
        return located(cluster.packages().containerd().urlTemplate());
    }

    /** Which distribution it is, the machine knows. */
    private String located(String template) {
        String minor = Minor.of(Facts.kubeletVersion(node, cluster))
                .orElse(facts.minor())
                .toString();
        return template.replace("{minor}", minor)
                .replace("{distro}", "@DISTRO@")
                .replace("{codename}", "@CODENAME@");
    }

    private static String withSlash(String url) {
        return url.endsWith("/") ? url : url + "/";
    }

    private String kubernetes() {
        return Text.header("#", "kubelet, kubeadm and kubectl. There is one repository for each minor version.")
                + "Types: deb\nURIs: " + kubernetesUrl()
                + "\nSuites: /\nSigned-By: /etc/apt/keyrings/kubernetes.asc\n";
    }

    private String containerd() {
        return Text.header("#", "containerd. prepare.sh fills in the distribution and its code name.")
                + "Types: deb\nURIs: " + containerdUrl() + "\nSuites: @CODENAME@\nComponents: stable\nArchitectures: "
                + node.arch() + "\nSigned-By: /etc/apt/keyrings/docker.asc\n";
    }

    private String preferences() {
        StringBuilder text = new StringBuilder(Text.header(
                "#", "Versions move when the definition does, also when somebody upgrades everything else."));
        text.append(pin("kubelet kubeadm kubectl", Facts.kubeletVersion(node, cluster)));
        Optional<String> version =
                facts.containerdVersion().filter(any -> !containerdPackage().isEmpty());
        version.ifPresent(pinned -> text.append('\n').append(pin(containerdPackage(), pinned)));
        return text.toString();
    }

    private static String pin(String packages, String version) {
        return "Package: " + packages + "\nPin: version " + version + "-*\nPin-Priority: 1001\n";
    }
}
