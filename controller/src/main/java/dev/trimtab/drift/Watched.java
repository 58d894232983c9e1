package dev.trimtab.drift;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of one object.
 *
 * @param confirmed how it was when it last was as desired; empty when it may not be any more
 * @param seen how the watch last showed it; empty before it did, and when it is gone
 * @param suspectSince when it was first seen to be other than confirmed
 * @param metadata what {@code seen} was made of, kept only while the object is not confirmed
 * @param contested fields that are desired although others own them
 */
record Watched(
        Optional<Fingerprint> confirmed,
        Optional<Fingerprint> seen,
        Optional<Instant> suspectSince,
        Optional<JsonNode> metadata,
        Set<String> contested) {

    static final Watched UNKNOWN =
            new Watched(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Set.of());

    /** What follows from an event or a reading: the new knowledge, and whether somebody has to look. */
    record Next(Watched watched, boolean look) {}

    /** The watch shows the object. */
    Next see(JsonNode shown, String fieldManager, Instant now) {
        Fingerprint sight = Fingerprint.of(shown, fieldManager, contested);
        if (seen.filter(last -> last.newerThan(sight)).isPresent()) {
            // Events of one object come in order; should one not, the later state is known already.
            return new Next(this, false);
        }
        if (confirmed.isEmpty()) {
            // Changes of status must not have an object looked at again and again that could not be applied.
            boolean told = seen.filter(last -> last.see(sight) != Fingerprint.Sight.CHANGED)
                    .isPresent();
            return new Next(suspect(Optional.of(sight), Optional.of(shown), now), !told);
        }
        return switch (confirmed.get().see(sight)) {
            case ECHO -> new Next(asDesired(confirmed.get(), Optional.of(sight)), false);
            case UNCHANGED -> new Next(asDesired(sight, Optional.of(sight)), false);
            case CHANGED -> new Next(suspect(Optional.of(sight), Optional.of(shown), now), true);
        };
    }

    /** The object left the watch: deleted, or its label was taken away. */
    Watched gone(Instant now) {
        return suspect(Optional.empty(), Optional.empty(), now);
    }

    /** Somebody read the object and found it as desired. That reading may be older than what the watch has shown since. */
    Next confirm(JsonNode read, String fieldManager) {
        Fingerprint reading = Fingerprint.of(read, fieldManager, contested);
        return switch (seen.map(reading::see).orElse(Fingerprint.Sight.ECHO)) {
            case CHANGED -> new Next(this, true);
            case UNCHANGED -> new Next(asDesired(seen.orElseThrow(), seen), false);
            case ECHO -> new Next(asDesired(reading, seen), false);
        };
    }

    /**
     * Somebody read the object after {@code version} was seen, and its values are as desired although others own some of them: what
     * these do with the contested fields counts from now on.
     */
    Next tolerate(String version) {
        boolean current =
                seen.filter(last -> last.resourceVersion().equals(version)).isPresent();
        return current ? new Next(asDesired(seen.get(), seen), false) : new Next(this, true);
    }

    /** These fields are desired and somebody else may own them. What was seen after {@code version} has to be looked at for them. */
    Next contest(Set<String> fields, String fieldManager, String version) {
        if (contested.equals(fields)) {
            return new Next(this, false);
        }
        Watched contesting = new Watched(
                confirmed,
                metadata.map(shown -> Fingerprint.of(shown, fieldManager, fields))
                        .or(() -> seen),
                suspectSince,
                metadata,
                Set.copyOf(fields));
        boolean moved =
                seen.filter(last -> !last.resourceVersion().equals(version)).isPresent();
        return new Next(contesting, moved);
    }

    /** As desired, and the watch shows it so: without the second, a deletion before the watch began would go unnoticed. */
    boolean isConfirmed() {
        return confirmed.isPresent() && seen.isPresent() && seen.get().alike(confirmed.get());
    }

    Watched unseen() {
        return new Watched(confirmed, Optional.empty(), suspectSince, Optional.empty(), contested);
    }

    private Watched suspect(Optional<Fingerprint> sight, Optional<JsonNode> shown, Instant now) {
        return new Watched(Optional.empty(), sight, suspectSince.or(() -> Optional.of(now)), shown, contested);
    }

    private Watched asDesired(Fingerprint reading, Optional<Fingerprint> sight) {
        return new Watched(Optional.of(reading), sight, Optional.empty(), Optional.empty(), contested);
    }
}
