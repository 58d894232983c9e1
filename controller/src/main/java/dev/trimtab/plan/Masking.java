package dev.trimtab.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which values a plan does not tell: Secret data, what {@code kubectl} keeps of it in an annotation, and values whose name
 * says that they are secret although they stand in the open.
 */
final class Masking {

    /** Stands for a value inside a larger one. */
    static final String MASK = "***";

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    /**
     * Words before key that make it a name of data or of objects. What may also be the name of a secret is not among them: the primary key
     * of a cloud's database opens it, and so does the routing key of a pager.
     */
    private static final String OPEN =
            "public|sort|foreign|partition|shard|column|label|annotation|taint|toleration|topology";

    /** A name that ends in key as a word of its own, as {@code KUBOARD_AGENT_KEY} does, is that of one, unless it is an open one. */
    private static final Pattern SECRET_NAME = Pattern.compile(
            "passw(or)?d|passphrase|token|secret|credential|private.?key|api.?key|dsn|(^|[._-])psk$|^key$" + "|(?<!"
                    + OPEN + ")([._-]key|(?-i:(?<=[a-z0-9])Key))$",
            Pattern.CASE_INSENSITIVE);

    private Masking() {}

    static boolean isSecret(ObjectKey object) {
        return object.group().isEmpty() && object.kind().equals("Secret");
    }

    static boolean masks(ObjectKey object, FieldLocation location) {
        List<String> steps = location.steps();
        if (isSecret(object) && (steps.get(0).equals("data") || steps.get(0).equals("stringData"))) {
            return true;
        }
        if (steps.contains(LAST_APPLIED)) {
            return true;
        }
        if (object.group().isEmpty() && object.kind().equals("ConfigMap") && steps.size() == 2) {
            return !steps.get(0).equals("metadata") && looksSecret(steps.get(1));
        }
        int env = steps.lastIndexOf("env");
        return env >= 0
                && steps.size() == env + 3
                && steps.get(env + 2).equals("value")
                && looksSecret(steps.get(env + 1));
    }

    /** A copy of a larger value in which the values of secret-looking variables are not told. */
    static JsonNode redact(JsonNode value) {
        JsonNode copy = value.deepCopy();
        redactIn(copy);
        return copy;
    }

    private static void redactIn(JsonNode value) {
        if (value instanceof ObjectNode object) {
            if (object.path("value").isTextual()
                    && looksSecret(object.path("name").asText(""))) {
                object.put("value", MASK);
            }
            if (object.has(LAST_APPLIED)) {
                object.put(LAST_APPLIED, MASK);
            }
        }
        value.forEach(Masking::redactIn);
    }

    private static boolean looksSecret(String name) {
        return SECRET_NAME.matcher(name).find();
    }
}
