package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.definition.Inventory;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.FieldChange.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a server-side apply of a node's declared labels and annotations changes, told beforehand from its managedFields: a key that
 * the applier holds alone goes with it, one that somebody else holds too stays.
 *
 * @param applied the whole of what is applied: declared keys and nothing else
 * @param notes what happens to ownership where no value changes
 */
record MetadataDiff(ObjectNode applied, List<FieldChange> fields, List<String> notes) {

    MetadataDiff {
        fields = List.copyOf(fields);
        notes = List.copyOf(notes);
    }

    /** Whether nothing is to be written. */
    boolean isEmpty() {
        return fields.isEmpty() && notes.isEmpty();
    }

    /** @param manager the sync's field manager */
    static MetadataDiff of(Inventory.Node declared, LiveNode live, String manager) {
        SortedMap<String, String> annotations = new TreeMap<>(declared.annotations());
        live.machine().ifPresent(machine -> annotations.put(Marks.MACHINE, machine));
        Comparison comparison = new Comparison(live, manager);
        comparison.compare("labels", RoleLabels.with(declared));
        comparison.compare("annotations", annotations);
        ObjectNode applied = JsonNodeFactory.instance.objectNode();
        applied.put("apiVersion", "v1").put("kind", "Node");
        // The uid: a node that went meanwhile must not come back as an empty object.
        ObjectNode metadata =
                applied.putObject("metadata").put("name", live.name()).put("uid", live.uid());
        put(metadata, "labels", RoleLabels.with(declared));
        put(metadata, "annotations", annotations);
        return new MetadataDiff(applied, comparison.fields, comparison.notes);
    }

    private static void put(ObjectNode metadata, String map, SortedMap<String, String> values) {
        if (!values.isEmpty()) {
            ObjectNode object = metadata.putObject(map);
            values.forEach(object::put);
        }
    }

    /** What is collected over both maps. */
    private static final class Comparison {

        private final LiveNode live;
        private final String manager;
        private final Optional<ManagedFields.Entry> ours;
        private final List<FieldChange> fields = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        Comparison(LiveNode live, String manager) {
            this.live = live;
            this.manager = manager;
            this.ours = ManagedFields.ownedBy(live.metadata(), manager);
        }

        void compare(String map, SortedMap<String, String> wanted) {
            Set<String> owned = ours.map(entry -> keys(entry, map)).orElse(Set.of());
            JsonNode present = live.metadata().path(map);
            wanted.forEach((key, value) -> {
                Optional<String> is = Optional.ofNullable(present.path(key).textValue());
                if (!is.equals(Optional.of(value))) {
                    fields.add(change(map, key, is, Optional.of(value)));
                } else if (!owned.contains(key)) {
                    notes.add(path(map, key) + " has the declared value already"
                            + others(map, key).map(other -> ", set by " + other).orElse("")
                            + "; from now on it is Trimtab's too");
                }
            });
            for (String key : owned) {
                if (!wanted.containsKey(key)) {
                    dropped(map, key, present);
                }
            }
        }

        private void dropped(String map, String key, JsonNode present) {
            Optional<String> is = Optional.ofNullable(present.path(key).textValue());
            Optional<String> other = others(map, key);
            if (other.isPresent()) {
                notes.add(path(map, key) + " left Git and stays, because " + other.get() + " holds it too");
            } else {
                fields.add(change(map, key, is, Optional.empty()));
            }
        }

        private FieldChange change(String map, String key, Optional<String> before, Optional<String> after) {
            return new FieldChange(
                    path(map, key),
                    before.map(TextNode::valueOf),
                    after.map(TextNode::valueOf),
                    false,
                    Origin.GIT,
                    others(map, key));
        }

        private Optional<String> others(String map, String key) {
            String path = path(map, key);
            return ManagedFields.entries(live.metadata()).stream()
                    .filter(entry -> !(entry.manager().equals(manager)
                            && entry.operation().equals("Apply")))
                    .filter(entry -> entry.touches(path))
                    .map(ManagedFields.Entry::manager)
                    .findFirst();
        }

        private static Set<String> keys(ManagedFields.Entry entry, String map) {
            return entry.fields().path("f:metadata").path("f:" + map).properties().stream()
                    .map(field -> field.getKey())
                    .filter(key -> key.startsWith("f:"))
                    .map(key -> key.substring(2))
                    .collect(Collectors.toSet());
        }

        private static String path(String map, String key) {
            return "metadata." + map + "[" + key + "]";
        }
    }
}
