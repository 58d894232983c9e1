package dev.trimtab.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Paths of a FieldsV1 tree in the form people use.
 *
 * <p>{@code f:name} is {@code .name}, or {@code [name]} where the name has other characters than letters, digits, {@code _} and
 * {@code -} ({@code metadata.labels[app.kubernetes.io/name]}). {@code k:{"name":"web"}} is {@code [web]}; several keys are joined
 * by a comma in the server's order ({@code ports[80,TCP]}). {@code v:"x"} is {@code [x]} and {@code i:0} is {@code [0]}.
 */
final class FieldsV1 {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");
    private static final JsonMapper JSON = new JsonMapper();

    private FieldsV1() {}

    /** Whether the tree owns the field at {@code path}, something below it, or a whole (an atomic list, say) it is part of. */
    static boolean touches(ObjectNode fields, String path) {
        return touches(fields, steps(path));
    }

    /**
     * @param steps names of fields and keys of list entries, outermost first
     */
    private static boolean touches(JsonNode fields, List<String> steps) {
        if (steps.isEmpty()) {
            return true;
        }
        for (Map.Entry<String, JsonNode> child : fields.properties()) {
            if (!child.getKey().equals(".") && stepText(child.getKey()).equals(steps.get(0))) {
                return child.getValue().isEmpty() || touches(child.getValue(), steps.subList(1, steps.size()));
            }
        }
        return false;
    }

    /** {@code spec.containers[web].image} as spec, containers, web, image. Whether a step is in brackets makes no difference. */
    static List<String> steps(String path) {
        List<String> steps = new ArrayList<>();
        int at = 0;
        while (at < path.length()) {
            boolean bracket = path.charAt(at) == '[';
            int from = bracket || path.charAt(at) == '.' ? at + 1 : at;
            int to = from;
            while (to < path.length()
                    && (bracket ? path.charAt(to) != ']' : path.charAt(to) != '.' && path.charAt(to) != '[')) {
                to++;
            }
            steps.add(path.substring(from, to));
            at = bracket ? to + 1 : to;
        }
        return steps;
    }

    static void collect(JsonNode fields, String path, Set<String> into) {
        if (fields.isEmpty() && !path.isEmpty()) {
            into.add(path);
        }
        for (Map.Entry<String, JsonNode> child : fields.properties()) {
            if (child.getKey().equals(".")) {
                into.add(path);
            } else {
                collect(child.getValue(), path + step(child.getKey(), path.isEmpty()), into);
            }
        }
    }

    /**
     * Takes the values at the paths of {@code going} out of {@code value}, but for what is in {@code kept}. Where {@code plain} has a
     * value at such a path, that is put in place instead.
     */
    static void remove(JsonNode value, JsonNode going, JsonNode kept, JsonNode plain) {
        for (Map.Entry<String, JsonNode> child : going.properties()) {
            String key = child.getKey();
            JsonNode keptBelow = kept.path(key);
            if (key.equals(".")
                    || (keptBelow.isObject()
                            && FieldSets.isMember(keptBelow)
                            && child.getValue().isEmpty())) {
                continue;
            }
            Optional<JsonNode> there = find(value, key);
            if (there.isEmpty()) {
                continue;
            }
            boolean whole = keptBelow.isMissingNode();
            if (!whole || !isNamedPart(key, child.getValue())) {
                remove(
                        there.get(),
                        child.getValue(),
                        keptBelow,
                        find(plain, key).orElse(MissingNode.getInstance()));
            } else {
                replace(value, key, there.get(), find(plain, key));
            }
        }
    }

    /**
     * Writes null where {@code fields} has a field that the value lacks, beside what the value holds.
     *
     * @return whether there was such a field
     */
    static boolean blank(JsonNode value, JsonNode fields) {
        boolean blanked = false;
        for (Map.Entry<String, JsonNode> child : fields.properties()) {
            String key = child.getKey();
            Optional<JsonNode> there = find(value, key);
            if (there.isPresent()) {
                blanked |= blank(there.get(), child.getValue());
            } else if (key.startsWith("f:") && value instanceof ObjectNode object) {
                object.putNull(key.substring(2));
                blanked = true;
            }
        }
        return blanked;
    }

    /** The values at the paths of {@code fields}, by FieldsV1 key; of lists also the order of the entries. */
    static JsonNode project(JsonNode value, JsonNode fields) {
        ObjectNode projection = JSON.getNodeFactory().objectNode();
        for (Map.Entry<String, JsonNode> child : fields.properties()) {
            find(value, child.getKey())
                    .ifPresent(there -> projection.set(
                            child.getKey(), child.getValue().isEmpty() ? there : project(there, child.getValue())));
        }
        if (value.isArray()) {
            ArrayNode order = projection.putArray("order");
            for (JsonNode item : value) {
                fields.fieldNames().forEachRemaining(key -> {
                    if (find(value, key).filter(found -> found.equals(item)).isPresent()) {
                        order.add(key);
                    }
                });
            }
        }
        return projection;
    }

    /** A list entry goes as a whole only where the entry itself is named; a field always. */
    private static boolean isNamedPart(String key, JsonNode fields) {
        return key.startsWith("f:") || FieldSets.isMember(fields);
    }

    private static Optional<JsonNode> find(JsonNode value, String key) {
        String text = key.length() < 2 ? key : key.substring(2);
        if (key.startsWith("f:")) {
            return Optional.ofNullable(value.get(text));
        }
        if (!value.isArray()) {
            return Optional.empty();
        }
        for (JsonNode item : value) {
            if (key.startsWith("v:") ? item.equals(parse(text)) : key.startsWith("k:") && hasKeys(item, parse(text))) {
                return Optional.of(item);
            }
        }
        return Optional.empty();
    }

    /** The fields that name an entry of a list; empty when the key is no such name. */
    static Optional<JsonNode> itemKeys(String key) {
        return key.startsWith("k:") ? Optional.of(parse(key.substring(2))) : Optional.empty();
    }

    private static boolean hasKeys(JsonNode item, JsonNode keys) {
        return keys.properties().stream()
                .allMatch(key ->
                        key.getValue().asText().equals(item.path(key.getKey()).asText()));
    }

    private static void replace(JsonNode value, String key, JsonNode there, Optional<JsonNode> plain) {
        if (value instanceof ObjectNode object) {
            String name = key.substring(2);
            plain.ifPresentOrElse(node -> object.set(name, node.deepCopy()), () -> object.remove(name));
        } else if (value instanceof ArrayNode list && plain.isEmpty()) {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i).equals(there)) {
                    list.remove(i);
                    return;
                }
            }
        }
    }

    private static String step(String key, boolean first) {
        String text = stepText(key);
        if (key.startsWith("f:") && PLAIN.matcher(text).matches()) {
            return first ? text : "." + text;
        }
        return "[" + text + "]";
    }

    private static String stepText(String key) {
        String text = key.length() < 2 ? key : key.substring(2);
        if (key.startsWith("k:")) {
            List<String> values = new ArrayList<>();
            parse(text).forEach(value -> values.add(value.asText()));
            return String.join(",", values);
        }
        return key.startsWith("v:") ? parse(text).asText() : text;
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.getNodeFactory().textNode(text);
        }
    }
}
