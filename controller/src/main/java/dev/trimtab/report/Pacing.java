package dev.trimtab.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a status is to be written: at once after a while without one, never more than once a second, and after a failure with waits
 * that grow to five minutes. A process that has just begun waits until it knows how things stand: it would only say that it began.
 * Not thread-safe.
 */
final class Pacing {

    static final Duration APART = Duration.ofSeconds(1);
    static final Duration FIRST = Duration.ofSeconds(5);
    static final Duration LONGEST = Duration.ofMinutes(5);

    private boolean changed;
    private boolean begun;
    private boolean away;
    private int failures;
    private Instant notBefore = Instant.EPOCH;

    /** @param knows whether the sync is through with what it was at */
    void changed(Instant now, boolean knows) {
        if (!begun) {
            notBefore = knows ? now : changed ? notBefore : now.plus(FIRST);
            begun = knows;
        }
        changed = true;
    }

    /** When the next write is due; empty when nothing is to be written, or nobody answers. */
    Optional<Instant> due() {
        return changed && !away ? Optional.of(notBefore) : Optional.empty();
    }

    /** What changes from here on needs a write of its own. */
    void begin() {
        begun = true;
        changed = false;
    }

    void written(Instant now) {
        failures = 0;
        notBefore = now.plus(APART);
    }

    /** Nothing had to be written. */
    void spared() {
        failures = 0;
    }

    /** True when it is the first of its row. */
    boolean failed(Instant now) {
        Duration wait = APART.multipliedBy(1L << Math.min(failures, 9));
        notBefore = now.plus(wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
        changed = true;
        failures++;
        return failures == 1;
    }

    boolean failing() {
        return failures > 0;
    }

    /** Nobody answers: nothing is tried. */
    void lost() {
        away = true;
    }

    /** Somebody answers: what failed is tried at once. */
    void regained() {
        away = false;
        if (failures > 0) {
            notBefore = Instant.EPOCH;
        }
    }
}
