package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Where two pod templates differ. A CloneSet's template has no schema in the API server, so the same thing can be written in two ways
 * there; they are the same here: quantities ({@code 1000m}, {@code 1}), null and absent, an empty list and none.
 */
final class TemplateDiff {

    /** @param container the container the path lies in */
    record Difference(VerdictCode code, FieldPath path, Optional<String> container) {}

    private static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

    private static final Map<String, VerdictCode> POD_FIELDS = Map.ofEntries(
            Map.entry("volumes", VerdictCode.VOLUMES),
            Map.entry("nodeSelector", VerdictCode.SCHEDULING),
            Map.entry("affinity", VerdictCode.SCHEDULING),
            Map.entry("tolerations", VerdictCode.SCHEDULING),
            Map.entry("topologySpreadConstraints", VerdictCode.SCHEDULING),
            Map.entry("nodeName", VerdictCode.SCHEDULING),
            Map.entry("schedulerName", VerdictCode.SCHEDULING),
            Map.entry("priorityClassName", VerdictCode.SCHEDULING),
            Map.entry("securityContext", VerdictCode.SECURITY),
            Map.entry("resources", VerdictCode.RESOURCES),
            Map.entry("overhead", VerdictCode.RESOURCES));

    private static final Map<String, VerdictCode> CONTAINER_FIELDS = Map.ofEntries(
            Map.entry("env", VerdictCode.ENV),
            Map.entry("envFrom", VerdictCode.ENV),
            Map.entry("command", VerdictCode.COMMAND),
            Map.entry("args", VerdictCode.COMMAND),
            Map.entry("ports", VerdictCode.PORTS),
            Map.entry("livenessProbe", VerdictCode.PROBES),
            Map.entry("readinessProbe", VerdictCode.PROBES),
            Map.entry("startupProbe", VerdictCode.PROBES),
            Map.entry("volumeMounts", VerdictCode.VOLUMES),
            Map.entry("volumeDevices", VerdictCode.VOLUMES),
            Map.entry("resources", VerdictCode.RESOURCES),
            Map.entry("resizePolicy", VerdictCode.RESOURCES),
            Map.entry("securityContext", VerdictCode.SECURITY));

    /** What names an entry of a list; other lists are compared by position. */
    private static final Map<String, String> ENTRY_NAME = Map.of(
            "env", "name",
            "volumes", "name",
            "volumeMounts", "mountPath",
            "ports", "containerPort",
            "imagePullSecrets", "name",
            "hostAliases", "ip",
            "readinessGates", "conditionType");

    /** Objects that say nothing when empty. An empty volume source ({@code emptyDir: {}}) does say something. */
    private static final Set<String> EMPTY_IS_ABSENT = Set.of(
            "metadata",
            "labels",
            "annotations",
            "nodeSelector",
            "resources",
            "limits",
            "requests",
            "securityContext",
            "affinity",
            "overhead");

    private static final Set<String> QUANTITIES = Set.of("limits", "requests", "overhead", "sizeLimit", "divisor");

    private final List<Difference> found = new ArrayList<>();

    private TemplateDiff() {}

    static List<Difference> between(JsonNode oldTemplate, JsonNode newTemplate) {
        TemplateDiff diff = new TemplateDiff();
        diff.metadata(oldTemplate.path("metadata"), newTemplate.path("metadata"));
        diff.spec(oldTemplate.path("spec"), newTemplate.path("spec"));
        return List.copyOf(diff.found);
    }

    private void metadata(JsonNode older, JsonNode newer) {
        for (String field : union(older, newer)) {
            switch (field) {
                case "labels", "annotations" -> entries(field, older.path(field), newer.path(field));
                case "finalizers" -> finalizers(older.path(field), newer.path(field));
                case "creationTimestamp" -> {}
                default ->
                    walk(
                            "metadata." + field,
                            field,
                            false,
                            older.path(field),
                            newer.path(field),
                            path -> add(VerdictCode.METADATA, path));
            }
        }
    }

    private void entries(String field, JsonNode older, JsonNode newer) {
        for (String key : union(older, newer)) {
            JsonNode now = present(key, newer.path(key));
            if (!same(false, present(key, older.path(key)), now)) {
                boolean asked = field.equals("annotations") && key.equals(RESTARTED_AT) && !now.isMissingNode();
                add(asked ? VerdictCode.RESTART_ASKED : VerdictCode.METADATA, "metadata." + field + "[" + key + "]");
            }
        }
    }

    private void finalizers(JsonNode older, JsonNode newer) {
        Set<String> before = texts(older);
        Set<String> after = texts(newer);
        Set<String> all = new TreeSet<>(before);
        all.addAll(after);
        all.stream()
                .filter(name -> before.contains(name) != after.contains(name))
                .forEach(name -> add(VerdictCode.METADATA, "metadata.finalizers[" + name + "]"));
    }

    private void spec(JsonNode older, JsonNode newer) {
        for (String field : union(older, newer)) {
            JsonNode was = older.path(field);
            JsonNode is = newer.path(field);
            if (field.equals("containers") || field.equals("initContainers")) {
                containers(field, was, is);
            } else {
                VerdictCode code = POD_FIELDS.getOrDefault(field, VerdictCode.OTHER);
                walk(field, field, false, was, is, path -> add(code, path));
            }
        }
    }

