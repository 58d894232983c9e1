package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.schema.Type;
import java.util.TreeMap;

/**
 * What the server does for {@code kubectl apply --server-side} on an object that was made by client-side apply:
 * fields that still have the value of the last-applied annotation are no conflict, and the annotation is kept up to
 * date.
 */
final class LastApplied {

    private static final String KUBECTL = "kubectl";
    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
    private static final ObjectMapper JSON = new ObjectMapper();

    private LastApplied() {}

    /** Throws the conflicts that client-side apply does not explain. */
    static void refuse(Type.Struct type, ObjectNode live, ApplyRequest request, Conflicts conflicts) {
        Conflicts left = conflicts;
        String lastApplied = annotation(live);
        if (request.manager().equals(KUBECTL) && !lastApplied.isEmpty()) {
            left = conflicts.without(unchangedSince(type, live, lastApplied, request.apiVersion()));
        }
        if (!left.isEmpty()) {
            throw left.toException();
        }
    }

    private static FieldSet unchangedSince(Type.Struct type, ObjectNode live, String lastApplied, String apiVersion) {
        try {
            JsonNode then = JSON.readTree(lastApplied);
            if (!then.path("apiVersion").asText().equals(apiVersion)) {
                return FieldSet.EMPTY;
            }
            Comparison comparison = Comparison.of(type, then, live);
            return OwnedFields.of(type, then).difference(comparison.changed()).difference(comparison.removed());
        } catch (JsonProcessingException | TypedFailure unusable) {
            return FieldSet.EMPTY;
        }
    }

    /** {@code next} with the annotation as this request makes it; only kubectl's is kept up to date. */
    static ObjectNode refresh(ObjectNode next, ObjectNode applied, ApplyRequest request) {
        if (!request.manager().equals(KUBECTL) || annotation(next).isEmpty()) {
            return next;
        }
        ObjectNode configuration = applied.deepCopy();
        if (configuration.path("metadata").get("annotations") instanceof ObjectNode annotations) {
            annotations.remove(ANNOTATION);
        }
        ObjectNode refreshed = next.deepCopy();
        ((ObjectNode) refreshed.get("metadata").get("annotations")).put(ANNOTATION, sorted(configuration) + "\n");
        return refreshed;
    }

    private static String annotation(ObjectNode object) {
        return object.path("metadata").path("annotations").path(ANNOTATION).asText();
    }

    /** Keys in order, as the server writes untyped objects. */
    private static JsonNode sorted(JsonNode value) {
        if (value.isObject()) {
            TreeMap<String, JsonNode> members = new TreeMap<>();
            value.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
            return JSON.createObjectNode().setAll(members);
        }
        if (value.isArray()) {
            return JSON.createArrayNode()
                    .addAll(value.valueStream().map(LastApplied::sorted).toList());
        }
        return value;
    }
}
