package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.store.Key;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The {@code scale} subresource: an {@code autoscaling/v1 Scale} drawn from, and written back to, the object behind it. */
public final class Scale {

    private static final Resource.ScalePaths BUILTIN =
            new Resource.ScalePaths(".spec.replicas", ".status.replicas", "");

    private final Backend backend;
    private final Modify modify;

    Scale(Backend backend, Modify modify) {
        this.backend = backend;
        this.modify = modify;
    }

    public ObjectNode get(Endpoint endpoint, String namespace, String name) {
        Resource resource = endpoint.resource();
        return of(endpoint, backend.require(resource, backend.key(resource, namespace, name)));
    }

    /** PUT of a Scale. */
    public ObjectNode update(Endpoint endpoint, String namespace, String name, ObjectNode body, WriteOptions options) {
        Bodies.checkKind(body, "autoscaling/v1", "Scale");
        Bodies.checkName(name, body);
        return write(endpoint, namespace, name, scale -> body, options);
    }

    /** PATCH of a Scale. */
    public ObjectNode patch(
            Endpoint endpoint, String namespace, String name, Patch.Kind kind, JsonNode body, WriteOptions options) {
        // a Scale has no lists, so a strategic merge of it is a plain merge
        Patch.Kind plain = kind == Patch.Kind.JSON ? kind : Patch.Kind.MERGE;
        return write(endpoint, namespace, name, scale -> Patch.patched(endpoint, plain, scale, body), options);
    }

    private ObjectNode write(
            Endpoint endpoint, String namespace, String name, UnaryOperator<ObjectNode> change, WriteOptions options) {
        Resource resource = endpoint.resource();
        Key key = backend.key(resource, namespace, name);
        Resource.ScalePaths paths = paths(endpoint);
        ObjectNode written = modify.modify(
                endpoint,
                "scale",
                key,
                live -> {
                    ObjectNode scale = change.apply(of(endpoint, live));
                    JsonNode replicas = scale.path("spec").path("replicas");
                    if (replicas.asInt() < 0) {
                        throw Failures.invalid(
                                "autoscaling",
                                "Scale",
                                name,
                                List.of(Cause.invalidValue(
                                        "spec.replicas", replicas.asText(), "must be greater than or equal to 0")));
                    }
                    ObjectNode next = live.deepCopy();
                    Json.metadata(next)
                            .set("resourceVersion", scale.path("metadata").path("resourceVersion"));
                    set(next, paths.specReplicas(), replicas.asInt());
                    return next;
                },
                Modify.Ownership.TRACKED,
                options);
        return of(endpoint, written);
    }

    private static Resource.ScalePaths paths(Endpoint endpoint) {
        return endpoint.version()
                .schema()
                .flatMap(Resource.CustomVersion::scale)
                .orElse(BUILTIN);
    }

    private static ObjectNode of(Endpoint endpoint, ObjectNode object) {
        Resource.ScalePaths paths = paths(endpoint);
        ObjectNode scale = Json.object();
        scale.put("kind", "Scale");
        scale.put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            if (object.path("metadata").has(field)) {
                metadata.set(field, object.path("metadata").path(field));
            }
        }
        ObjectNode spec = scale.putObject("spec");
        JsonNode wanted = object.at(pointer(paths.specReplicas()));
        // zero is left out, as Go leaves out what is empty
        if (wanted.asInt() != 0) {
            spec.set("replicas", wanted);
        }
        ObjectNode status = scale.putObject("status");
        status.put("replicas", object.at(pointer(paths.statusReplicas())).asInt(0));
        String selector = paths.labelSelector().isEmpty()
                ? selectorText(object.path("spec").path("selector"))
                : object.at(pointer(paths.labelSelector())).asText("");
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return scale;
    }

    private static String selectorText(JsonNode selector) {
        Map<String, String> labels = new TreeMap<>();
        JsonNode equal = selector.has("matchLabels") ? selector.path("matchLabels") : selector;
        equal.properties().forEach(label -> {
            if (label.getValue().isTextual()) {
                labels.put(label.getKey(), label.getValue().asText());
            }
        });
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
    }

    private static String pointer(String path) {
        return path.replace('.', '/');
    }

    private static void set(ObjectNode object, String path, int value) {
        String[] steps = path.substring(1).split("\\.", -1);
        ObjectNode parent = object;
        for (int i = 0; i < steps.length - 1; i++) {
            parent = Json.child(parent, steps[i]);
        }
        parent.put(steps[steps.length - 1], value);
    }
}
