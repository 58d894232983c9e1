package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Strategic merge patches of running pods: by container name and by key, so that injected containers and labels of others stay. Each
 * holds the version of the pod it was decided on; the server refuses it when the pod has moved on.
 */
final class PodPatch {

    private static final Set<String> RESERVED = Set.of(
            CloneSetKeys.REVISION,
            CloneSetKeys.TEMPLATE_HASH,
            CloneSetKeys.INSTANCE_ID,
            CloneSetKeys.UPDATE_STATE,
            CloneSetKeys.LIFECYCLE_STATE);

    private PodPatch() {}

    /**
     * Takes a pod out of its Services before a container stops. Ready is set along with the gate: the kubelet would only do so when
     * it next looks, and keeps what it finds as long as the gate is closed.
     */
    static ObjectNode closeGate(PodView pod, Instant now) {
        ObjectNode patch = locked(pod);
        ArrayNode conditions = patch.putObject("status").putArray("conditions");
        conditions.add(condition(CloneSetKeys.GATE, "False", CloneSetKeys.STARTED, now));
        if (pod.condition("Ready")
                .filter(ready -> ready.path("status").asText().equals("True"))
                .isPresent()) {
            conditions.add(condition("Ready", "False", "ReadinessGatesNotReady", now));
        }
        return patch;
    }

    static ObjectNode openGate(PodView pod, Instant now) {
        ObjectNode patch = locked(pod);
        ObjectNode condition = condition(CloneSetKeys.GATE, "True", "", now);
        condition.putNull("reason");
        patch.putObject("status").putArray("conditions").add(condition);
        return patch;
    }

    /** @param restarting the containers that get the image of the new template */
    static ObjectNode update(
            PodView pod, JsonNode oldTemplate, TemplateRevision to, Collection<String> restarting, Instant now) {
        ObjectNode patch = locked(pod);
        ObjectNode metadata = (ObjectNode) patch.path("metadata");
        JsonNode was = oldTemplate.path("metadata");
        JsonNode is = to.template().path("metadata");
        ObjectNode labels = metadata.putObject("labels");
        changed(was.path("labels"), is.path("labels"), labels);
        labels.put(CloneSetKeys.REVISION, to.label()).put(CloneSetKeys.TEMPLATE_HASH, to.hash());
        ObjectNode annotations = JsonNodeFactory.instance.objectNode();
        changed(was.path("annotations"), is.path("annotations"), annotations);
        if (!restarting.isEmpty()) {
            annotations.put(
                    CloneSetKeys.UPDATE_STATE,
                    InPlaceState.begin(pod, to.name(), restarting).text(now));
        }
        if (!annotations.isEmpty()) {
            metadata.set("annotations", annotations);
        }
        finalizers(was.path("finalizers"), is.path("finalizers"), metadata);
        images(to.template().path("spec"), restarting, patch);
        return patch;
    }

    private static void images(JsonNode spec, Collection<String> restarting, ObjectNode patch) {
        for (String list : new String[] {"containers", "initContainers"}) {
            for (JsonNode container : spec.path(list)) {
                String name = container.path("name").asText();
                if (restarting.contains(name)) {
                    ObjectNode changed = patch.withObjectProperty("spec")
                            .withArrayProperty(list)
                            .addObject();
                    changed.put("name", name).set("image", container.path("image"));
                }
            }
        }
    }

    private static void changed(JsonNode was, JsonNode is, ObjectNode patch) {
        Set<String> keys = new TreeSet<>();
        was.fieldNames().forEachRemaining(keys::add);
        is.fieldNames().forEachRemaining(keys::add);
        keys.removeAll(RESERVED);
        for (String key : keys) {
            if (!is.has(key)) {
                patch.putNull(key);
            } else if (!is.path(key).equals(was.path(key))) {
                patch.set(key, is.path(key));
            }
        }
    }

    private static void finalizers(JsonNode was, JsonNode is, ObjectNode metadata) {
        Set<String> before = new TreeSet<>();
        Set<String> after = new TreeSet<>();
        was.forEach(name -> before.add(name.asText()));
        is.forEach(name -> after.add(name.asText()));
        after.stream().filter(name -> !before.contains(name)).forEach(metadata.withArrayProperty("finalizers")::add);
        before.stream()
                .filter(name -> !after.contains(name))
                .forEach(metadata.withArrayProperty("$deleteFromPrimitiveList/finalizers")::add);
        for (String list : new String[] {"finalizers", "$deleteFromPrimitiveList/finalizers"}) {
            if (metadata.path(list).isEmpty()) {
                metadata.remove(list);
            }
        }
    }

    static ObjectNode locked(PodView pod) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").put("resourceVersion", pod.resourceVersion());
        return patch;
    }

    private static ObjectNode condition(String type, String status, String reason, Instant now) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
