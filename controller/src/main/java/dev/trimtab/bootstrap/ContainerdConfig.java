package dev.trimtab.bootstrap;

import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Cluster.CgroupDriver;
import dev.trimtab.definition.Cluster.Mirror;
import dev.trimtab.definition.Cluster.Registry;
import dev.trimtab.definition.Cluster.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * containerd's files (containerd, "CRI Plugin Config Guide" and "Registry Configuration"). The configuration is small and complete: a
 * file that leaves out the runtime's type beside its options has no runtime on containerd 1.6. It never holds {@code mirrors}: beside
 * {@code config_path} they disable the whole CRI plugin.
 */
final class ContainerdConfig {

    static final String CERTS = "/etc/containerd/certs.d";

    private final Facts facts;
    private final Cluster cluster;

    ContainerdConfig(Facts facts) {
        this.facts = facts;
        this.cluster = facts.cluster();
    }

    /** {@code config.toml}. The names of plugins follow the version of the file: a name of another version is not an error, it is ignored. */
    String config() {
        String images = facts.configVersion() == 2 ? "io.containerd.grpc.v1.cri" : "io.containerd.cri.v1.images";
        String runtime = facts.configVersion() == 2 ? "io.containerd.grpc.v1.cri" : "io.containerd.cri.v1.runtime";
        String sandbox = Text.toml(facts.sandboxImage());
        String snapshotter = "  snapshotter = " + Text.toml(cluster.containerd().snapshotter()) + "\n";
        StringBuilder text = new StringBuilder(Text.header(
                "#",
                "The form is version " + facts.configVersion() + ", for "
                        + facts.containerdVersion()
                                .map(version -> "containerd " + version)
                                .orElse("any containerd that the distribution brings")
                        + ". A change needs a restart of containerd; prepare.sh does it."));
        text.append("version = ").append(facts.configVersion()).append("\n\n");
        text.append("# A package of containerd comes with the CRI plugin, which the kubelet talks to, disabled.\n");
        text.append("disabled_plugins = []\n\n");
        text.append(
                "# The image of every pod's first container: the same as kubeadm's, and from where the others come.\n");
        if (facts.configVersion() == 2) {
            text.append(table(images))
                    .append("  sandbox_image = ")
                    .append(sandbox)
                    .append("\n\n");
        } else {
            text.append(table(images)).append(snapshotter).append('\n');
            text.append(table(images, "pinned_images"))
                    .append("  sandbox = ")
                    .append(sandbox)
                    .append("\n\n");
        }
        text.append("# Mirrors stand in a folder for each registry; they are read anew for each pull.\n");
        text.append(table(images, "registry"))
                .append("  config_path = ")
                .append(Text.toml(CERTS))
                .append("\n\n");
        text.append(table(runtime, "containerd"));
        if (facts.configVersion() == 2) {
            text.append(snapshotter);
        }
        text.append("  default_runtime_name = \"runc\"\n\n");
        text.append(table(runtime, "containerd", "runtimes", "runc"));
        text.append("  runtime_type = \"io.containerd.runc.v2\"\n\n");
        text.append(
                "# Must be the kubelet's cgroupDriver: two masters of one hierarchy lose count of a node's memory.\n");
        text.append(table(runtime, "containerd", "runtimes", "runc", "options"));
        text.append("  SystemdCgroup = ").append(isSystemd()).append('\n');
        return text.toString();
    }

    boolean isSystemd() {
        return cluster.containerd().cgroupDriver() == CgroupDriver.SYSTEMD;
    }

    private static String table(String plugin, String... path) {
        return "[plugins." + Text.toml(plugin) + (path.length == 0 ? "" : "." + String.join(".", path)) + "]\n";
    }

    /** The files below {@link #CERTS}: for each registry where its images are, and whom to believe that it is so. */
    Map<String, String> certs() {
        Map<String, String> files = new LinkedHashMap<>();
        for (Registry registry : cluster.registries()) {
            files.put(folder(registry) + "/hosts.toml", hosts(registry));
            for (int i = 0; i < registry.endpoints().size(); i++) {
                Mirror mirror = registry.endpoints().get(i);
                String file = folder(registry) + "/" + caName(i);
                mirror.ca().ifPresent(pem -> files.put(file, authority(mirror, pem)));
            }
        }
        return files;
    }

