package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Which objects an owner controls, by its selector: matching orphans are adopted, controlled objects that no longer match let go. */
final class Ownership {

    private static final String MANAGER = "kube-controller-manager";

    private final Informer owners;
    private final Informer owned;
    private final String apiVersion;
    private final String kind;
    private final String finalizer;

    Ownership(Informer owners, Informer owned, String apiVersion, String kind) {
        this(owners, owned, apiVersion, kind, "");
    }

    /** @param finalizer that everything owned carries; empty for none */
    Ownership(Informer owners, Informer owned, String apiVersion, String kind, String finalizer) {
        this.owners = owners;
        this.owned = owned;
        this.apiVersion = apiVersion;
        this.kind = kind;
        this.finalizer = finalizer;
    }

    ObjectNode reference(JsonNode owner) {
        return ObjectMeta.controllerReference(owner, apiVersion, kind);
    }

    /** The objects that {@code owner} controls after adoption and release; those being deleted are among them. */
    List<ObjectNode> claim(ObjectNode owner, Selector selector) {
        boolean mayChange = !ObjectMeta.deleting(owner);
        List<ObjectNode> claimed = new ArrayList<>();
        for (ObjectNode object : owned.ownedBy(ObjectMeta.uid(owner))) {
            if (!ObjectMeta.controlledBy(object, owner)) {
                continue;
            }
            if (selector.matches(ObjectMeta.labels(object))) {
                claimed.add(object);
            } else if (mayChange) {
                release(object, owner);
            }
        }
        if (mayChange && !selector.isEmpty()) {
            for (ObjectNode object : owned.uncontrolledIn(Key.of(owner).namespace())) {
                if (!ObjectMeta.deleting(object) && selector.matches(ObjectMeta.labels(object))) {
                    claimed.add(adopt(object, owner));
                }
            }
        }
        return claimed;
    }

    private ObjectNode adopt(ObjectNode object, ObjectNode owner) {
        ObjectNode changed = object.deepCopy();
        ObjectNode metadata = changed.withObject("metadata");
        metadata.withArray("ownerReferences").add(reference(owner));
        if (!finalizer.isEmpty() && !ObjectMeta.hasFinalizer(object, finalizer)) {
            metadata.withArray("finalizers").add(finalizer);
        }
        return owned.update(changed, MANAGER);
    }

    private void release(ObjectNode object, ObjectNode owner) {
        ObjectNode changed = finalizer.isEmpty() ? object.deepCopy() : ObjectMeta.withoutFinalizer(object, finalizer);
        ArrayNode others = changed.withObject("metadata").putArray("ownerReferences");
        for (JsonNode reference : ObjectMeta.owners(object)) {
            if (!ObjectMeta.ownerUid(reference).equals(ObjectMeta.uid(owner))) {
                others.add(reference);
            }
        }
        owned.update(changed, MANAGER);
    }

    /** Names the owners that a change of {@code object} concerns: its controller, or, for an orphan, whoever may adopt it. */
    void forOwnersOf(ObjectNode object, Consumer<Key> then) {
        String namespace = Key.of(object).namespace();
        for (JsonNode reference : ObjectMeta.owners(object)) {
            if (reference.path("controller").asBoolean()) {
                if (reference.path("kind").asText().equals(kind)) {
                    then.accept(new Key(namespace, reference.path("name").asText()));
                }
                return;
            }
        }
        for (ObjectNode owner : owners.inNamespace(namespace)) {
            Selector selector = Selector.of(owner.path("spec").path("selector"));
            if (!selector.isEmpty() && selector.matches(ObjectMeta.labels(object))) {
                then.accept(Key.of(owner));
            }
        }
    }
}
