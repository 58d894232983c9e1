package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import dev.trimtab.sandbox.api.StatusException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * All objects of one resource as the stand-ins know them, kept by a watch. Writes go through here and are seen here at once, so
 * that a controller never acts on a state before its own last write: no expectations, no double creation.
 *
 * <p>Belongs to the {@link Loop}'s thread once that runs. The trees are shared: copy before changing.
 */
final class Informer implements AutoCloseable {

    /** Told of every change, also of those made through this informer. Exactly one side is null at creation and removal. */
    interface Handler {
        void changed(@Nullable ObjectNode before, @Nullable ObjectNode after);
    }

    private static final long OWN_GRACE_PERIOD = -1;

    private final LocalApi api;
    private final String resource;
    private final Map<Key, ObjectNode> objects = new TreeMap<>();
    private final Index byNamespace =
            new Index(object -> Stream.of(Key.of(object).namespace()));
    private final Index byOwner = new Index(object ->
            StreamSupport.stream(ObjectMeta.owners(object).spliterator(), false).map(ObjectMeta::ownerUid));
    private final Index uncontrolled =
            new Index(object -> ObjectMeta.controllerUid(object).isPresent()
                    ? Stream.empty()
                    : Stream.of(Key.of(object).namespace()));
    private final List<Index> indices = new ArrayList<>(List.of(byNamespace, byOwner, uncontrolled));
    private final List<Handler> handlers = new ArrayList<>();
    /** Removed by us, while the watch has not said so yet: what it says of them until then is old. */
    private final Set<String> removedByUs = new HashSet<>();

    private @Nullable AutoCloseable watch;

    Informer(LocalApi api, String resource) {
        this.api = api;
        this.resource = resource;
    }

    String resource() {
        return resource;
    }

    /** Fills the cache, then follows the server by way of the loop. */
    void start(Loop loop) {
        watch = api.watch(resource, event -> loop.post(() -> apply(event)));
        api.list(resource, "").forEach(this::accept);
    }

    void onChange(Handler handler) {
        handlers.add(handler);
        objects.values().forEach(object -> handler.changed(null, object));
    }

    /** An index kept from now on. */
    Index index(Index index) {
        indices.add(index);
        objects.values().forEach(index::add);
        return index;
    }

    Optional<ObjectNode> get(Key key) {
        return Optional.ofNullable(objects.get(key));
    }

    Collection<ObjectNode> all() {
        return List.copyOf(objects.values());
    }

    List<ObjectNode> inNamespace(String namespace) {
        return byNamespace.get(namespace);
    }

    /** Objects with an owner reference, controlling or not, to this uid. */
    List<ObjectNode> ownedBy(String uid) {
        return byOwner.get(uid);
    }

    /** Objects of a namespace that no owner controls. */
    List<ObjectNode> uncontrolledIn(String namespace) {
        return uncontrolled.get(namespace);
    }

    ObjectNode create(ObjectNode object, String fieldManager) {
        ObjectNode created = api.create(resource, object, fieldManager);
        accept(created);
        return created;
    }

    ObjectNode update(ObjectNode object, String fieldManager) {
        return write(Key.of(object), () -> api.update(resource, "", object, fieldManager));
    }

    ObjectNode updateStatus(ObjectNode object, String fieldManager) {
        return write(Key.of(object), () -> api.update(resource, "status", object, fieldManager));
    }

    /** PUT of a subresource whose answer is not the object itself, for instance {@code binding}. */
    void put(Key key, String subresource, ObjectNode body, String fieldManager) {
        try {
            api.update(resource, subresource, body, fieldManager);
        } finally {
            refresh(key);
        }
    }

    ObjectNode mergePatch(Key key, JsonNode patch, String fieldManager) {
        return write(key, () -> api.mergePatch(resource, key.namespace(), key.name(), "", patch, fieldManager));
    }

    /** Deletes exactly this object, with its own grace period. */
    void delete(ObjectNode object, Propagation propagation) {
        delete(object, OWN_GRACE_PERIOD, propagation);
    }

    /** Removes exactly this object, whatever still runs. */
    void deleteNow(ObjectNode object) {
        delete(object, 0, Propagation.BACKGROUND);
    }

    private void delete(ObjectNode object, long gracePeriodSeconds, Propagation propagation) {
        Key key = Key.of(object);
        try {
            api.delete(resource, key.namespace(), key.name(), ObjectMeta.uid(object), gracePeriodSeconds, propagation);
        } catch (StatusException e) {
            if (e.code() != 404 && e.code() != 409) {
                throw e;
            }
            // Gone already, or another object took its name: what was asked for is true.
        }
        refresh(key);
    }

    private interface Write {
        ObjectNode run();
    }

    private ObjectNode write(Key key, Write write) {
        try {
            ObjectNode written = write.run();
            accept(written);
            return written;
        } catch (StatusException e) {
            refresh(key);
            throw e;
        }
    }

    private void refresh(Key key) {
        Optional<ObjectNode> current = api.get(resource, key.namespace(), key.name());
        if (current.isPresent()) {
            accept(current.get());
        } else {
            ObjectNode before = objects.get(key);
            if (before != null) {
                removedByUs.add(ObjectMeta.uid(before));
                remove(key);
            }
        }
    }

    /** Takes over what the server has now, ahead of what the watch is going to say. */
    void catchUp() {
        Set<Key> listed = new HashSet<>();
        for (ObjectNode object : api.list(resource, "")) {
            listed.add(Key.of(object));
            accept(object);
        }
        for (Key key : List.copyOf(objects.keySet())) {
            if (!listed.contains(key)) {
                refresh(key);
            }
        }
    }

    private void apply(LocalApi.Event event) {
        ObjectNode object = event.object();
        switch (event.type()) {
            case "ADDED", "MODIFIED" -> {
                if (!removedByUs.contains(ObjectMeta.uid(object))) {
                    accept(object);
                }
            }
            case "DELETED" -> {
                String uid = ObjectMeta.uid(object);
                ObjectNode before = objects.get(Key.of(object));
                if (!removedByUs.remove(uid)
                        && before != null
                        && ObjectMeta.uid(before).equals(uid)) {
                    remove(Key.of(object));
                }
            }
            default -> {
                // Bookmarks carry no object.
            }
        }
    }

    private void accept(ObjectNode object) {
        Key key = Key.of(object);
        ObjectNode before = objects.get(key);
        if (before != null && ObjectMeta.resourceVersion(before) >= ObjectMeta.resourceVersion(object)) {
            return;
        }
        if (before != null && !ObjectMeta.uid(before).equals(ObjectMeta.uid(object))) {
            remove(key);
            before = null;
        }
        objects.put(key, object);
        for (Index index : indices) {
            if (before != null) {
                index.remove(before);
            }
            index.add(object);
        }
        for (Handler handler : handlers) {
            handler.changed(before, object);
        }
    }

    private void remove(Key key) {
        ObjectNode before = objects.remove(key);
        if (before == null) {
            return;
        }
        indices.forEach(index -> index.remove(before));
        handlers.forEach(handler -> handler.changed(before, null));
    }

    @Override
    public void close() {
        try {
            if (watch != null) {
                watch.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("Cannot end the watch of " + resource, e);
        }
    }
}
