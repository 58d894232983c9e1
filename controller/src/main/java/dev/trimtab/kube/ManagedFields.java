package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads {@code metadata.managedFields}: who owns which field. The format is FieldsV1 of the Kubernetes API reference; paths go
 * out as people read them, see {@link FieldsV1}.
 */
public final class ManagedFields {

    /**
     * What one manager owns by one kind of write.
     *
     * @param operation {@code Apply} or {@code Update}
     * @param subresource empty, or for instance {@code scale}
     * @param time of the manager's last change of a value, to the second
     * @param fields a FieldsV1 tree
     */
    public record Entry(
            String manager,
            String operation,
            String subresource,
            String apiVersion,
            Optional<Instant> time,
            ObjectNode fields) {

        /**
         * The part of a map under {@code metadata} that the entry owns.
         *
         * @param map {@code labels} or {@code annotations}
         */
        public ObjectNode metadataMap(JsonNode metadata, String map) {
            ObjectNode owned = JsonNodeFactory.instance.objectNode();
            fields.path("f:metadata").path("f:" + map).fieldNames().forEachRemaining(field -> {
                String key = field.startsWith("f:") ? field.substring(2) : "";
                if (metadata.path(map).has(key)) {
                    owned.set(key, metadata.path(map).path(key));
                }
            });
            return owned;
        }

        /** Whether the entry owns the field at {@code path}, something below it, or a whole that it is part of. */
        public boolean touches(String path) {
            return FieldsV1.touches(fields, path);
        }

        /** Whether both are entries of one owner, at whatever time. An applier is one owner in all versions. */
        boolean isOf(Entry other) {
            return manager.equals(other.manager)
                    && operation.equals(other.operation)
                    && subresource.equals(other.subresource)
                    && (operation.equals("Apply") || apiVersion.equals(other.apiVersion));
        }
    }

    private ManagedFields() {}

    /** All entries, in the server's order. */
    public static List<Entry> entries(JsonNode metadata) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : metadata.path("managedFields")) {
            entry(entry).ifPresent(entries::add);
        }
        return entries;
    }

    /** One element of managedFields; empty when it holds no FieldsV1. */
    static Optional<Entry> entry(JsonNode entry) {
        return entry.path("fieldsV1") instanceof ObjectNode fields
                ? Optional.of(new Entry(
                        entry.path("manager").asText(""),
                        entry.path("operation").asText(""),
                        entry.path("subresource").asText(""),
                        entry.path("apiVersion").asText(""),
                        time(entry.path("time").asText("")),
                        fields))
                : Optional.empty();
    }

    /** What {@code manager} applied to the object itself, not to a subresource. */
    public static Optional<Entry> ownedBy(JsonNode metadata, String manager) {
        return entries(metadata).stream()
                .filter(entry -> isApplied(entry, manager))
                .findFirst();
    }

    static boolean isApplied(Entry entry, String manager) {
        return entry.manager().equals(manager)
                && entry.operation().equals("Apply")
                && entry.subresource().isEmpty();
    }

    /**
     * Who owns the field at {@code path}, a part of it, or the whole that it belongs to. Each manager once, the latest writer
     * first.
     *
     * @param path as people read it: {@code spec.template.spec.containers[web].image}
     */
    public static List<String> managersOf(JsonNode metadata, String path) {
        return entries(metadata).stream()
                .filter(entry -> FieldsV1.touches(entry.fields(), path))
                .sorted((a, b) ->
                        b.time().orElse(Instant.EPOCH).compareTo(a.time().orElse(Instant.EPOCH)))
                .map(Entry::manager)
                .distinct()
                .toList();
    }

    /** Every path that an entry owns, as people read it. */
    public static SortedSet<String> paths(Entry entry) {
        SortedSet<String> paths = new TreeSet<>();
        FieldsV1.collect(entry.fields(), "", paths);
        return paths;
    }

    private static Optional<Instant> time(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
