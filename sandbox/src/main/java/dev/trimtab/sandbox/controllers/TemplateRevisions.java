package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A workload's template and its past, in ControllerRevisions that the workload owns. Templates are compared semantically; one
 * that comes back gets its old revision under a new number.
 */
final class TemplateRevisions {

    private static final String MANAGER = "kube-controller-manager";
    private static final int DEFAULT_HISTORY_LIMIT = 10;

    private final Informer revisions;
    private final Ownership ownership;
    private final String hashLabel;

    /** @param hashLabel the label of a revision that carries the hash in its name */
    TemplateRevisions(Informer revisions, Ownership ownership, String hashLabel) {
        this.revisions = revisions;
        this.ownership = ownership;
        this.hashLabel = hashLabel;
    }

    static JsonNode template(JsonNode revision) {
        return revision.path("data").path("spec").path("template");
    }

    private static long number(JsonNode revision) {
        return revision.path("revision").asLong();
    }

    String hash(JsonNode revision) {
        return ObjectMeta.labels(revision).getOrDefault(hashLabel, "");
    }

    private List<ObjectNode> history(ObjectNode workload) {
        return revisions.ownedBy(ObjectMeta.uid(workload)).stream()
                .filter(revision -> ObjectMeta.controlledBy(revision, workload))
                .sorted(Comparator.comparingLong(TemplateRevisions::number))
                .toList();
    }

    Optional<ObjectNode> named(ObjectNode workload, String name) {
        return history(workload).stream()
                .filter(revision -> ObjectMeta.name(revision).equals(name))
                .findFirst();
    }

    /** The revision of the present template, made or renumbered so that its number is the highest. */
    ObjectNode newest(ObjectNode workload) {
        List<ObjectNode> history = history(workload);
        JsonNode template = workload.path("spec").path("template");
        long highest = history.isEmpty() ? 0 : number(history.get(history.size() - 1));
        Optional<ObjectNode> equal = history.stream()
                .filter(revision -> sameTemplate(template(revision), template))
                .reduce((older, newer) -> newer);
        if (equal.isEmpty()) {
            return create(workload, template, highest + 1);
        }
        if (number(equal.get()) == highest) {
            return equal.get();
        }
        ObjectNode renumbered = equal.get().deepCopy();
        return revisions.update(renumbered.put("revision", highest + 1), MANAGER);
    }

    private static boolean sameTemplate(JsonNode stored, JsonNode template) {
        ObjectNode plain = stored.deepCopy();
        plain.remove("$patch");
        return Trees.same(plain, template);
    }

    private ObjectNode create(ObjectNode workload, JsonNode template, long number) {
        Key key = Key.of(workload);
        int collisions = 0;
        String hash = PodTemplateHash.of(template, collisions);
        while (revisions.get(new Key(key.namespace(), key.name() + "-" + hash)).isPresent()) {
            hash = PodTemplateHash.of(template, ++collisions);
        }
        ObjectNode revision = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "apps/v1")
                .put("kind", "ControllerRevision");
        ObjectNode metadata = revision.putObject("metadata");
        metadata.put("namespace", key.namespace()).put("name", key.name() + "-" + hash);
        ObjectNode labels = metadata.putObject("labels");
        ObjectMeta.labels(template).forEach(labels::put);
        labels.put(hashLabel, hash);
        metadata.putArray("ownerReferences").add(ownership.reference(workload));
        // A strategic merge patch, so that a client can apply it to the workload to undo what came later.
        ObjectNode data = template.deepCopy();
        revision.putObject("data").putObject("spec").set("template", data.put("$patch", "replace"));
        return revisions.create(revision.put("revision", number), MANAGER);
    }

    /** Deletes the oldest revisions beyond the history limit that no pod is of. */
    void prune(ObjectNode workload, Set<String> namesInUse) {
        int limit = workload.path("spec").path("revisionHistoryLimit").asInt(DEFAULT_HISTORY_LIMIT);
        List<ObjectNode> unused = history(workload).stream()
                .filter(revision -> !namesInUse.contains(ObjectMeta.name(revision)))
                .toList();
        unused.subList(0, Math.max(0, unused.size() - limit))
                .forEach(revision -> revisions.delete(revision, Propagation.BACKGROUND));
    }
}
