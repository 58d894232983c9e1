package dev.trimtab.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        return touches(fields, path, true);
    }

    private static boolean touches(JsonNode fields, String path, boolean root) {
        if (path.isEmpty()) {
            return true;
        }
        if (!root && fields.isEmpty()) {
            return true;
        }
        for (Map.Entry<String, JsonNode> child : fields.properties()) {
            if (child.getKey().equals(".")) {
                continue;
            }
            String step = step(child.getKey(), root);
            if (path.startsWith(step)
                    && endsStep(path, step.length())
                    && touches(child.getValue(), path.substring(step.length()), false)) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsStep(String path, int at) {
        return at == path.length() || path.charAt(at) == '.' || path.charAt(at) == '[';
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

    private static String step(String key, boolean first) {
        String text = key.length() < 2 ? key : key.substring(2);
        if (key.startsWith("f:")) {
            return PLAIN.matcher(text).matches() ? (first ? text : "." + text) : "[" + text + "]";
        }
        if (key.startsWith("k:")) {
            List<String> values = new ArrayList<>();
            parse(text).forEach(value -> values.add(value.asText()));
            return "[" + String.join(",", values) + "]";
        }
        return "[" + (key.startsWith("v:") ? parse(text).asText() : text) + "]";
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.getNodeFactory().textNode(text);
        }
    }
}
