package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Pods as controllers make them from a template. */
final class PodTemplate {

    private PodTemplate() {}

    /** A pod with a generated name, and labels, annotations and finalizers of the template. */
    static ObjectNode pod(JsonNode template, JsonNode owner, ObjectNode ownerReference) {
        ObjectNode pod = unnamed(template, owner, ownerReference);
        pod.withObject("metadata").put("generateName", ObjectMeta.name(owner) + "-");
        return pod;
    }

    /** The same under a name of its own. */
    static ObjectNode pod(String name, JsonNode template, JsonNode owner, ObjectNode ownerReference) {
        ObjectNode pod = unnamed(template, owner, ownerReference);
        pod.withObject("metadata").put("name", name);
        return pod;
    }

    private static ObjectNode unnamed(JsonNode template, JsonNode owner, ObjectNode ownerReference) {
        ObjectNode pod =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = pod.putObject("metadata");
        metadata.put("namespace", Key.of(owner).namespace());
        for (String field : List.of("labels", "annotations", "finalizers")) {
            JsonNode value = template.path("metadata").path(field);
            if (!value.isEmpty()) {
                metadata.set(field, value.deepCopy());
            }
        }
        metadata.putArray("ownerReferences").add(ownerReference);
        pod.set("spec", template.path("spec").deepCopy());
        return pod;
    }
}
