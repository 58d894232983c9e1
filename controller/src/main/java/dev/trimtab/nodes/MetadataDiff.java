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
import java.util.stream.Stream;

/**
 * What a server-side apply of a node's declared labels and annotations changes, told beforehand from its managedFields: a key that
 * the applier holds alone goes with it, one that somebody else holds too stays.
 *
 * @param applied the whole of what is applied: declared keys and nothing else
 * @param taken labels that left Git and that only the kubelet holds too, since it set them once, when the node registered
 * @param notes what happens to ownership where no value changes
 */
record MetadataDiff(ObjectNode applied, List<String> taken, List<FieldChange> fields, List<String> notes) {

    /** Kubernetes documentation, "Well-Known Labels": what stands in these is the kubelet's to report, and comes back. */
    private static final List<String> KUBERNETES = List.of("kubernetes.io", "k8s.io");

    /** As kubelets name themselves to the API server. */
    private static final String KUBELET = "kubelet";

    MetadataDiff {
        taken = List.copyOf(taken);
        fields = List.copyOf(fields);
        notes = List.copyOf(notes);
    }

    /** Whether nothing is to be written. */
    boolean isEmpty() {
        return fields.isEmpty() && notes.isEmpty();
    }

    /** Takes away what a server-side apply leaves to the kubelet, unless the node is no longer the one that was looked at. */
    ObjectNode taking(LiveNode live) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.set("resourceVersion", live.metadata().path("resourceVersion"));
        metadata.put("uid", live.uid());
        ObjectNode labels = metadata.putObject("labels");
        taken.forEach(labels::putNull);
        return patch;
    }

    /**
     * @param manager the sync's field manager
     * @param registered keys of labels that Git lets kubelets register with; they are the kubelet's whatever the inventory says
     */
    static MetadataDiff of(Inventory.Node declared, LiveNode live, String manager, Set<String> registered) {
        SortedMap<String, String> annotations = new TreeMap<>(declared.annotations());
        live.machine().ifPresent(machine -> annotations.put(Marks.MACHINE, machine));
        Comparison comparison = new Comparison(live, manager, registered);
        comparison.compare("labels", RoleLabels.with(declared));
        comparison.compare("annotations", annotations);
        ObjectNode applied = JsonNodeFactory.instance.objectNode();
        applied.put("apiVersion", "v1").put("kind", "Node");
        // The uid: a node that went meanwhile must not come back as an empty object.
        ObjectNode metadata =
                applied.putObject("metadata").put("name", live.name()).put("uid", live.uid());
        put(metadata, "labels", RoleLabels.with(declared));
        put(metadata, "annotations", annotations);
        return new MetadataDiff(applied, comparison.taken, comparison.fields, comparison.notes);
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
        private final Set<String> registered;
        private final Optional<ManagedFields.Entry> ours;
        private final List<String> taken = new ArrayList<>();
        private final List<FieldChange> fields = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        Comparison(LiveNode live, String manager, Set<String> registered) {
            this.live = live;
            this.registered = registered;
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
                            + "; from now on it is Trimtab's too"
                            + (isOfRegistration(map, key) ? ", and goes when it leaves Git" : ""));
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
            if (other.isEmpty()) {
                fields.add(change(map, key, is, Optional.empty()));
            } else if (isOfRegistration(map, key)) {
                taken.add(key);
                fields.add(change(map, key, is, Optional.empty()));
            } else {
                notes.add(path(map, key) + " left Git and stays, because " + other.get() + " holds it too");
            }
        }

        /**
         * Whether nobody else holds it but a kubelet that was told to register the node with it. A kubelet never sets such a label again
         * on a node that is there.
         */
        private boolean isOfRegistration(String map, String key) {
            int slash = key.indexOf('/');
            String domain = slash < 0 ? "" : key.substring(0, slash);
            boolean reported = KUBERNETES.stream().anyMatch(one -> domain.equals(one) || domain.endsWith("." + one));
            List<ManagedFields.Entry> holders = holders(map, key).toList();
            return map.equals("labels")
                    && !reported
                    && !registered.contains(key)
                    && !holders.isEmpty()
                    && holders.stream()
                            .allMatch(entry -> entry.manager().equals(KUBELET)
                                    && entry.operation().equals("Update")
                                    && entry.subresource().isEmpty());
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
            return holders(map, key).map(ManagedFields.Entry::manager).findFirst();
        }

        private Stream<ManagedFields.Entry> holders(String map, String key) {
            String path = path(map, key);
            return ManagedFields.entries(live.metadata()).stream()
                    .filter(entry -> !(entry.manager().equals(manager)
                            && entry.operation().equals("Apply")))
                    .filter(entry -> entry.touches(path));
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
