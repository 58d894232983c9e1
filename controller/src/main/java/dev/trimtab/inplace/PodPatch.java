package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

    /**
     * @param restarting the containers that get the image of the new template; where they have priorities, only the first of them
     *     get it now and the others are written down
     */
    static ObjectNode update(
            PodView pod, JsonNode oldTemplate, TemplateRevision to, Set<String> restarting, Instant now) {
        ObjectNode patch = locked(pod);
        ObjectNode metadata = (ObjectNode) patch.path("metadata");
        JsonNode was = oldTemplate.path("metadata");
        JsonNode is = to.template().path("metadata");
        ObjectNode labels = metadata.putObject("labels");
        NextBatches before = InPlaceState.of(pod).map(InPlaceState::next).orElse(NextBatches.NONE);
        changed(was.path("labels"), is.path("labels"), kept(before, "labels"), labels);
        ObjectNode annotations = JsonNodeFactory.instance.objectNode();
        changed(was.path("annotations"), is.path("annotations"), kept(before, "annotations"), annotations);
        NextBatches next = later(pod, to.template().path("spec"), restarting, labels, annotations, now);
        Set<String> batch = new TreeSet<>(restarting);
        batch.removeAll(next.containers());
        labels.put(CloneSetKeys.REVISION, to.label()).put(CloneSetKeys.TEMPLATE_HASH, to.hash());
        Map<String, String> images = images(pod, to.template().path("spec"), batch, patch);
        if (!restarting.isEmpty() || !before.none()) {
            annotations.put(
                    CloneSetKeys.UPDATE_STATE,
                    InPlaceState.begin(pod, to.name(), batch)
                            .keepingImages(pod, images)
                            .then(next)
                            .text(now));
        }
        if (!annotations.isEmpty()) {
            metadata.set("annotations", annotations);
        }
        finalizers(was.path("finalizers"), is.path("finalizers"), metadata);
        return patch;
    }

    /** Takes what containers that restart later read out of the labels and annotations that are changed now. */
    private static NextBatches later(
            PodView pod,
            JsonNode spec,
            Set<String> restarting,
            ObjectNode labels,
            ObjectNode annotations,
            Instant now) {
        Map<String, Set<String>> reads = new TreeMap<>();
        Map<String, String> images = new TreeMap<>();
        for (String list : new String[] {"containers", "initContainers"}) {
            for (JsonNode container : spec.path(list)) {
                String name = container.path("name").asText();
                if (restarting.contains(name)) {
                    Set<String> read = new TreeSet<>(Containers.metadataRead(container));
                    read.retainAll(paths(labels, annotations));
                    reads.put(name, read);
                    images.put(
                            name,
                            Restarts.imageFor(pod, name, container.path("image").asText()));
                }
            }
        }
        Set<String> batch = Batches.first(pod, restarting, reads);
        if (batch.equals(restarting)) {
            return NextBatches.NONE;
        }
        Map<String, JsonNode> metadata = new TreeMap<>();
        reads.forEach((name, read) -> {
            if (!batch.contains(name) && !read.isEmpty()) {
                ObjectNode kept = JsonNodeFactory.instance.objectNode();
                keep(read, "labels", labels, kept);
                keep(read, "annotations", annotations, kept);
                metadata.put(name, kept);
            }
        });
        metadata.values().forEach(kept -> {
            kept.path("labels").fieldNames().forEachRemaining(labels::remove);
            kept.path("annotations").fieldNames().forEachRemaining(annotations::remove);
        });
        return new NextBatches(images, metadata, Set.of(), List.of()).without(batch, now);
    }

    /** A key that is removed is not kept back: OpenKruise's notes of what is next know values only. */
    private static Set<String> paths(ObjectNode labels, ObjectNode annotations) {
        Set<String> paths = new TreeSet<>();
        labels.properties().stream()
                .filter(label -> !label.getValue().isNull())
                .forEach(label -> paths.add("metadata.labels[" + label.getKey() + "]"));
        annotations.properties().stream()
                .filter(annotation -> !annotation.getValue().isNull())
                .forEach(annotation -> paths.add("metadata.annotations[" + annotation.getKey() + "]"));
        return paths;
    }

    private static void keep(Set<String> read, String part, ObjectNode changed, ObjectNode kept) {
        changed.properties().stream()
                .filter(entry -> read.contains("metadata." + part + "[" + entry.getKey() + "]"))
                .forEach(entry -> kept.withObjectProperty(part).set(entry.getKey(), entry.getValue()));
    }

    private static Set<String> kept(NextBatches before, String part) {
        Set<String> keys = new TreeSet<>();
        before.metadata().values().forEach(kept -> kept.path(part).fieldNames().forEachRemaining(keys::add));
        return keys;
    }

    /** Tells the next containers of an update that is under way. */
    static ObjectNode nextBatch(PodView pod, InPlaceState state, Instant now) {
        NextBatches next = state.next();
        Set<String> batch = Batches.first(pod, next.containers(), next.reads());
        ObjectNode patch = locked(pod);
        ObjectNode metadata = (ObjectNode) patch.path("metadata");
        next.metadata().forEach((name, kept) -> {
            if (batch.contains(name)) {
                for (String part : new String[] {"labels", "annotations"}) {
                    kept.path(part)
                            .properties()
                            .forEach(entry -> metadata.withObjectProperty(part).set(entry.getKey(), entry.getValue()));
                }
            }
        });
        metadata.withObjectProperty("annotations")
                .put(
                        CloneSetKeys.UPDATE_STATE,
                        state.goOn(pod, batch, now)
                                .keepingImages(pod, next.images())
                                .text(state.told().orElse(now)));
        for (String list : new String[] {"containers", "initContainers"}) {
            for (JsonNode container : pod.json().path("spec").path(list)) {
                String name = container.path("name").asText();
                String image = next.images().get(name);
                if (batch.contains(name) && image != null) {
                    patch.withObjectProperty("spec")
                            .withArrayProperty(list)
                            .addObject()
                            .put("name", name)
                            .put("image", image);
                }
            }
        }
        return patch;
    }

    private static Map<String, String> images(
            PodView pod, JsonNode spec, Collection<String> restarting, ObjectNode patch) {
        Map<String, String> images = new TreeMap<>();
        for (String list : new String[] {"containers", "initContainers"}) {
            for (JsonNode container : spec.path(list)) {
                String name = container.path("name").asText();
                if (restarting.contains(name)) {
                    String image =
                            Restarts.imageFor(pod, name, container.path("image").asText());
                    images.put(name, image);
                    patch.withObjectProperty("spec")
                            .withArrayProperty(list)
                            .addObject()
                            .put("name", name)
                            .put("image", image);
                }
            }
        }
        return images;
    }

    /** @param kept keys that were changed before and not written yet */
    private static void changed(JsonNode was, JsonNode is, Set<String> kept, ObjectNode patch) {
        Set<String> keys = new TreeSet<>();
        was.fieldNames().forEachRemaining(keys::add);
        is.fieldNames().forEachRemaining(keys::add);
        keys.removeAll(RESERVED);
        for (String key : keys) {
            if (!is.has(key)) {
                patch.putNull(key);
            } else if (!is.path(key).equals(was.path(key)) || kept.contains(key)) {
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
