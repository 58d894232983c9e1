package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.merge.Owner.Operation;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The entries of {@code metadata.managedFields}, by owner. Immutable. */
final class ManagedFields {

    static final ManagedFields NONE = new ManagedFields(new TreeMap<>(Owner.ORDER));

    /**
     * What an owner owns.
     *
     * @param apiVersion the version the paths are of
     * @param time RFC 3339; an applier that changed no value when it first came has none
     */
    record Entry(String apiVersion, Optional<String> time, FieldSet fields) {

        Entry withFields(FieldSet others) {
            return new Entry(apiVersion, time, others);
        }

        private long seconds() {
            try {
                return time.map(t -> Instant.parse(t).getEpochSecond()).orElse(0L);
            } catch (DateTimeParseException e) {
                return 0;
            }
        }
    }

    private static final Comparator<Map.Entry<Owner, Entry>> WRITTEN_ORDER = Comparator.comparing(
                    (Map.Entry<Owner, Entry> e) -> e.getKey().operation())
            .thenComparing(e -> e.getValue().seconds())
            .thenComparing(e -> e.getKey().manager())
            .thenComparing(e -> e.getValue().apiVersion())
            .thenComparing(e -> e.getKey().subresource());

    private final SortedMap<Owner, Entry> entries;

    private ManagedFields(SortedMap<Owner, Entry> entries) {
        this.entries = entries;
    }

    /**
     * Reads the managedFields of an object.
     *
     * @throws IllegalArgumentException an entry is not valid
     */
    static ManagedFields of(ObjectNode object) {
        SortedMap<Owner, Entry> entries = new TreeMap<>(Owner.ORDER);
        int index = 0;
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            read(entry, index++, entries);
        }
        return new ManagedFields(entries);
    }

    private static void read(JsonNode entry, int index, Map<Owner, Entry> entries) {
        String manager = entry.path("manager").asText();
        String apiVersion = entry.path("apiVersion").asText();
        String subresource = entry.path("subresource").asText();
        Owner owner = switch (entry.path("operation").asText()) {
            case "Apply" -> new Owner(manager, Operation.APPLY, "", subresource);
            case "Update" -> new Owner(manager, Operation.UPDATE, apiVersion, subresource);
            default -> throw new IllegalArgumentException("operation must be `Apply` or `Update`");
        };
        if (apiVersion.isEmpty()) {
            throw new IllegalArgumentException("apiVersion must not be empty");
        }
        String fieldsType = entry.path("fieldsType").asText();
        if (fieldsType.isEmpty()) {
            throw new IllegalArgumentException("missing fieldsType in managed fields entry " + index);
        }
        if (!fieldsType.equals("FieldsV1")) {
            throw new IllegalArgumentException(
                    "invalid fieldsType \"" + fieldsType + "\" in managed fields entry " + index);
        }
        Optional<String> time = Optional.ofNullable(entry.path("time").textValue());
        entries.put(owner, new Entry(apiVersion, time, FieldSet.fromFieldsV1(entry.path("fieldsV1"))));
    }

    /** The object with these managedFields; it is changed in place. */
    ObjectNode writeTo(ObjectNode object) {
        if (entries.isEmpty()) {
            if (object.get("metadata") instanceof ObjectNode metadata) {
                metadata.remove("managedFields");
            }
            return object;
        }
        ObjectNode metadata =
                object.get("metadata") instanceof ObjectNode present ? present : object.putObject("metadata");
        ArrayNode written = metadata.putArray("managedFields");
        entries.entrySet().stream()
                .sorted(WRITTEN_ORDER)
                .map(e -> write(e.getKey(), e.getValue()))
                .forEach(written::add);
        return object;
    }

    private static ObjectNode write(Owner owner, Entry entry) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("manager", owner.manager());
        json.put("operation", owner.operation().text());
        json.put("apiVersion", entry.apiVersion());
        entry.time().ifPresent(time -> json.put("time", time));
        json.put("fieldsType", "FieldsV1");
        json.set("fieldsV1", entry.fields().toFieldsV1());
        if (!owner.subresource().isEmpty()) {
            json.put("subresource", owner.subresource());
        }
        return json;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    SortedMap<Owner, Entry> entries() {
        return entries;
    }

    Optional<Entry> get(Owner owner) {
        return Optional.ofNullable(entries.get(owner));
    }

    /** These entries and one more, or one less if its owner owns nothing. */
    ManagedFields with(Owner owner, Entry entry) {
        SortedMap<Owner, Entry> changed = new TreeMap<>(entries);
        if (entry.fields().isEmpty()) {
            changed.remove(owner);
        } else {
            changed.put(owner, entry);
        }
        return new ManagedFields(changed);
    }

    /** These entries without one owner's. */
    ManagedFields without(Owner owner) {
        SortedMap<Owner, Entry> changed = new TreeMap<>(entries);
        changed.remove(owner);
        return new ManagedFields(changed);
    }

    /** These entries with everyone's fields changed; who is left with nothing is gone. */
    ManagedFields map(UnaryOperator<FieldSet> change) {
        SortedMap<Owner, Entry> changed = new TreeMap<>(Owner.ORDER);
        entries.forEach((owner, entry) -> {
            FieldSet fields = change.apply(entry.fields());
            if (!fields.isEmpty()) {
                changed.put(owner, entry.withFields(fields));
            }
        });
        return new ManagedFields(changed);
    }

    /** Everything that anyone owns. */
    FieldSet union() {
        FieldSet union = FieldSet.EMPTY;
        for (Entry entry : entries.values()) {
            union = union.union(entry.fields());
        }
        return union;
    }
}
