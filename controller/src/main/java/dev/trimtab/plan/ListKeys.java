package dev.trimtab.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which fields tell the entries of a list apart. For the lists of pods and services these are the list-map keys of the
 * Kubernetes API reference; elsewhere an entry's name is taken where every entry has one of its own.
 */
final class ListKeys {

    private static final Map<String, List<List<String>>> BY_LIST = Map.of(
            "ports", List.of(List.of("containerPort", "protocol"), List.of("port", "protocol")),
            "volumeMounts", List.of(List.of("mountPath")),
            "volumeDevices", List.of(List.of("devicePath")),
            "hostAliases", List.of(List.of("ip")),
            "conditions", List.of(List.of("type")),
            "ownerReferences", List.of(List.of("uid")),
            "topologySpreadConstraints", List.of(List.of("topologyKey", "whenUnsatisfiable")),
            "taints", List.of(List.of("key"), List.of("key", "effect")));

    private static final List<List<String>> BY_NAME = List.of(List.of("name"));

    private ListKeys() {}

    /** Both lists by key, each in its own order; empty when their entries have no keys that tell them apart. */
    static Optional<Keyed> key(String listName, JsonNode before, JsonNode after) {
        for (List<String> fields : BY_LIST.getOrDefault(listName, BY_NAME)) {
            Optional<Map<String, JsonNode>> left = index(before, fields);
            Optional<Map<String, JsonNode>> right = index(after, fields);
            if (left.isPresent() && right.isPresent()) {
                return Optional.of(new Keyed(fields.get(0), left.get(), right.get()));
            }
        }
        return Optional.empty();
    }

    /** @param keyField the field that names an entry, or the first of several that do */
    record Keyed(String keyField, Map<String, JsonNode> before, Map<String, JsonNode> after) {

        /** What an entry's {@link #keyField} holds. */
        String keyValue(String key) {
            return Optional.ofNullable(before.get(key))
                    .or(() -> Optional.ofNullable(after.get(key)))
                    .map(entry -> entry.path(keyField).asText())
                    .orElse(key);
        }

        /** Keys of both lists: those of the old list in its order, then new ones in theirs. */
        List<String> union() {
            List<String> keys = new ArrayList<>(before.keySet());
            after.keySet().stream().filter(key -> !before.containsKey(key)).forEach(keys::add);
            return keys;
        }

        /** Whether the entries that are in both lists stand in another order. */
        boolean reordered() {
            List<String> left = new ArrayList<>(before.keySet());
            List<String> right = new ArrayList<>(after.keySet());
            Set<String> common = new HashSet<>(left);
            common.retainAll(after.keySet());
            left.retainAll(common);
            right.retainAll(common);
            return !left.equals(right);
        }
    }

    private static Optional<Map<String, JsonNode>> index(JsonNode list, List<String> fields) {
        Map<String, JsonNode> byKey = new LinkedHashMap<>();
        for (JsonNode entry : list) {
            // The first field is required in every list-map; the others may be left to their default.
            if (!entry.path(fields.get(0)).isValueNode()) {
                return Optional.empty();
            }
            List<String> values = new ArrayList<>();
            for (String field : fields) {
                if (entry.path(field).isValueNode()) {
                    values.add(entry.path(field).asText());
                }
            }
            if (byKey.put(String.join(",", values), entry) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(byKey);
    }
}