    private void containers(String list, JsonNode older, JsonNode newer) {
        Map<String, JsonNode> before = byName(older, "name");
        Map<String, JsonNode> after = byName(newer, "name");
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        boolean sameNames = before.keySet().equals(after.keySet());
        for (String name : names) {
            String path = list + "[" + name + "]";
            Optional<JsonNode> was = Optional.ofNullable(before.get(name));
            Optional<JsonNode> is = Optional.ofNullable(after.get(name));
            if (was.isPresent() && is.isPresent()) {
                container(list, name, path, was.get(), is.get());
            } else {
                found.add(new Difference(VerdictCode.CONTAINERS, new FieldPath(path), Optional.of(name)));
            }
        }
        if (sameNames && !List.copyOf(before.keySet()).equals(List.copyOf(after.keySet()))) {
            // Init containers run in the order they are written in, so there it does matter.
            add(list.equals("containers") ? VerdictCode.CONTAINER_ORDER : VerdictCode.CONTAINERS, list);
        }
    }

    private void container(String list, String name, String path, JsonNode was, JsonNode is) {
        boolean restarts = list.equals("containers") || (Containers.restartable(was) && Containers.restartable(is));
        for (String field : union(was, is)) {
            VerdictCode code = field.equals("image")
                    ? imageCode(restarts, is.path(field))
                    : CONTAINER_FIELDS.getOrDefault(field, VerdictCode.OTHER);
            walk(
                    path + "." + field,
                    field,
                    false,
                    was.path(field),
                    is.path(field),
                    at -> found.add(new Difference(code, new FieldPath(at), Optional.of(name))));
        }
    }

    private static VerdictCode imageCode(boolean restarts, JsonNode image) {
        if (image.asText("").isEmpty()) {
            return VerdictCode.OTHER;
        }
        return restarts ? VerdictCode.IMAGE : VerdictCode.INIT_IMAGE;
    }

    /** Tells {@code sink} the deepest paths at which the two trees differ. */
    private static void walk(
            String path, String field, boolean quantity, JsonNode was, JsonNode is, Consumer<String> sink) {
        JsonNode older = present(field, was);
        JsonNode newer = present(field, is);
        boolean quantities = quantity || QUANTITIES.contains(field);
        if (older.isObject() && newer.isObject()) {
            for (String key : union(older, newer)) {
                walk(path + "." + key, key, quantities, older.path(key), newer.path(key), sink);
            }
        } else if (older.isArray() && newer.isArray()) {
            lists(path, field, older, newer, sink);
        } else if (!same(quantities, older, newer)) {
            sink.accept(path);
        }
    }

    private static void lists(String path, String field, JsonNode older, JsonNode newer, Consumer<String> sink) {
        String nameField = ENTRY_NAME.getOrDefault(field, "");
        Map<String, JsonNode> before = byName(older, nameField);
        Map<String, JsonNode> after = byName(newer, nameField);
        if (before.size() < older.size() || after.size() < newer.size()) {
            byPosition(path, older, newer, sink);
            return;
        }
        Set<String> differing = new TreeSet<>();
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            JsonNode was = before.getOrDefault(name, MissingNode.getInstance());
            JsonNode is = after.getOrDefault(name, MissingNode.getInstance());
            String at = path + "[" + name + "]";
            // A variable is one thing to whoever reads the path; which half of valueFrom changed is noise.
            walk(at, "", false, was, is, deeper -> differing.add(field.equals("env") ? at : deeper));
        }
        if (differing.isEmpty() && !List.copyOf(before.keySet()).equals(List.copyOf(after.keySet()))) {
            differing.add(path);
        }
        differing.forEach(sink);
    }

    private static void byPosition(String path, JsonNode older, JsonNode newer, Consumer<String> sink) {
        if (older.size() != newer.size()) {
            sink.accept(path);
            return;
        }
        for (int i = 0; i < older.size(); i++) {
            walk(path + "[" + i + "]", "", false, older.get(i), newer.get(i), sink);
        }
    }

    private static boolean same(boolean quantities, JsonNode older, JsonNode newer) {
        if (older.equals(newer)) {
            return true;
        }
        if (quantities && older.isValueNode() && newer.isValueNode()) {
            return sameQuantity(older.asText(), newer.asText());
        }
        return older.isNumber() && newer.isNumber() && older.decimalValue().compareTo(newer.decimalValue()) == 0;
    }

    static boolean sameQuantity(String older, String newer) {
        try {
            return Quantity.getAmountInBytes(Quantity.parse(older))
                            .compareTo(Quantity.getAmountInBytes(Quantity.parse(newer)))
                    == 0;
        } catch (IllegalArgumentException notAQuantity) {
            return false;
        }
    }

    private static JsonNode present(String field, JsonNode node) {
        boolean saysNothing = node.isNull()
                || (node.isArray() && node.isEmpty())
                || (node.isObject() && node.isEmpty() && EMPTY_IS_ABSENT.contains(field));
        return saysNothing ? MissingNode.getInstance() : node;
    }

    /** In the order of the list; entries without a name, or with one that came before, are missing. */
    private static Map<String, JsonNode> byName(JsonNode list, String nameField) {
        Map<String, JsonNode> named = new LinkedHashMap<>();
        for (JsonNode entry : list) {
            JsonNode name = entry.path(nameField);
            if (name.isValueNode() && !name.isNull()) {
                // Two ports may share a number under different protocols.
                String protocol = nameField.equals("containerPort")
                        ? entry.path("protocol").asText("TCP")
                        : "";
                named.putIfAbsent(name.asText() + (protocol.equals("TCP") ? "" : protocol), entry);
            }
        }
        return named;
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new TreeSet<>();
        list.forEach(entry -> texts.add(entry.asText()));
        return texts;
    }

    private static Set<String> union(JsonNode older, JsonNode newer) {
        Set<String> names = new TreeSet<>();
        older.fieldNames().forEachRemaining(names::add);
        newer.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private void add(VerdictCode code, String path) {
        found.add(new Difference(code, new FieldPath(path), Optional.empty()));
    }
}
