package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi.Event;
import dev.trimtab.sandbox.store.Change;
import dev.trimtab.sandbox.store.GoneException;
import dev.trimtab.sandbox.store.Key;
import dev.trimtab.sandbox.store.Listing;
import dev.trimtab.sandbox.store.ResourceStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One resource, followed within this JVM. A reader so slow that the history has gone past it lists again, as the API conventions
 * ask of clients, and is told the difference.
 */
final class Following implements Runnable {

    private final ResourceStore objects;
    private final Consumer<Event> onEvent;
    private final Map<Key, ObjectNode> told = new HashMap<>();
    private List<ObjectNode> listed = List.of();
    private ResourceStore.@Nullable Cursor cursor;

    Following(ResourceStore objects, Consumer<Event> onEvent) {
        this.objects = objects;
        this.onEvent = onEvent;
    }

    /** Takes all objects there are and a place right behind them. */
    void list() {
        while (true) {
            try {
                Listing listing = objects.list("");
                cursor = objects.watch(listing.version());
                listed = listing.objects();
                return;
            } catch (GoneException again) {
                // Writers were faster than this thread between the two calls.
            }
        }
    }

    @Override
    public void run() {
        try {
            tellListed();
            for (ResourceStore.Cursor from = cursor; from != null && from.open(); from = cursor) {
                try {
                    from.next(1, TimeUnit.HOURS).changes().forEach(this::tell);
                } catch (GoneException e) {
                    list();
                    tellListed();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tellListed() {
        Map<Key, ObjectNode> gone = new HashMap<>(told);
        for (ObjectNode object : listed) {
            Key key = key(object);
            ObjectNode before = told.get(key);
            if (before != null && uid(before).equals(uid(object))) {
                gone.remove(key);
            }
        }
        gone.forEach((key, object) -> tell("DELETED", key, object));
        for (ObjectNode object : listed) {
            ObjectNode before = told.get(key(object));
            if (before == null) {
                tell("ADDED", key(object), object);
            } else if (!version(before).equals(version(object))) {
                tell("MODIFIED", key(object), object);
            }
        }
        listed = List.of();
    }

    private void tell(Change change) {
        tell(change.type().name(), change.key(), change.object());
    }

    private void tell(String type, Key key, ObjectNode object) {
        if (type.equals("DELETED")) {
            told.remove(key);
        } else {
            told.put(key, object);
        }
        onEvent.accept(new Event(type, object));
    }

    private static Key key(ObjectNode object) {
        return new Key(Json.namespace(object), Json.name(object));
    }

    private static String version(ObjectNode object) {
        return object.path("metadata").path("resourceVersion").asText();
    }

    private static String uid(ObjectNode object) {
        return object.path("metadata").path("uid").asText();
    }
}
