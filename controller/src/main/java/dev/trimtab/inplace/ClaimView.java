package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A PersistentVolumeClaim that was made from a CloneSet's volumeClaimTemplates. */
record ClaimView(ObjectNode json) {

    private JsonNode metadata() {
        return json.path("metadata");
    }

    String name() {
        return metadata().path("name").asText();
    }

    String uid() {
        return metadata().path("uid").asText();
    }

    /** The pod it is for, by the five characters that name a pod within its set. */
    String instance() {
        return metadata().path("labels").path(CloneSetKeys.INSTANCE_ID).asText("");
    }

    boolean deleting() {
        return metadata().hasNonNull("deletionTimestamp");
    }

    boolean ownedBy(String uid) {
        return Containers.stream(metadata().path("ownerReferences"))
                .anyMatch(owner -> owner.path("uid").asText().equals(uid));
    }

    /** It goes away with its pod, by garbage collection, whoever deletes the pod and whenever. */
    JsonNode givenTo(PodView pod, CloneSet cloneSet) {
        ObjectNode owner = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put("name", pod.name())
                .put("uid", pod.uid());
        return owned(owner, cloneSet.uid());
    }

    /** It outlives its pod. */
    JsonNode keptFor(CloneSet cloneSet, PodView pod) {
        return owned(Owners.reference(cloneSet), pod.uid());
    }

    private JsonNode owned(ObjectNode owner, String insteadOf) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode changed = patch.putObject("metadata")
                .put("resourceVersion", metadata().path("resourceVersion").asText());
        var owners = changed.putArray("ownerReferences");
        Containers.stream(metadata().path("ownerReferences"))
                .filter(had -> !had.path("uid").asText().equals(insteadOf))
                .forEach(owners::add);
        owners.add(owner);
        return patch;
    }

    @Override
    public String toString() {
        return "PersistentVolumeClaim " + metadata().path("namespace").asText() + "/" + name();
    }
}
