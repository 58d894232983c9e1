package dev.trimtab.kube;

import dev.trimtab.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The server that contracts are checked against: a sandbox, or any disposable cluster whose kubeconfig
 * {@code TRIMTAB_TEST_KUBECONFIG} names.
 */
public final class TestCluster implements AutoCloseable {

    private final Optional<Sandbox> sandbox;
    private final ClusterClient client;

    private TestCluster(Optional<Sandbox> sandbox, ClusterClient client) {
        this.sandbox = sandbox;
        this.client = client;
    }

    public static TestCluster start() {
        return start(Sandbox.builder().controllers(false));
    }

    /** With controllers and two nodes on which pods run. */
    public static TestCluster withNodes() {
        return start(Sandbox.builder().nodes(List.of("node-1", "node-2")));
    }

    private static TestCluster start(Sandbox.Builder builder) {
        String named = System.getenv("TRIMTAB_TEST_KUBECONFIG");
        if (named != null) {
            return new TestCluster(Optional.empty(), connect(Path.of(named)));
        }
        Sandbox sandbox = builder.build().start();
        try {
            Path kubeconfig = Files.createTempFile("sandbox", ".yaml");
            Files.writeString(kubeconfig, sandbox.kubeconfig());
            ClusterClient client = connect(kubeconfig);
            // It is read again whenever the connection is renewed.
            kubeconfig.toFile().deleteOnExit();
            return new TestCluster(Optional.of(sandbox), client);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ClusterClient client() {
        return client;
    }

    /** Whether what is left in it goes with it. */
    public boolean isSandbox() {
        return sandbox.isPresent();
    }

    /** Takes away what a test before left in these namespaces and beside them; a sandbox is new. */
    public void sweep(List<String> namespaces) {
        if (!isSandbox()) {
            Leftovers.sweep(client, namespaces);
        }
    }

    @Override
    public void close() {
        client.close();
        sandbox.ifPresent(Sandbox::close);
    }

    private static ClusterClient connect(Path kubeconfig) {
        return Clusters.connect(
                new ClusterSettings(Optional.of(kubeconfig), Optional.empty(), Duration.ofSeconds(20), 2));
    }
}
