package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** A pod as a CloneSet makes it from a revision. */
final class NewPod {

    private static final String ID_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int ID_LENGTH = 5;

    private NewPod() {}

    static String instanceId(RandomGenerator random) {
        StringBuilder id = new StringBuilder(ID_LENGTH);
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ID_ALPHABET.charAt(random.nextInt(ID_ALPHABET.length())));
        }
        return id.toString();
    }

    static ObjectNode of(CloneSet owner, TemplateRevision revision, String instanceId, Instant now) {
        JsonNode template = revision.template();
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = pod.putObject("metadata");
        metadata.put("name", owner.name() + "-" + instanceId).put("namespace", owner.namespace());
        ObjectNode labels = copied(template.path("metadata").path("labels"), metadata.putObject("labels"));
        labels.put(CloneSetKeys.INSTANCE_ID, instanceId)
                .put(CloneSetKeys.REVISION, revision.label())
                .put(CloneSetKeys.TEMPLATE_HASH, revision.hash())
                .put(CloneSetKeys.LIFECYCLE_STATE, owner.lifecycle().stateOfNewPods());
        ObjectNode annotations =
                copied(template.path("metadata").path("annotations"), metadata.putObject("annotations"));
        annotations.put(
                CloneSetKeys.LIFECYCLE_TIMESTAMP,
                now.truncatedTo(ChronoUnit.SECONDS).toString());
        if (template.path("metadata").path("finalizers") instanceof ArrayNode finalizers && !finalizers.isEmpty()) {
            metadata.set("finalizers", finalizers.deepCopy());
        }
        metadata.putArray("ownerReferences").add(Owners.reference(owner));
        ObjectNode spec = copied(template.path("spec"), pod.putObject("spec"));
        ArrayNode gates = spec.withArrayProperty("readinessGates");
        boolean gated = Containers.stream(gates)
                .anyMatch(gate -> gate.path("conditionType").asText().equals(CloneSetKeys.GATE));
        if (!gated) {
            gates.addObject().put("conditionType", CloneSetKeys.GATE);
        }
        if (!owner.claimTemplates().isEmpty()) {
            volumes(owner, spec, instanceId);
        }
        return pod;
    }

    /** A volume of the template that has the name of a claim template gives way to the claim. */
    private static void volumes(CloneSet owner, ObjectNode spec, String instanceId) {
        ArrayNode volumes = JsonNodeFactory.instance.arrayNode();
        Set<String> claimed = new TreeSet<>();
        for (JsonNode template : owner.claimTemplates()) {
            String name = template.path("metadata").path("name").asText();
            claimed.add(name);
            volumes.addObject()
                    .put("name", name)
                    .putObject("persistentVolumeClaim")
                    .put("claimName", NewClaim.name(owner, template, instanceId));
        }
        Containers.stream(spec.path("volumes"))
                .filter(volume -> !claimed.contains(volume.path("name").asText()))
                .forEach(volumes::add);
        spec.set("volumes", volumes);
    }

    private static ObjectNode copied(JsonNode from, ObjectNode to) {
        if (from instanceof ObjectNode fields) {
            to.setAll(fields.deepCopy());
        }
        return to;
    }
}
