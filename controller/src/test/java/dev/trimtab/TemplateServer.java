package dev.trimtab;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.apply.Inventory;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.kube.Leftovers;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.render.Written;
import dev.trimtab.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A server to which the template's machines have joined: a sandbox, or the disposable cluster that {@code TRIMTAB_TEST_KUBECONFIG}
 * names, where it has nodes of their names. What the template brings goes from such a cluster before and after.
 */
public final class TemplateServer implements AutoCloseable {

    private static final List<String> NAMESPACES = List.of("shop", "kuboard", "kube-flannel", Inventory.NAMESPACE);

    private final Optional<Sandbox> sandbox;
    private final Path kubeconfig;
    private final ClusterClient client;

    private TemplateServer(Optional<Sandbox> sandbox, Path kubeconfig) {
        this.sandbox = sandbox;
        this.kubeconfig = kubeconfig;
        this.client = Clusters.connect(ClusterSettings.of(kubeconfig));
    }

    /** @param folder for the sandbox's kubeconfig */
    public static TemplateServer start(Path folder) {
        String named = System.getenv("TRIMTAB_TEST_KUBECONFIG");
        if (named == null) {
            Sandbox sandbox =
                    Sandbox.builder().nodes(TemplateCluster.NODES).build().start();
            return new TemplateServer(Optional.of(sandbox), write(folder, sandbox.kubeconfig())).joined();
        }
        TemplateServer server = new TemplateServer(Optional.empty(), Path.of(named));
        boolean there = server.nodes().containsAll(TemplateCluster.NODES);
        if (there) {
            server.sweep();
            server.joined();
        } else {
            server.client.close();
        }
        assumeTrue(there, "not run: the cluster has no nodes " + String.join(", ", TemplateCluster.NODES));
        return server;
    }

    private static Path write(Path folder, String kubeconfig) {
        try {
            return Files.writeString(folder.resolve("server"), kubeconfig);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TemplateServer joined() {
        TemplateCluster.joined(client);
        TemplateCluster.secretsOfTheAgent(client);
        return this;
    }

    public Path kubeconfig() {
        return kubeconfig;
    }

    public ClusterClient client() {
        return client;
    }

    public boolean isSandbox() {
        return sandbox.isPresent();
    }

    /** Of all nodes, also those that the template does not know. */
    public List<String> nodes() {
        return client.list(nodeType(), Optional.empty(), "").stream()
                .map(node -> node.at("/metadata/name").asText())
                .toList();
    }

    private void sweep() {
        Leftovers.sweep(client, NAMESPACES);
        TemplateCluster.NODES.forEach(this::clear);
    }

    /** Takes off what syncs and people wrote to a node. */
    private void clear(String node) {
        ObjectNode patch = Written.object("""
                metadata:
                  labels: {zone: null, node-role.kubernetes.io/worker: null}
                  annotations: {trimtab.dev/machine: null, trimtab.dev/owned-taints: null}
                  managedFields: [{}]
                spec: {taints: null, unschedulable: null}
                """);
        client.patch(nodeType(), Optional.empty(), node, "", PatchType.MERGE, patch, "kubectl");
    }

    private ResourceType nodeType() {
        return client.resource("v1", "Node").orElseThrow();
    }

    @Override
    public void close() {
        try {
            if (sandbox.isEmpty()) {
                sweep();
            }
        } finally {
            client.close();
            sandbox.ifPresent(Sandbox::close);
        }
    }
}
