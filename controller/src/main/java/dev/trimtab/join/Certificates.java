package dev.trimtab.join;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.bootstrap.join.ClusterFacts;
import dev.trimtab.bootstrap.join.Host;
import dev.trimtab.bootstrap.join.HostException;
import dev.trimtab.bootstrap.join.JoinCode;
import dev.trimtab.bootstrap.join.RemoteCommand;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.YamlText;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * The cluster's private keys on their way to a new control-plane node: an existing one encrypts them with a key that is made for
 * this join, and puts them into the cluster, where kubeadm lets them expire after two hours (Kubernetes documentation, "kubeadm init
 * phase upload-certs"). They never come here.
 */
final class Certificates {

    private static final String FILE = RemoteCommand.FOLDER + "/upload-certs.yaml";

    private final Joining joining;
    private final Inventory.Node node;

    Certificates(Joining joining, Inventory.Node node) {
        this.joining = joining;
        this.node = node;
    }

    /** @return the key, 64 hex digits */
    String upload() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        String key = HexFormat.of().formatHex(bytes);
        joining.redactor().add(key);
        Inventory.Node source = source();
        joining.progress().phase(node.name(), Phase.TOKEN, source.name() + " hands over the certificates, encrypted");
        try (Host host = joining.connect(source)) {
            host.require(RemoteCommand.removeFolder());
            host.require(RemoteCommand.makeFolder(RemoteCommand.FOLDER));
            try {
                host.require(RemoteCommand.makeFile(FILE));
                host.require(RemoteCommand.write(FILE, configuration(key)));
                host.require(RemoteCommand.uploadCertificates(FILE));
            } finally {
                NodeJoin.bestEffort(host, RemoteCommand.shred(List.of(FILE)));
                NodeJoin.bestEffort(host, RemoteCommand.removeFolder());
            }
        }
        return key;
    }

    private Inventory.Node source() {
        ClusterFacts facts = joining.live().facts();
        return joining.controlPlanes().stream()
                .filter(other -> !other.name().equals(node.name()))
                .filter(other -> {
                    ClusterFacts.Node live = facts.nodes().get(other.name());
                    return live != null && live.ready();
                })
                .findFirst()
                .orElseThrow(() -> new HostException(
                        JoinCode.JOI016,
                        "no other control-plane node of the inventory is ready in the cluster, so nobody can hand the"
                                + " certificates to " + node.name(),
                        "the first control-plane node begins the cluster with kubeadm init; the others join it"));
    }

    /** The version is written, since kubeadm would look it up in the Internet. */
    private String configuration(String key) {
        ObjectNode init = document("InitConfiguration").put("certificateKey", key);
        ObjectNode cluster = document("ClusterConfiguration")
                .put("kubernetesVersion", joining.cluster().kubernetesVersion());
        return YamlText.of(init) + "---\n" + YamlText.of(cluster);
    }

    private ObjectNode document(String kind) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", joining.kubeadmApi())
                .put("kind", kind);
    }
}
