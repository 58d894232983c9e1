package dev.trimtab.sandbox.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.trimtab.sandbox.api.Failures;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.api.StatusException;
import dev.trimtab.sandbox.store.Change;
import dev.trimtab.sandbox.store.GoneException;
import dev.trimtab.sandbox.store.Listing;
import dev.trimtab.sandbox.store.ResourceStore;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** One open watch: JSON lines until its time is over, the client has gone or the server stops. */
final class WatchStream {

    private static final long BOOKMARK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(20);
    /** A last bookmark is sent this long before the end, so that the client can resume from there. */
    private static final long LAST_BOOKMARK_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long DEFAULT_SECONDS = TimeUnit.MINUTES.toSeconds(45);

    /**
     * What the client asked for.
     *
     * @param after start with the first change after this version; 0 starts with the present objects
     * @param initialEvents send the present objects first, then say by a bookmark that this was all; meant as well when no
     *     version is given
     * @param bookmarks send versions when nothing happens
     */
    record Options(
            String namespace,
            Predicate<ObjectNode> selector,
            long after,
            boolean initialEvents,
            boolean bookmarks,
            long timeoutSeconds) {

        static Options of(Query query, String namespace, Predicate<ObjectNode> selector) {
            String version = query.text("resourceVersion");
            if (!Query.isVersion(version)) {
                throw Failures.unclassified(Query.noVersion(version));
            }
            long after = version.isEmpty() ? 0 : Long.parseUnsignedLong(version);
            ListParameters.checkWatch(query);
            boolean initial = query.has("sendInitialEvents") ? query.flag("sendInitialEvents") : after == 0;
            boolean bookmarks = query.flag("allowWatchBookmarks");
            return new Options(
                    namespace,
                    selector,
                    after,
                    initial,
                    bookmarks,
                    query.number("timeoutSeconds").orElse(DEFAULT_SECONDS));
        }
    }

    private final ResourceStore objects;
    private final View view;
    private final Options options;

    WatchStream(ResourceStore objects, View view, Options options) {
        this.objects = objects;
        this.view = view;
        this.options = options;
    }

    void run(HttpExchange exchange) throws IOException {
        if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
            // Clients that prefer a WebSocket go on without one when this answer is not 101; they would wait for its
            // end.
            Reply.text(exchange, 200, "");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Cache-Control", "no-cache, private");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            // clients wait for the headers before they go on; the JDK's server keeps them until the first flush
            out.flush();
            try {
                follow(out);
            } catch (InterruptedException e) {
                // Before the stream is closed: an interrupted watch breaks off, it does not come to an end.
                Thread.currentThread().interrupt();
            }
        }
    }

    private void follow(OutputStream out) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(options.timeoutSeconds());
        try {
            ResourceStore.Cursor cursor = start(out);
            long nextBookmark = nextBookmark(end);
            while (cursor.open()) {
                long now = System.nanoTime();
                if (now >= end) {
                    return;
                }
                long wake = options.bookmarks() ? Math.min(end, nextBookmark) : end;
                ResourceStore.Step step = cursor.next(wake - now, TimeUnit.NANOSECONDS);
                for (Change change : step.changes()) {
                    if (change.version() > options.after()) {
                        send(out, change);
                    }
                }
                if (options.bookmarks() && System.nanoTime() >= nextBookmark) {
                    bookmark(out, step.version(), false);
                    nextBookmark = nextBookmark(end);
                }
                out.flush();
            }
        } catch (GoneException e) {
            String why = e.getMessage();
            fail(out, Failures.expired(why == null ? "too old resource version" : why));
        } catch (StatusException e) {
            fail(out, e);
        }
    }

    /** The answer has begun, so that what is wrong can only be an event. */
    private static void fail(OutputStream out, StatusException failure) throws IOException {
        line(out, "ERROR", failure.status());
        out.flush();
    }

    private static long nextBookmark(long end) {
        long now = System.nanoTime();
        long last = end - LAST_BOOKMARK_NANOS;
        return last > now ? Math.min(last, now + BOOKMARK_EVERY_NANOS) : Math.max(end, now + BOOKMARK_EVERY_NANOS);
    }

    private ResourceStore.Cursor start(OutputStream out) throws IOException, GoneException {
        if (options.after() > 0 && !options.initialEvents()) {
            return objects.watch(options.after());
        }
        Listing listing = objects.list(options.namespace());
        ListParameters.checkKnown(options.after(), listing.version());
        for (ObjectNode object : listing.objects()) {
            if (options.selector().test(object)) {
                line(out, "ADDED", view.object(object));
            }
        }
        if (options.initialEvents() && options.bookmarks()) {
            bookmark(out, listing.version(), true);
        }
        out.flush();
        return objects.watch(listing.version());
    }

    /** A selected watch sees an object come when it begins to be selected, and go when it is no more. */
    private void send(OutputStream out, Change change) throws IOException {
        if (!options.namespace().isEmpty()
                && !options.namespace().equals(change.key().namespace())) {
            return;
        }
        boolean before = change.previous().filter(options.selector()).isPresent();
        boolean now = change.type() != Change.Type.DELETED && options.selector().test(change.object());
        if (now) {
            line(out, before ? "MODIFIED" : "ADDED", view.object(change.object()));
        } else if (before && change.type() == Change.Type.DELETED) {
            line(out, "DELETED", view.object(change.object()));
        } else if (before) {
            ObjectNode last = change.previous().orElseThrow().deepCopy();
            Json.metadata(last).put("resourceVersion", Long.toString(change.version()));
            line(out, "DELETED", view.object(last));
        }
    }

    private void bookmark(OutputStream out, long version, boolean endOfInitial) throws IOException {
        ObjectNode object = view.bookmark();
        ObjectNode metadata = Json.metadata(object);
        metadata.put("resourceVersion", Long.toString(version));
        if (endOfInitial) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        } else if (!object.path("kind").asText().equals("Table")) {
            metadata.putNull("creationTimestamp");
        }
        line(out, "BOOKMARK", object);
    }

    private static void line(OutputStream out, String type, JsonNode object) throws IOException {
        ObjectNode event = Json.object();
        event.put("type", type);
        event.set("object", object);
        out.write(Json.bytes(event));
        out.write('\n');
    }
}
