package dev.trimtab.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When to ask whether the cluster is there and still the same one. At rest nobody sends requests: watches that cannot go on are all
 * that tells.
 */
final class Reachability {

    /** A connection that breaks is made again within this time; before it is over that is no news. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private Optional<String> identity = Optional.empty();
    private Optional<Instant> askAt = Optional.empty();

    /** The contact was lost or found again. */
    void changed(boolean silent, Instant now) {
        askAt = silent ? askAt.or(() -> Optional.of(now.plus(GRACE))) : Optional.of(now);
    }

    /** The cluster that a session began with. */
    void know(String uid) {
        identity = identity.or(() -> Optional.of(uid).filter(known -> !known.isEmpty()));
    }

    /** When to ask. */
    Optional<Instant> askAt() {
        return askAt;
    }

    boolean due(Instant now) {
        return askAt.filter(at -> !now.isBefore(at)).isPresent();
    }

    /**
     * The cluster said who it is.
     *
     * @return who it was, when it is another one now
     */
    Optional<String> met(Optional<String> uid) {
        askAt = Optional.empty();
        Optional<String> was =
                identity.filter(known -> uid.isPresent() && !uid.get().equals(known));
        identity = uid.or(() -> identity);
        return was;
    }
}
