package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;

/** What controllers ask of a pod. */
final class PodState {

    private PodState() {}

    /** Neither finished nor on its way out: counts towards replicas. */
    static boolean active(JsonNode pod) {
        return !finished(pod) && !ObjectMeta.deleting(pod);
    }

    /** On its way out, but not finished. */
    static boolean terminating(JsonNode pod) {
        return !finished(pod) && ObjectMeta.deleting(pod);
    }

    static boolean finished(JsonNode pod) {
        String phase = pod.path("status").path("phase").asText();
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    static boolean ready(JsonNode pod) {
        return Conditions.isTrue(pod, "Ready");
    }

    static Instant readySince(JsonNode pod) {
        return ObjectMeta.time(Conditions.find(pod, "Ready").path("lastTransitionTime"), Instant.EPOCH);
    }

    static Instant availableFrom(JsonNode pod, long minReadySeconds) {
        return readySince(pod).plus(Duration.ofSeconds(minReadySeconds));
    }

    static boolean available(JsonNode pod, long minReadySeconds, Instant now) {
        return ready(pod)
                && (minReadySeconds == 0 || !availableFrom(pod, minReadySeconds).isAfter(now));
    }
}
