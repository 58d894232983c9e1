package dev.trimtab.sandbox.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.sandbox.remote.Connection;
import dev.trimtab.sandbox.remote.RemoteApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The API server that decides what is right in this run. */
public final class Judge implements AutoCloseable {

    /** The system property that says which: {@code sandbox} (the default) or {@code other}. */
    public static final String PROPERTY = "conformance.judge";

    static final List<String> NODES = List.of("node-1", "node-2");

    private final String name;
    private final Path kubeconfig;
    private final Set<Part> parts;
    private final Runnable compaction;
    private final Runnable close;

    /** @param compaction forgets old versions; called only with {@link Part#COMPACTION} */
    Judge(String name, Path kubeconfig, Set<Part> parts, Runnable compaction, Runnable close) {
        this.name = name;
        this.kubeconfig = kubeconfig;
        this.parts = Set.copyOf(parts);
        this.compaction = compaction;
        this.close = close;
    }

    /** Starts what is asked for. */
    public static Judge start() throws NoJudge {
        return Choice.of(Optional.ofNullable(System.getProperty(PROPERTY)), Machine.here())
                .start();
    }

    @SuppressWarnings("resource") // closed with the judge, at the end of the run
    static Judge sandbox() {
        Sandbox sandbox = Sandbox.builder().nodes(NODES).rbac(true).build().start();
        try {
            Path kubeconfig = Files.writeString(Files.createTempFile("sandbox", ".yaml"), sandbox.kubeconfig());
            return new Judge(
                    "the sandbox",
                    kubeconfig,
                    EnumSet.complementOf(EnumSet.of(Part.MUTATION)),
                    sandbox::forgetHistory,
                    () -> {
                        sandbox.close();
                        delete(kubeconfig);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A cluster that runs already; it is left running. */
    static Judge cluster(Path kubeconfig) {
        Set<Part> parts = offered(kubeconfig);
        // Nothing in the API says whether controllers run; a cluster that has nodes has them.
        if (!RemoteApi.of(kubeconfig).list("nodes", "").isEmpty()) {
            parts.addAll(Set.of(Part.CONTROLLERS, Part.NODES));
        }
        return new Judge("the cluster of a kubeconfig, " + version(kubeconfig), kubeconfig, parts, () -> {}, () -> {});
    }

    /** What discovery tells. */
    static Set<Part> offered(Path kubeconfig) {
        boolean mutation = read(kubeconfig, "/apis/admissionregistration.k8s.io/v1")
                .path("resources")
                .findValuesAsText("name")
                .contains("mutatingadmissionpolicies");
        return mutation ? EnumSet.of(Part.MUTATION) : EnumSet.noneOf(Part.class);
    }

    static String version(Path kubeconfig) {
        return read(kubeconfig, "/version").path("gitVersion").asText();
    }

    private static JsonNode read(Path kubeconfig, String path) {
        Connection connection = Connection.of(kubeconfig);
        try {
            return new ObjectMapper()
                    .readTree(connection
                            .send(connection.request(path).build(), BodyHandlers.ofString())
                            .body());
        } catch (IOException e) {
            throw new UncheckedIOException("No answer from " + connection.server(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Connection connection() {
        return Connection.of(kubeconfig);
    }

    /** As somebody the judge does not know. */
    public Connection stranger() {
        return Connection.ofStranger(kubeconfig);
    }

    /** For clients that read one. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    public boolean has(Part part) {
        return parts.contains(part);
    }

    /** Forgets all versions but the latest. Its caches may need up to 15 s to notice. */
    public void compact() {
        if (!has(Part.COMPACTION)) {
            throw new IllegalStateException("This judge has no " + Part.COMPACTION);
        }
        compaction.run();
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void close() {
        close.run();
    }
}
