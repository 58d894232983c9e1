package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.Optional;

/**
 * Names an object across API versions: a bump of the version is the same object.
 *
 * @param group API group, empty for core
 * @param namespace empty for cluster-scoped objects
 */
public record ObjectKey(String group, String kind, Optional<String> namespace, String name)
        implements Comparable<ObjectKey> {

    private static final Comparator<ObjectKey> ORDER = Comparator.comparing(
                    (ObjectKey key) -> key.namespace().orElse(""))
            .thenComparing(ObjectKey::group)
            .thenComparing(ObjectKey::kind)
            .thenComparing(ObjectKey::name);

    /** Reads apiVersion, kind and metadata of {@code object}; an absent or empty namespace means cluster-scoped. */
    public static ObjectKey of(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        String namespace = metadata.path("namespace").asText("");
        return new ObjectKey(
                groupOf(object.path("apiVersion").asText("")),
                object.path("kind").asText(""),
                namespace.isEmpty() ? Optional.empty() : Optional.of(namespace),
                metadata.path("name").asText(""));
    }

    /** The group of an {@code apiVersion}: {@code apps/v1} gives {@code apps}, {@code v1} the empty string. */
    public static String groupOf(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    @Override
    public int compareTo(ObjectKey other) {
        return ORDER.compare(this, other);
    }

    /** As people name objects: {@code Deployment shop/web}, {@code Namespace shop}. */
    @Override
    public String toString() {
        return kind + " " + namespace.map(ns -> ns + "/").orElse("") + name;
    }
}
