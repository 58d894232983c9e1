package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What stands between the wish to delete an object and its end: finalizers, and the grace of a running pod. */
final class Deletions {

    private static final String FOREGROUND = "foregroundDeletion";
    private static final String ORPHAN = "orphan";
    private static final long DEFAULT_GRACE_SECONDS = 30;

    private Deletions() {}

    /** Whether nothing holds a deleted object any more. */
    static boolean complete(ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        return metadata.has("deletionTimestamp")
                && metadata.path("deletionGracePeriodSeconds").asLong(0) == 0
                && !held(object);
    }

    /** Whether a finalizer holds the object. A namespace has some in its spec, too. */
    static boolean held(ObjectNode object) {
        return !object.path("metadata").path("finalizers").isEmpty()
                || (object.path("kind").asText().equals("Namespace")
                        && !object.path("spec").path("finalizers").isEmpty());
    }

    /** Whether an object of this kind is given time to end; it then is marked even when that time is zero. */
    static boolean graceful(ObjectNode object) {
        return object.path("kind").asText().equals("Pod");
    }

    /** How long this object is given to end by itself. */
    static long graceSeconds(ObjectNode live, DeleteOptions options) {
        if (!graceful(live)
                || live.path("spec").path("nodeName").asText("").isEmpty()
                || Set.of("Succeeded", "Failed")
                        .contains(live.path("status").path("phase").asText())) {
            return 0;
        }
        long asked = options.gracePeriodSeconds()
                .orElse(live.path("spec").path("terminationGracePeriodSeconds").asLong(DEFAULT_GRACE_SECONDS));
        return asked < 0 ? 1 : asked;
    }

    /** Marks a copy of an object as deleted, or shortens the grace of one that is; {@code next} is changed in place. */
    static void mark(ObjectNode next, long graceSeconds, Instant now) {
        ObjectNode metadata = Json.metadata(next);
        if (!metadata.has("deletionTimestamp")) {
            metadata.put("deletionTimestamp", Json.time(now.plusSeconds(graceSeconds)));
            metadata.put("deletionGracePeriodSeconds", graceSeconds);
            Generations.bump(next);
            if (next.path("kind").asText().equals("Namespace")) {
                Json.child(next, "status").put("phase", "Terminating");
            }
            return;
        }
        long before = metadata.path("deletionGracePeriodSeconds").asLong(0);
        if (graceSeconds < before) {
            Instant started =
                    Instant.parse(metadata.path("deletionTimestamp").asText()).minusSeconds(before);
            Instant end = started.plusSeconds(graceSeconds);
            metadata.put("deletionTimestamp", Json.time(end.isBefore(now) ? now : end));
            metadata.put("deletionGracePeriodSeconds", graceSeconds);
        }
    }

    /** Sets the finalizers by which the garbage collector knows what to do with the dependents. */
    static void propagate(Resource resource, ObjectNode next, DeleteOptions options) {
        if (options.propagation().isEmpty() && !resource.is(Resource.Trait.ORPHANS)) {
            return;
        }
        LocalApi.Propagation propagation = options.propagation().orElse(LocalApi.Propagation.ORPHAN);
        List<String> finalizers = new ArrayList<>();
        next.path("metadata").path("finalizers").forEach(each -> finalizers.add(each.asText()));
        finalizers.removeAll(List.of(FOREGROUND, ORPHAN));
        switch (propagation) {
            case FOREGROUND -> finalizers.add(FOREGROUND);
            case ORPHAN -> finalizers.add(ORPHAN);
            case BACKGROUND -> {}
        }
        ObjectNode metadata = Json.metadata(next);
        if (finalizers.isEmpty()) {
            metadata.remove("finalizers");
        } else {
            ArrayNode array = metadata.putArray("finalizers");
            finalizers.forEach(array::add);
        }
    }
}
