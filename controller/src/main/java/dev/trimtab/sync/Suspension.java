package dev.trimtab.sync;

import java.time.Instant;
import java.util.Optional;

/**
 * A person's word that a sync writes nothing.
 *
 * @param by who said it; empty when that is not known
 * @param until when it ends on its own; empty when a person has to end it
 */
public record Suspension(String reason, String by, Optional<Instant> until) {

    boolean holds(Instant now) {
        return until.isEmpty() || now.isBefore(until.get());
    }

    String text() {
        return "suspended"
                + (by.isEmpty() ? "" : " by " + by)
                + (reason.isEmpty() ? "" : ": " + reason)
                + until.map(end -> "; until " + end).orElse("");
    }
}
