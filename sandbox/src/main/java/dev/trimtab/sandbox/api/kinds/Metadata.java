package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.api.Resource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The rules of {@code metadata} that all kinds share. */
public final class Metadata {

    private static final int ANNOTATION_BYTES = 256 * 1024;
    /** Kinds whose names become host names or the like, and so may not hold dots. */
    private static final Set<String> LABEL_NAMES = Set.of("namespaces", "services");
    /** Kinds whose names are only parts of a path. */
    private static final Set<String> PATH_NAMES = Set.of(
            "roles.rbac.authorization.k8s.io",
            "rolebindings.rbac.authorization.k8s.io",
            "clusterroles.rbac.authorization.k8s.io",
            "clusterrolebindings.rbac.authorization.k8s.io");

    private Metadata() {}

    public static void validate(Resource resource, ObjectNode object, List<Cause> causes) {
        JsonNode metadata = object.path("metadata");
        String name = metadata.path("name").asText("");
        if (name.isEmpty()) {
            causes.add(Cause.required("metadata.name", "name or generateName is required"));
        } else if (PATH_NAMES.contains(resource.name())) {
            Names.pathSegment("metadata.name", name, causes);
        } else if (LABEL_NAMES.contains(resource.name())) {
            Names.label("metadata.name", name, causes);
        } else {
            Names.subdomain("metadata.name", name, causes);
        }
        labels("metadata.labels", metadata.path("labels"), causes);
        annotations(metadata.path("annotations"), causes);
        owners(metadata.path("ownerReferences"), causes);
        for (JsonNode finalizer : metadata.path("finalizers")) {
            Names.qualified("metadata.finalizers", finalizer.asText(), causes);
        }
    }

    /** Rules for labels wherever they stand, for instance in a pod template. */
    public static void labels(String field, JsonNode labels, List<Cause> causes) {
        labels.properties().forEach(label -> {
            Names.qualified(field, label.getKey(), causes);
            Names.labelValue(field, label.getValue().asText(), causes);
        });
    }

    private static void annotations(JsonNode annotations, List<Cause> causes) {
        long bytes = 0;
        for (var annotation : annotations.properties()) {
            Names.qualified("metadata.annotations", annotation.getKey(), causes);
            bytes += annotation.getKey().getBytes(StandardCharsets.UTF_8).length;
            bytes += annotation.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > ANNOTATION_BYTES) {
            causes.add(Cause.tooLong("metadata.annotations", ANNOTATION_BYTES));
        }
    }

    private static void owners(JsonNode owners, List<Cause> causes) {
        int controllers = 0;
        for (int i = 0; i < owners.size(); i++) {
            for (String field : List.of("apiVersion", "kind", "name", "uid")) {
                if (owners.get(i).path(field).asText("").isEmpty()) {
                    causes.add(Cause.invalid(
                            "metadata.ownerReferences[" + i + "]." + field, "", field + " must not be empty"));
                }
            }
            controllers += owners.get(i).path("controller").asBoolean() ? 1 : 0;
        }
        if (controllers > 1) {
            causes.add(Cause.invalidValue(
                    "metadata.ownerReferences",
                    owners.toString(),
                    "Only one reference can have Controller set to true"));
        }
    }

    /** No finalizer may come to an object that is being deleted. */
    public static void validateUpdate(ObjectNode next, ObjectNode live, List<Cause> causes) {
        if (!live.path("metadata").has("deletionTimestamp")) {
            return;
        }
        Set<String> before = texts(live.path("metadata").path("finalizers"));
        List<String> added = texts(next.path("metadata").path("finalizers")).stream()
                .filter(each -> !before.contains(each))
                .sorted()
                .toList();
        if (!added.isEmpty()) {
            causes.add(Cause.forbidden(
                    "metadata.finalizers",
                    "no new finalizers can be added if the object is being deleted, found new finalizers "
                            + added.stream()
                                    .map(each -> '"' + each + '"')
                                    .collect(Collectors.joining(", ", "[]string{", "}"))));
        }
    }

    private static Set<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toSet());
    }

    /** A cause for each field whose value may never change. */
    public static void immutable(String field, JsonNode next, JsonNode live, List<Cause> causes) {
        if (!Json.same(next, live)) {
            causes.add(
                    Cause.invalidValue(field, next.isMissingNode() ? "null" : next.toString(), "field is immutable"));
        }
    }
}
