package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.TreeSet;

/**
 * Cpu and memory of one running pod on their way to what a template says.
 *
 * @param template a {@code PodTemplateSpec}
 * @param containers those whose cpu or memory is to follow it
 */
public record PodResize(PodView pod, JsonNode template, Set<String> containers) {

    public PodResize {
        containers = Set.copyOf(containers);
    }

    /** Containers of which the pod's spec does not say it yet. */
    public Set<String> left() {
        Set<String> names = new TreeSet<>(containers);
        names.removeIf(name -> pod.container(name)
                .map(has -> Resizing.same(has.path("resources"), resources(name)))
                .orElse(true));
        return names;
    }

    /** For the subresource {@code resize}; strategic merge, locked by the pod's version. */
    public ObjectNode patch() {
        ObjectNode patch = PodPatch.locked(pod);
        left().forEach(name -> patch.withObjectProperty("spec")
                .withArrayProperty(isInit(name) ? "initContainers" : "containers")
                .addObject()
                .put("name", name)
                .set("resources", Resizing.amounts(resources(name))));
        return patch;
    }

    /** The kubelet gave the containers what the pod says; one that does not report it is taken at its word. */
    public boolean given() {
        return containers.stream()
                .allMatch(name -> pod.containerStatus(name)
                        .map(status -> status.path("resources"))
                        .filter(JsonNode::isObject)
                        .map(given -> Resizing.same(
                                given,
                                pod.container(name)
                                        .map(has -> has.path("resources"))
                                        .orElse(given)))
                        .orElse(true));
    }

    private JsonNode resources(String container) {
        return PodView.ofTemplate(template)
                .container(container)
                .map(has -> has.path("resources"))
                .orElse(JsonNodeFactory.instance.missingNode());
    }

    private boolean isInit(String container) {
        return Containers.stream(template.path("spec").path("initContainers"))
                .anyMatch(init -> init.path("name").asText().equals(container));
    }
}
