package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is left of an update that restarts containers one group after the other, in the fields of OpenKruise so that it could go on.
 *
 * @param images of the containers that are still to restart
 * @param metadata labels and annotations that such containers read, kept back until they restart
 * @param readyFirst containers that have to be ready before
 * @param record the groups so far
 */
record NextBatches(
        Map<String, String> images, Map<String, JsonNode> metadata, Set<String> readyFirst, List<JsonNode> record) {

    static final NextBatches NONE = new NextBatches(Map.of(), Map.of(), Set.of(), List.of());

    NextBatches {
        images = Map.copyOf(images);
        metadata = Map.copyOf(metadata);
        readyFirst = Set.copyOf(readyFirst);
        record = List.copyOf(record);
    }

    static NextBatches of(JsonNode state) {
        Map<String, String> images = new TreeMap<>();
        state.path("nextContainerImages")
                .properties()
                .forEach(image -> images.put(image.getKey(), image.getValue().asText()));
        Map<String, JsonNode> metadata = new TreeMap<>();
        state.path("nextContainerRefMetadata")
                .properties()
                .forEach(container -> metadata.put(container.getKey(), container.getValue()));
        Set<String> ready = new TreeSet<>();
        state.path("preCheckBeforeNext").path("containersRequiredReady").forEach(name -> ready.add(name.asText()));
        return new NextBatches(
                images,
                metadata,
                ready,
                Containers.stream(state.path("containerBatchesRecord")).toList());
    }

    /** Containers that only take over metadata are among them: OpenKruise restarts these too. */
    Set<String> containers() {
        Set<String> all = new TreeSet<>(images.keySet());
        all.addAll(metadata.keySet());
        return all;
    }

    boolean none() {
        return containers().isEmpty();
    }

    /** Labels and annotations that are kept back, by the container that reads them. */
    Map<String, Set<String>> reads() {
        Map<String, Set<String>> reads = new HashMap<>();
        metadata.forEach((container, kept) -> {
            Set<String> paths = new HashSet<>();
            for (String part : new String[] {"labels", "annotations"}) {
                kept.path(part).fieldNames().forEachRemaining(key -> paths.add("metadata." + part + "[" + key + "]"));
            }
            reads.put(container, paths);
        });
        return reads;
    }

    /** The same after {@code batch} was told to restart. */
    NextBatches without(Collection<String> batch, Instant now) {
        Map<String, String> images = new TreeMap<>(this.images);
        Map<String, JsonNode> metadata = new TreeMap<>(this.metadata);
        images.keySet().removeAll(batch);
        metadata.keySet().removeAll(batch);
        boolean last = images.isEmpty() && metadata.isEmpty();
        Set<String> ready = new TreeSet<>();
        if (!last) {
            ready.addAll(readyFirst);
            ready.addAll(batch);
        }
        List<JsonNode> record = new ArrayList<>(this.record);
        ObjectNode entry = JsonNodeFactory.instance
                .objectNode()
                .put("timestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
        new TreeSet<>(batch).forEach(entry.putArray("containers")::add);
        record.add(entry);
        return new NextBatches(images, metadata, ready, record);
    }

    void write(ObjectNode state) {
        if (!images.isEmpty()) {
            ObjectNode next = state.putObject("nextContainerImages");
            new TreeMap<>(images).forEach(next::put);
        }
        if (!metadata.isEmpty()) {
            ObjectNode next = state.putObject("nextContainerRefMetadata");
            new TreeMap<>(metadata).forEach(next::set);
        }
        if (!readyFirst.isEmpty()) {
            new TreeSet<>(readyFirst)
                    .forEach(state.putObject("preCheckBeforeNext").putArray("containersRequiredReady")::add);
        }
        if (!record.isEmpty()) {
            state.putArray("containerBatchesRecord").addAll(record);
        }
    }
}
