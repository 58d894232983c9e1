package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Own writes that the caches do not show yet. A decision made from caches that are behind would do things twice, so it waits until
 * each object is there at the version that was written, or newer.
 */
final class Expectations {

    /** A cache that lags longer than this has lost the event, or never gets it; waiting on would stop the CloneSet for good. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private enum Write {
        CREATE,
        PATCH,
        DELETE
    }

    private record Written(Write write, String kind, String name, String uid, long version, Instant since) {}

    private final Clock clock;
    private final Map<String, Map<String, Written>> open = new HashMap<>();

    Expectations(Clock clock) {
        this.clock = clock;
    }

    /** {@code object} is the server's answer. */
    synchronized void created(String cloneSetUid, ObjectNode object) {
        put(cloneSetUid, Write.CREATE, object);
    }

    /** {@code object} is the server's answer. */
    synchronized void patched(String cloneSetUid, ObjectNode object) {
        put(cloneSetUid, Write.PATCH, object);
    }

    /** {@code object} is what was deleted. */
    synchronized void deleted(String cloneSetUid, JsonNode object) {
        put(cloneSetUid, Write.DELETE, object);
    }

    private void put(String cloneSetUid, Write write, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        String uid = metadata.path("uid").asText();
        open.computeIfAbsent(cloneSetUid, any -> new HashMap<>())
                .put(
                        uid,
                        new Written(
                                write,
                                object.path("kind").asText(),
                                metadata.path("name").asText(),
                                uid,
                                metadata.path("resourceVersion").asLong(),
                                clock.instant()));
    }

    /** An object was seen in an event; {@code gone} when the event said that it is deleted. */
    synchronized void seen(String cloneSetUid, JsonNode object, boolean gone) {
        Map<String, Written> waiting = open.getOrDefault(cloneSetUid, Map.of());
        String uid = object.path("metadata").path("uid").asText();
        Written written = waiting.get(uid);
        if (written != null && (gone || shows(written, object))) {
            waiting.remove(uid);
        }
    }

    /**
     * @param cached finds an object in the caches by kind and name
     * @return what is still waited for; empty when the caches show every write
     */
    synchronized Optional<String> waitingFor(
            String cloneSetUid, BiFunction<String, String, Optional<ObjectNode>> cached) {
        Map<String, Written> waiting = open.getOrDefault(cloneSetUid, Map.of());
        // An object that was patched and is not there was deleted since; one that was created may only not be there
        // yet.
        waiting.values()
                .removeIf(written -> cached.apply(written.kind(), written.name())
                        .filter(object -> sameUid(written, object))
                        .map(object -> shows(written, object))
                        .orElse(written.write() != Write.CREATE));
        return waiting.values().stream()
                .findFirst()
                .map(written -> written.write() + " of " + written.kind() + " " + written.name());
    }

    /** True once for a CloneSet whose oldest write has not shown up in {@link #PATIENCE}; then nothing is waited for any more. */
    synchronized boolean lost(String cloneSetUid) {
        Map<String, Written> waiting = open.getOrDefault(cloneSetUid, Map.of());
        Instant oldest = waiting.values().stream()
                .map(Written::since)
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
        if (oldest.isBefore(clock.instant().minus(PATIENCE))) {
            open.remove(cloneSetUid);
            return true;
        }
        return false;
    }

    synchronized void forget(String cloneSetUid) {
        open.remove(cloneSetUid);
    }

    private static boolean sameUid(Written written, JsonNode object) {
        return object.path("metadata").path("uid").asText().equals(written.uid());
    }

    private static boolean shows(Written written, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return written.write() == Write.DELETE
                ? metadata.hasNonNull("deletionTimestamp")
                : metadata.path("resourceVersion").asLong() >= written.version();
    }
}
