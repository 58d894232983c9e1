package dev.trimtab.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.Baseline;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.render.Digest;
import dev.trimtab.source.Revision;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The part of an inventory that one ConfigMap holds, and how it is written there: a JSON object under the data key
 * {@value #DATA_KEY}, from {@code group/kind/namespace/name} to the digest that was applied last, or to an empty text while that
 * is not known. After the digest stand, separated by blanks, the three parts of the object's {@link Baseline} where it is known.
 * None of the four parts can hold a slash. Under {@value #KEPT_KEY} stand those that stay in the cluster when they
 * leave Git. The first shard also carries the last applied revision.
 */
record InventoryShard(
        int number,
        SortedMap<ObjectKey, Optional<Digest>> entries,
        SortedMap<ObjectKey, Baseline> baselines,
        SortedSet<ObjectKey> kept,
        Optional<Revision> revision) {

    /** Bounds a shard to about 500 KB; etcd takes 1 MiB. */
    static final int CAPACITY = 2_000;

    /** Names the sync. Not the label of managed objects: an inventory is not managed by Git. */
    static final String LABEL = "trimtab.dev/inventory";

    private static final String SHARD_LABEL = "trimtab.dev/inventory-shard";
    private static final String DATA_KEY = "objects";
    private static final String KEPT_KEY = "kept";
    private static final String ANNOTATION = "trimtab.dev/applied-";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    InventoryShard {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
        baselines = Collections.unmodifiableSortedMap(new TreeMap<>(baselines));
        kept = Collections.unmodifiableSortedSet(new TreeSet<>(kept));
    }

    static InventoryShard empty(int number) {
        return new InventoryShard(number, new TreeMap<>(), new TreeMap<>(), new TreeSet<>(), Optional.empty());
    }

    static InventoryShard read(JsonNode configMap) {
        JsonNode metadata = configMap.path("metadata");
        String name = metadata.path("namespace").asText() + "/"
                + metadata.path("name").asText();
        try {
            SortedMap<ObjectKey, Optional<Digest>> entries = new TreeMap<>();
            SortedMap<ObjectKey, Baseline> baselines = new TreeMap<>();
            JsonNode objects =
                    JSON.readTree(configMap.path("data").path(DATA_KEY).asText("{}"));
            for (Map.Entry<String, JsonNode> entry : objects.properties()) {
                String[] parts = entry.getValue().asText().split(" ", -1);
                ObjectKey key = key(entry.getKey());
                entries.put(key, parts[0].isEmpty() ? Optional.empty() : Optional.of(new Digest(parts[0])));
                if (parts.length == 4) {
                    baselines.put(key, new Baseline(parts[1], parts[2], parts[3]));
                }
            }
            SortedSet<ObjectKey> kept = new TreeSet<>();
            for (JsonNode id :
                    JSON.readTree(configMap.path("data").path(KEPT_KEY).asText("[]"))) {
                kept.add(key(id.asText()));
            }
            return new InventoryShard(
                    Integer.parseInt(metadata.path("labels").path(SHARD_LABEL).asText()),
                    entries,
                    baselines,
                    kept,
                    revision(metadata.path("annotations")));
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeParseException e) {
            throw new InventoryException(
                    "ConfigMap " + name + " cannot be read as an inventory: " + e.getMessage()
                            + "; restore it, or delete it to begin anew: what left Git in the meantime then stays in the cluster",
                    e);
        }
    }

    /** The ConfigMap to apply. */
    ObjectNode write(String namespace, String syncName) {
        ObjectNode configMap = JSON.createObjectNode();
        configMap.put("apiVersion", "v1").put("kind", "ConfigMap");
        ObjectNode metadata = configMap.putObject("metadata");
        metadata.put("namespace", namespace).put("name", "trimtab-inventory-" + syncName + "-" + number);
        metadata.putObject("labels").put(LABEL, syncName).put(SHARD_LABEL, Integer.toString(number));
        revision.ifPresent(applied -> metadata.putObject("annotations")
                .put(ANNOTATION + "commit", applied.commit())
                .put(ANNOTATION + "ref", applied.ref())
                .put(ANNOTATION + "committed-at", applied.committedAt().toString())
                .put(ANNOTATION + "author", applied.author())
                .put(ANNOTATION + "subject", applied.subject()));
        ObjectNode objects = JSON.createObjectNode();
        entries.forEach(
                (key, digest) -> objects.put(id(key), digest.map(Digest::value).orElse("") + text(baselines.get(key))));
        try {
            ObjectNode data = configMap.putObject("data").put(DATA_KEY, JSON.writeValueAsString(objects));
            if (!kept.isEmpty()) {
                data.put(
                        KEPT_KEY,
                        JSON.writeValueAsString(
                                kept.stream().map(InventoryShard::id).toList()));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts can always be written", e);
        }
        return configMap;
    }

    private static String text(@Nullable Baseline baseline) {
        return baseline == null ? "" : " " + baseline.version() + " " + baseline.trace() + " " + baseline.values();
    }

    /** Whether more differs than baselines: those are worth no write of their own, as without them an object costs one GET. */
    boolean differs(InventoryShard other) {
        return !entries.equals(other.entries) || !kept.equals(other.kept) || !revision.equals(other.revision);
    }

    private static String id(ObjectKey key) {
        return String.join("/", key.group(), key.kind(), key.namespace().orElse(""), key.name());
    }

    private static ObjectKey key(String id) {
        String[] parts = id.split("/", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("\"" + id + "\" is not group/kind/namespace/name");
        }
        return new ObjectKey(
                parts[0], parts[1], parts[2].isEmpty() ? Optional.empty() : Optional.of(parts[2]), parts[3]);
    }

    private static Optional<Revision> revision(JsonNode annotations) {
        String commit = annotations.path(ANNOTATION + "commit").asText("");
        return commit.isEmpty()
                ? Optional.empty()
                : Optional.of(new Revision(
                        commit,
                        annotations.path(ANNOTATION + "ref").asText(""),
                        Instant.parse(
                                annotations.path(ANNOTATION + "committed-at").asText("")),
                        annotations.path(ANNOTATION + "author").asText(""),
                        annotations.path(ANNOTATION + "subject").asText(""),
                        Optional.empty()));
    }
}
