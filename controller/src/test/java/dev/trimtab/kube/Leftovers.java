package dev.trimtab.kube;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient.Propagation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What tests left in a cluster that is not made for one of them. */
public final class Leftovers {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Leftovers() {}

    /** Deletes these namespaces, all definitions of kinds, and what syncs made beside namespaces, and waits until they are gone. */
    public static void sweep(ClusterClient cluster, List<String> namespaces) {
        List<ObjectNode> left = new ArrayList<>(cluster.list(type(cluster, "v1", "Namespace"), Optional.empty(), ""));
        left.removeIf(namespace -> !namespaces.contains(name(namespace)));
        left.addAll(cluster.list(
                type(cluster, "apiextensions.k8s.io/v1", "CustomResourceDefinition"), Optional.empty(), ""));
        for (String kind : List.of("ClusterRole", "ClusterRoleBinding")) {
            left.addAll(cluster.list(
                    type(cluster, "rbac.authorization.k8s.io/v1", kind), Optional.empty(), "trimtab.dev/sync"));
        }
        for (ObjectNode object : left) {
            cluster.delete(
                    type(cluster, object),
                    Optional.empty(),
                    name(object),
                    object.at("/metadata/uid").asText(),
                    Propagation.BACKGROUND);
        }
        for (ObjectNode object : left) {
            await("the end of " + name(object))
                    .atMost(PATIENCE)
                    .until(() -> cluster.get(type(cluster, object), Optional.empty(), name(object))
                            .isEmpty());
        }
    }

    private static ResourceType type(ClusterClient cluster, JsonNode object) {
        return type(
                cluster, object.path("apiVersion").asText(), object.path("kind").asText());
    }

    private static ResourceType type(ClusterClient cluster, String apiVersion, String kind) {
        return cluster.resource(apiVersion, kind).orElseThrow();
    }

    private static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }
}
