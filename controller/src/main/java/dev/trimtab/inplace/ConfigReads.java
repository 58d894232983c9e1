package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kube.ObjectKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What containers take from ConfigMaps and Secrets when they start, and see no change of afterwards: environment variables, and files
 * that are mounted by {@code subPath}. Whole volumes follow by themselves.
 */
public final class ConfigReads {

    /** @param key what is read of the object; empty for all of it */
    public record Read(ObjectKey object, Optional<String> key) {}

    private final Optional<String> namespace;
    private final Map<String, Set<Read>> volumes = new HashMap<>();

    private ConfigReads(JsonNode spec, Optional<String> namespace) {
        this.namespace = namespace;
        for (JsonNode volume : spec.path("volumes")) {
            Set<Read> reads = new HashSet<>();
            add(reads, "ConfigMap", volume.path("configMap").path("name"));
            add(reads, "Secret", volume.path("secret").path("secretName"));
            for (JsonNode source : volume.path("projected").path("sources")) {
                add(reads, "ConfigMap", source.path("configMap").path("name"));
                add(reads, "Secret", source.path("secret").path("name"));
            }
            volumes.put(volume.path("name").asText(), reads);
        }
    }

    /** By container, for those that run as long as the pod does; in a fixed order. */
    public static SortedMap<String, List<Read>> of(JsonNode template, Optional<String> namespace) {
        JsonNode spec = template.path("spec");
        ConfigReads reads = new ConfigReads(spec, namespace);
        SortedMap<String, List<Read>> found = new TreeMap<>();
        Stream.concat(
                        Containers.stream(spec.path("containers")),
                        Containers.stream(spec.path("initContainers")).filter(Containers::restartable))
                .forEach(container -> {
                    List<Read> own = reads.of(container).stream()
                            .sorted(Comparator.comparing(Read::object)
                                    .thenComparing(read -> read.key().orElse("")))
                            .toList();
                    if (!own.isEmpty()) {
                        found.put(container.path("name").asText(), own);
                    }
                });
        return found;
    }

    private Set<Read> of(JsonNode container) {
        Set<Read> reads = new HashSet<>();
        for (JsonNode from : container.path("envFrom")) {
            add(reads, "ConfigMap", from.path("configMapRef").path("name"));
            add(reads, "Secret", from.path("secretRef").path("name"));
        }
        for (JsonNode variable : container.path("env")) {
            JsonNode from = variable.path("valueFrom");
            addKey(reads, "ConfigMap", from.path("configMapKeyRef"));
            addKey(reads, "Secret", from.path("secretKeyRef"));
        }
        for (JsonNode mount : container.path("volumeMounts")) {
            boolean sub = !mount.path("subPath").asText("").isEmpty()
                    || !mount.path("subPathExpr").asText("").isEmpty();
            if (sub) {
                reads.addAll(volumes.getOrDefault(mount.path("name").asText(), Set.of()));
            }
        }
        return reads;
    }

    private void add(Set<Read> reads, String kind, JsonNode name) {
        if (!name.asText("").isEmpty()) {
            reads.add(new Read(new ObjectKey("", kind, namespace, name.asText()), Optional.empty()));
        }
    }

    private void addKey(Set<Read> reads, String kind, JsonNode reference) {
        if (!reference.path("name").asText("").isEmpty()) {
            reads.add(new Read(
                    new ObjectKey("", kind, namespace, reference.path("name").asText()),
                    Optional.of(reference.path("key").asText())));
        }
    }
}
