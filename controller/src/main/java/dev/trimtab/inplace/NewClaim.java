package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The claims of a pod as a CloneSet makes them from its volumeClaimTemplates. */
final class NewClaim {

    private NewClaim() {}

    static List<ObjectNode> all(CloneSet owner, String instanceId) {
        return owner.claimTemplates().stream()
                .map(template -> of(owner, template, instanceId))
                .toList();
    }

    static String name(CloneSet owner, JsonNode template, String instanceId) {
        return template.path("metadata").path("name").asText() + "-" + owner.name() + "-" + instanceId;
    }

    private static ObjectNode of(CloneSet owner, JsonNode template, String instanceId) {
        ObjectNode claim = JsonNodeFactory.instance.objectNode();
        claim.put("apiVersion", "v1").put("kind", "PersistentVolumeClaim");
        ObjectNode metadata = claim.putObject("metadata");
        metadata.put("name", name(owner, template, instanceId)).put("namespace", owner.namespace());
        ObjectNode labels = metadata.putObject("labels");
        copy(template.path("metadata").path("labels"), labels);
        copy(owner.spec().path("selector").path("matchLabels"), labels);
        labels.put(CloneSetKeys.INSTANCE_ID, instanceId);
        if (!template.path("metadata").path("annotations").isEmpty()) {
            copy(template.path("metadata").path("annotations"), metadata.putObject("annotations"));
        }
        metadata.putArray("ownerReferences").add(Owners.reference(owner));
        copy(template.path("spec"), claim.putObject("spec"));
        return claim;
    }

    private static void copy(JsonNode from, ObjectNode to) {
        if (from instanceof ObjectNode fields) {
            to.setAll(fields.deepCopy());
        }
    }
}
