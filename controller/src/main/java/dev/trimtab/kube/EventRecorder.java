package dev.trimtab.kube;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient.PatchType;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts Kubernetes Events on objects, for {@code kubectl describe} and {@code kubectl events}. The same word on the same object is one
 * Event whose {@code count} grows, as with Kubernetes' own recorder (client-go, tools/record), whose bounds are kept: 25 Events of
 * one object at once, then one each five minutes. Unlike there an Event's name follows from what it says, so that a process that was
 * started again goes on counting. The client library has no recorder.
 *
 * <p>Nothing depends on an Event: what the server refuses is logged once until it takes one again, and nothing is thrown. Safe for use
 * by several threads.
 */
public final class EventRecorder {

    /** How the eye of a person is caught. */
    public enum Type {
        NORMAL,
        WARNING;

        private String text() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);

    /** What the API server takes of a message, in bytes. */
    private static final int MESSAGE = 1024;

    private static final int REMEMBERED = 1024;
    private static final int OBJECT_BURST = 25;
    private static final Duration OBJECT_REFILL = Duration.ofMinutes(5);
    private static final int BURST = 200;
    private static final Duration REFILL = Duration.ofSeconds(2);
    /** Less than the name of an object may have, for what follows it. */
    private static final int NAME = 230;

    private final ClusterClient cluster;
    private final Clock clock;
    private final String component;
    private final Map<String, Integer> counts = leastRecentlyUsed();
    private final Map<String, TokenBucket> buckets = leastRecentlyUsed();
    private final TokenBucket all;
    private boolean refused;

    /** @param component who says it; also the field manager */
    public EventRecorder(ClusterClient cluster, Clock clock, String component) {
        this.cluster = cluster;
        this.clock = clock;
        this.component = component;
        this.all = new TokenBucket(BURST, REFILL, clock.instant());
    }

    /**
     * Says it: one request, three where an earlier process said the same.
     *
     * @param reason one word in CamelCase
     * @param message a sentence for a person; cut where it is longer than an Event may be
     */
    public synchronized void record(EventSubject about, Type type, String reason, String message) {
        Instant now = clock.instant();
        String text = cut(message);
        String name = name(about, type, reason, text);
        TokenBucket ofObject =
                buckets.computeIfAbsent(about.toString(), any -> new TokenBucket(OBJECT_BURST, OBJECT_REFILL, now));
        if (!ofObject.take(now) || !all.take(now)) {
            LOG.debug("{}: no Event, there were many: {}: {}", about, reason, text);
            return;
        }
        try {
            Optional<ResourceType> events = cluster.resource("v1", "Event");
            if (events.isPresent()) {
                write(events.get(), about, type, reason, text, name, now);
                refused = false;
            }
        } catch (ApiException e) {
            failed(about, e);
        }
    }

    private void write(
            ResourceType events, EventSubject about, Type type, String reason, String text, String name, Instant now) {
        Optional<Integer> told = Optional.ofNullable(counts.get(name));
        if (told.isPresent() && raised(events, about, name, told.get() + 1, now)) {
            return;
        }
        try {
            var unused = cluster.create(events, event(about, type, reason, text, name, now), component);
            counts.put(name, 1);
        } catch (ApiException e) {
            if (e.errorClass() != ErrorClass.ALREADY_EXISTS) {
                throw e;
            }
            int known = cluster.get(events, Optional.of(about.eventNamespace()), name)
                    .map(event -> event.path("count").asInt(1))
                    .orElse(0);
            var unused = raised(events, about, name, known + 1, now);
        }
    }

    /** False when the server has forgotten the Event, as it does after an hour. */
    private boolean raised(ResourceType events, EventSubject about, String name, int count, Instant now) {
        ObjectNode patch =
                JsonNodeFactory.instance.objectNode().put("count", count).put("lastTimestamp", time(now));
        try {
            var unused = cluster.patch(
                    events, Optional.of(about.eventNamespace()), name, "", PatchType.MERGE, patch, component);
            counts.put(name, count);
            return true;
        } catch (ApiException e) {
            if (e.errorClass() != ErrorClass.NOT_FOUND) {
                throw e;
            }
            counts.remove(name);
            return false;
        }
    }

    private ObjectNode event(EventSubject about, Type type, String reason, String text, String name, Instant now) {
        ObjectNode event = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "v1")
                .put("kind", "Event")
                .put("type", type.text());
        event.putObject("metadata").put("namespace", about.eventNamespace()).put("name", name);
        event.set("involvedObject", about.reference());
        event.put("reason", reason)
                .put("message", text)
                .put("firstTimestamp", time(now))
                .put("lastTimestamp", time(now))
                .put("count", 1)
                .put("reportingComponent", component)
                .put("reportingInstance", component);
        event.putObject("source").put("component", component);
        return event;
    }

    private void failed(EventSubject about, ApiException e) {
        boolean ofObject = e.errorClass() == ErrorClass.NAMESPACE_MISSING
                || e.errorClass() == ErrorClass.RETRY
                || e.errorClass() == ErrorClass.UNREACHABLE;
        if (ofObject || refused) {
            LOG.debug("{}: no Event: {}", about, e.getMessage());
        } else {
            refused = true;
            LOG.warn(
                    "{}: the cluster refuses Events of {}, so kubectl describe shows none; everything else goes on: {}",
                    cluster.name(),
                    component,
                    e.getMessage());
        }
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private String name(EventSubject about, Type type, String reason, String text) {
        String says = String.join(
                "\n",
                component,
                about.apiVersion(),
                about.toString(),
                about.uid().orElse(""),
                type.text(),
                reason,
                text);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(says.getBytes(StandardCharsets.UTF_8));
            String object = about.name().replace(':', '.').toLowerCase(Locale.ROOT);
            return object.substring(0, Math.min(NAME, object.length())) + "."
                    + HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The text in at most so many bytes, whole characters only. */
    private static String cut(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length <= MESSAGE) {
            return text;
        }
        String ellipsis = "…";
        CharBuffer from = CharBuffer.wrap(text);
        ByteBuffer to = ByteBuffer.allocate(MESSAGE - ellipsis.getBytes(StandardCharsets.UTF_8).length);
        var unused = StandardCharsets.UTF_8.newEncoder().encode(from, to, true);
        return text.substring(0, from.position()) + ellipsis;
    }

    private static <V> Map<String, V> leastRecentlyUsed() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }
}
