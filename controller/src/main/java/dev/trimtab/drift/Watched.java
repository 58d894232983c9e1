package dev.trimtab.drift;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of one object.
 *
 * @param confirmed how it was when it last was as desired; empty when it may not be any more
 * @param seen how the watch last showed it; empty before it did
 * @param suspectSince when it was first seen to be other than confirmed
 */
record Watched(Optional<Fingerprint> confirmed, Optional<Fingerprint> seen, Optional<Instant> suspectSince) {

    static final Watched UNKNOWN = new Watched(Optional.empty(), Optional.empty(), Optional.empty());

    /** What follows from an event or a reading: the new knowledge, and whether somebody has to look. */
    record Next(Watched watched, boolean look) {}

    /** The watch shows the object. */
    Next see(Fingerprint sight, Instant now) {
        Fingerprint latest = seen.filter(last -> last.newerThan(sight)).orElse(sight);
        if (confirmed.isEmpty()) {
            // Changes of status must not have an object looked at again and again that could not be applied.
            boolean told = seen.filter(last -> last.alike(sight)).isPresent();
            return new Next(new Watched(confirmed, Optional.of(latest), since(now)), !told);
        }
        return switch (confirmed.get().see(sight)) {
            case ECHO -> new Next(new Watched(confirmed, Optional.of(latest), Optional.empty()), false);
            case UNCHANGED -> new Next(new Watched(Optional.of(sight), Optional.of(latest), Optional.empty()), false);
            case CHANGED -> new Next(new Watched(Optional.empty(), Optional.of(latest), since(now)), true);
        };
    }

    /** Somebody read the object and found it as desired. That reading may be older than what the watch has shown since. */
    Next confirm(Fingerprint reading) {
        boolean overtaken = seen.filter(last -> reading.see(last) == Fingerprint.Sight.CHANGED)
                .isPresent();
        return overtaken
                ? new Next(this, true)
                : new Next(new Watched(Optional.of(reading), seen, Optional.empty()), false);
    }

    /** As desired, and the watch shows it so: without the second, a deletion before the watch began would go unnoticed. */
    boolean isConfirmed() {
        return confirmed.isPresent() && seen.isPresent() && seen.get().alike(confirmed.get());
    }

    Watched unseen() {
        return new Watched(confirmed, Optional.empty(), suspectSince);
    }

    private Optional<Instant> since(Instant now) {
        return suspectSince.or(() -> Optional.of(now));
    }
}
