package dev.trimtab.sandbox.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi.Event;
import dev.trimtab.sandbox.api.StatusException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One resource, followed as the API conventions ask for: list, watch from the list's version, go on from the last version seen
 * when the watch ends, list again when that version is too old. After a second list the difference is told as events.
 */
final class Follower implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Follower.class.getName());
    private static final int GONE = 410;
    /** The server ends a watch after this, so that one whose connection died unnoticed does not stay so. */
    private static final Duration WATCH = Duration.ofMinutes(5);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(10);

    private final Exchange exchange;
    private final Endpoint endpoint;
    private final Consumer<Event> onEvent;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, ObjectNode> known = new HashMap<>();
    private String version = "";
    private Duration pause = FIRST_PAUSE;
    private volatile @Nullable InputStream open;

    Follower(Exchange exchange, Endpoint endpoint, Consumer<Event> onEvent) {
        this.exchange = exchange;
        this.endpoint = endpoint;
        this.onEvent = onEvent;
        this.thread = new Thread(this::follow, "watch-" + endpoint.served().name());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void follow() {
        try {
            do {
                try {
                    if (version.isEmpty()) {
                        list();
                    }
                    watch();
                    pause = FIRST_PAUSE;
                } catch (StatusException | IOException | UncheckedIOException e) {
                    failed(e);
                }
            } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void failed(Exception e) {
        if (e instanceof StatusException status && status.code() == GONE) {
            version = "";
            return;
        }
        if (closed.getCount() > 0) {
            LOG.log(
                    Level.WARNING,
                    () -> "Watching " + endpoint.served().name() + " goes on in " + pause.toMillis() + " ms: "
                            + e.getMessage());
        }
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LAST_PAUSE) < 0 ? doubled : LAST_PAUSE;
    }

    private void list() {
        ObjectNode list = exchange.get(endpoint.collection(""));
        Map<String, ObjectNode> gone = new HashMap<>(known);
        list.path("items").forEach(item -> gone.remove(uid(item)));
        gone.values().forEach(object -> tell("DELETED", object));
        for (JsonNode item : list.path("items")) {
            ObjectNode object = endpoint.withType((ObjectNode) item);
            ObjectNode before = known.get(uid(object));
            if (before == null) {
                tell("ADDED", object);
            } else if (!version(before).equals(version(object))) {
                tell("MODIFIED", object);
            }
        }
        version = version(list);
    }

    private void watch() throws IOException {
        String query = "?watch=true&allowWatchBookmarks=true&timeoutSeconds=" + WATCH.toSeconds() + "&resourceVersion="
                + version;
        try (InputStream stream = exchange.stream(endpoint.collection("") + query)) {
            open = stream;
            if (closed.getCount() == 0) {
                return;
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                ObjectNode event = exchange.parse(line);
                ObjectNode object = (ObjectNode) event.path("object");
                String type = event.path("type").asText();
                if (type.equals("ERROR")) {
                    throw new StatusException(object.path("code").asInt(), object);
                }
                version = version(object);
                if (!type.equals("BOOKMARK")) {
                    tell(type, object);
                }
            }
        }
    }

    private void tell(String type, ObjectNode object) {
        if (type.equals("DELETED")) {
            known.remove(uid(object));
        } else {
            known.put(uid(object), object);
        }
        onEvent.accept(new Event(type, object));
    }

    private static String uid(JsonNode object) {
        return object.path("metadata").path("uid").asText();
    }

    private static String version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asText();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        InputStream stream = open;
        if (stream != null) {
            stream.close();
        }
    }
}
