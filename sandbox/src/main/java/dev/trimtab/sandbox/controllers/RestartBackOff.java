package dev.trimtab.sandbox.controllers;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When a container may start again. A kubelet backs off per image that it has run before, so a new image starts at once and
 * one that comes back soon waits: the first delay counts from the second start on, and each start doubles it. A delay is
 * forgotten when the image has not been started for twice the longest delay.
 */
final class RestartBackOff {

    private record Entry(Duration delay, Instant lastStart) {}

    private final Duration first;
    private final Duration last;
    private final Map<String, Entry> entries = new HashMap<>();

    RestartBackOff(Duration first, Duration last) {
        this.first = first;
        this.last = last;
    }

    /**
     * @param previousEnd when the container ended the last time before the end that this start follows; empty if it never did
     * @param now when the container that is to be replaced has ended
     */
    Instant earliest(String image, Optional<Instant> previousEnd, Instant now) {
        Entry entry = entries.get(image);
        if (entry == null || previousEnd.isEmpty() || forgotten(entry, previousEnd.get())) {
            return now;
        }
        boolean waits = now.isBefore(previousEnd.get().plus(entry.delay));
        return waits ? now.plus(entry.delay) : now;
    }

    Duration delay(String image) {
        Entry entry = entries.get(image);
        return entry == null ? Duration.ZERO : entry.delay;
    }

    /** Notes a start that followed an end. */
    void started(String image, Instant now) {
        entries.compute(
                image, (i, entry) -> new Entry(entry == null || forgotten(entry, now) ? first : next(entry), now));
    }

    private Duration next(Entry entry) {
        Duration doubled = entry.delay.multipliedBy(2);
        return doubled.compareTo(last) > 0 ? last : doubled;
    }

    private boolean forgotten(Entry entry, Instant now) {
        return entry.lastStart.plus(last.multipliedBy(2)).isBefore(now);
    }
}
