package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which part of an object a write to a subresource may change; everything else stays as it is stored. */
final class Subresources {

    private Subresources() {}

    /**
     * Puts back what the write may not touch.
     *
     * @param subresource empty for the object itself
     */
    static void keepRest(Endpoint endpoint, String subresource, ObjectNode next, ObjectNode live) {
        switch (subresource) {
            case "" -> {
                if (endpoint.has("status")) {
                    Json.carry(live, next, "status");
                }
            }
            case "status" -> {
                keepAllBut(next, live, Set.of("status"));
                keepMetadataOfStatus(endpoint.resource(), next, live);
            }
            case "finalize" -> {
                keepAllBut(next, live, Set.of("spec"));
                keepMetadata(next, live);
            }
            case "resize" -> keepAllButResources(next, live);
            case "ephemeralcontainers" -> keepAllButEphemeralContainers(next, live);
            default -> {}
        }
    }

    private static void keepAllBut(ObjectNode next, ObjectNode live, Set<String> open) {
        List<String> names = new ArrayList<>();
        next.fieldNames().forEachRemaining(names::add);
        live.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            if (!open.contains(name) && !name.equals("metadata")) {
                Json.carry(live, next, name);
            }
        }
    }

    /** Built-in kinds let whoever reports their status annotate them, too; definitions and custom resources do not. */
    private static void keepMetadataOfStatus(Resource resource, ObjectNode next, ObjectNode live) {
        if (resource.is(Resource.Trait.CUSTOM) || resource.name().equals(CustomResources.DEFINITIONS)) {
            keepMetadata(next, live);
        } else if (resource.name().equals("deployments.apps")) {
            Json.carry(Json.metadata(live), Json.metadata(next), "labels");
        }
    }

    private static void keepMetadata(ObjectNode next, ObjectNode live) {
        JsonNode owners = next.path("metadata").path("managedFields");
        ObjectNode metadata = Json.metadata(live).deepCopy();
        if (owners.isMissingNode()) {
            metadata.remove("managedFields");
        } else {
            metadata.set("managedFields", owners);
        }
        next.set("metadata", metadata);
    }

    private static void keepAllButResources(ObjectNode next, ObjectNode live) {
        JsonNode wanted = next.path("spec");
        ObjectNode spec = Json.child(live, "spec").deepCopy();
        for (String list : List.of("containers", "initContainers")) {
            Map<String, ObjectNode> byName = Json.objects(wanted.path(list)).stream()
                    .collect(Collectors.toMap(each -> each.path("name").asText(), Function.identity(), (a, b) -> a));
            for (ObjectNode container : Json.objects(spec.path(list))) {
                ObjectNode from = byName.get(container.path("name").asText());
                if (from != null) {
                    Json.carry(from, container, "resources");
                    Json.carry(from, container, "resizePolicy");
                }
            }
        }
        keepAllBut(next, live, Set.of());
        next.set("spec", spec);
        keepMetadata(next, live);
    }

    private static void keepAllButEphemeralContainers(ObjectNode next, ObjectNode live) {
        ObjectNode wanted = Json.child(next, "spec");
        ObjectNode spec = Json.child(live, "spec").deepCopy();
        Json.carry(wanted, spec, "ephemeralContainers");
        keepAllBut(next, live, Set.of());
        next.set("spec", spec);
        keepMetadata(next, live);
    }
}
