package dev.trimtab.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;

/**
 * A stretch of time that comes again, by the clock on the wall of a place: {@code 0 22 * * *} for eight hours ends when that
 * clock shows six, also in the night in which it is moved. An hour that the clock leaves out is in no window; one that it shows
 * twice is in it twice.
 */
public record Window(Kind kind, CronSchedule schedule, Duration duration, ZoneId zone) {

    /** What may happen while it is open. */
    public enum Kind {
        /** Writes are for these times only. */
        ALLOW,
        /** No writes at these times. */
        DENY
    }

    boolean isOpen(Instant now) {
        LocalDateTime wall = LocalDateTime.ofInstant(now, zone);
        return openedBy(wall).isPresent();
    }

    /** The next moment at which the answer of {@link #isOpen} may be another one; empty when that never comes. */
    Optional<Instant> nextLook(Instant now) {
        LocalDateTime wall = LocalDateTime.ofInstant(now, zone);
        Optional<LocalDateTime> boundary =
                openedBy(wall).map(start -> start.plus(duration)).or(() -> schedule.nextAfter(wall));
        Optional<Instant> byTheClock = boundary.map(next -> now.plus(Duration.between(wall, next)));
        Optional<Instant> clockMoves =
                Optional.ofNullable(zone.getRules().nextTransition(now)).map(ZoneOffsetTransition::getInstant);
        return byTheClock.isPresent()
                        && clockMoves.isPresent()
                        && clockMoves.get().isBefore(byTheClock.get())
                ? clockMoves
                : byTheClock;
    }

    private Optional<LocalDateTime> openedBy(LocalDateTime wall) {
        return schedule.nextAfter(wall.minus(duration)).filter(start -> !start.isAfter(wall));
    }
}