    /** What stands before a certificate is skipped by every reader of PEM. */
    private static String authority(Mirror mirror, String pem) {
        return Text.header("#", "Whom to believe that " + mirror.url() + " is what it says.") + pem.strip() + "\n";
    }

    /** The files that somebody has to bring, because the definition only says where they are kept. */
    List<String> caFiles() {
        List<String> files = new ArrayList<>();
        for (Registry registry : cluster.registries()) {
            for (int i = 0; i < registry.endpoints().size(); i++) {
                if (registry.endpoints().get(i).caSecretRef().isPresent()) {
                    files.add(caFile(registry, i));
                }
            }
        }
        return files;
    }

    /** A port is written with underscores, which containerd takes too: not every file system takes colons. */
    private static String folder(Registry registry) {
        String name = registry.registry();
        if (name.equals("*")) {
            return "_default";
        }
        int colon = name.lastIndexOf(':');
        return colon < 0 ? name : name.substring(0, colon) + "_" + name.substring(colon + 1) + "_";
    }

    private static String caFile(Registry registry, int index) {
        return CERTS + "/" + folder(registry) + "/" + caName(index);
    }

    private static String caName(int index) {
        return "ca-" + (index + 1) + ".crt";
    }

    private static String hosts(Registry registry) {
        StringBuilder text = new StringBuilder(Text.header(
                "#",
                "Where containerd looks for images of "
                        + (registry.registry().equals("*") ? "every other registry" : registry.registry())
                        + ": top to bottom"
                        + (registry.fallback() ? ", then the registry itself." : ", and nowhere else.")));
        if (!registry.fallback() && !registry.endpoints().isEmpty()) {
            text.append("\n# In the registry's own place, so that it is never asked.\n");
            text.append("server = ")
                    .append(Text.toml(registry.endpoints().get(0).url()))
                    .append('\n');
            options(text, registry, 0, "");
        }
        for (int i = 0; i < registry.endpoints().size(); i++) {
            Mirror mirror = registry.endpoints().get(i);
            text.append('\n');
            if (mirror.trust() == Trust.PUBLIC) {
                text.append(
                        "# Somebody else's: it may deliver content, whose digest is checked, but not say what a tag means.\n");
            }
            text.append("[host.").append(Text.toml(mirror.url())).append("]\n");
            text.append("  capabilities = ")
                    .append(mirror.trust() == Trust.PUBLIC ? "[\"pull\"]" : "[\"pull\", \"resolve\"]")
                    .append('\n');
            options(text, registry, i, "  ");
        }
        return text.toString();
    }

    private static void options(StringBuilder text, Registry registry, int index, String indent) {
        Mirror mirror = registry.endpoints().get(index);
        mirror.ca()
                .ifPresent(pem -> text.append(indent)
                        .append("ca = ")
                        .append(Text.toml(caFile(registry, index)))
                        .append('\n'));
        mirror.caSecretRef()
                .ifPresent(secret -> text.append(indent)
                        .append("# From Secret ")
                        .append(secret.name())
                        .append(", key ")
                        .append(secret.key())
                        .append("; bring it here by hand.\n")
                        .append(indent)
                        .append("ca = ")
                        .append(Text.toml(caFile(registry, index)))
                        .append('\n'));
        if (mirror.overridePath()) {
            text.append(indent).append("override_path = true\n");
        }
        if (mirror.skipVerify()) {
            text.append(indent).append("skip_verify = true\n");
        }
        mirror.dialTimeout()
                .ifPresent(timeout -> text.append(indent)
                        .append("dial_timeout = ")
                        .append(Text.toml(duration(timeout)))
                        .append('\n'));
    }

    private static String duration(Duration timeout) {
        return timeout.toMillisPart() == 0 ? timeout.toSeconds() + "s" : timeout.toMillis() + "ms";
    }
}
