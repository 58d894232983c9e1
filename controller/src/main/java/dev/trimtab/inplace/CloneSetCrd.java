package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ResourceType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The definition of the CloneSet kind, for clusters that have none. */
final class CloneSetCrd {

    static final String NAME = "clonesets.apps.kruise.io";

    private static final String RESOURCE = "cloneset-crd.yaml";
    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private CloneSetCrd() {}

    static boolean install(ClusterClient cluster) {
        ObjectNode definition = read();
        ResourceType definitions = cluster.resource("apiextensions.k8s.io/v1", "CustomResourceDefinition")
                .orElseThrow(() -> new IllegalStateException(
                        cluster.name() + " serves no apiextensions.k8s.io/v1, so no kind can be added to it"));
        Optional<ObjectNode> present = cluster.get(definitions, Optional.empty(), NAME);
        if (present.filter(other -> !ours(other)).isPresent()) {
            return false;
        }
        cluster.apply(definitions, definition, new ApplyOptions(StepExecutor.FIELD_MANAGER, true, false));
        await(cluster, definitions);
        return true;
    }

    static ObjectNode read() {
        try (InputStream text = CloneSetCrd.class.getResourceAsStream(RESOURCE)) {
            if (text == null) {
                throw new IllegalStateException("the program was packaged without " + RESOURCE);
            }
            return new ObjectMapper().valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(text));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean ours(JsonNode definition) {
        return definition
                .path("metadata")
                .path("labels")
                .path(MANAGED_BY)
                .asText("")
                .equals("trimtab");
    }

    /** A kind is served some moments after its definition is there. */
    private static void await(ClusterClient cluster, ResourceType definitions) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!established(cluster, definitions)
                || cluster.resource(CloneSetKeys.API_VERSION, CloneSetKeys.KIND).isEmpty()) {
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException(cluster.name() + " does not serve " + NAME + " " + PATIENCE.toSeconds()
                        + " s after it was defined; see kubectl describe crd " + NAME);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static boolean established(ClusterClient cluster, ResourceType definitions) {
        return cluster.get(definitions, Optional.empty(), NAME)
                .filter(found -> Containers.stream(found.path("status").path("conditions"))
                        .anyMatch(condition -> condition.path("type").asText().equals("Established")
                                && condition.path("status").asText().equals("True")))
                .isPresent();
    }
}
