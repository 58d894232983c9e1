package dev.trimtab.join;

import dev.trimtab.bootstrap.join.Obstacle;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of one machine.
 *
 * @param changes how many things were changed on it
 * @param text in a few words
 */
public record JoinResult(String node, Outcome outcome, int changes, String text, Optional<Obstacle> obstacle) {

    /** From good to bad. */
    public enum Outcome {
        UNCHANGED,
        UPDATED,
        JOINED,
        /** Nothing was done, for a reason that a person has to look at. */
        REFUSED,
        FAILED;

        public String shown() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static JoinResult of(String node, Obstacle obstacle, int changes) {
        Outcome outcome = switch (obstacle.code()) {
            case JOI002, JOI007, JOI008, JOI009, JOI010, JOI011, JOI012, JOI015 -> Outcome.REFUSED;
            default -> Outcome.FAILED;
        };
        return new JoinResult(
                node, changes > 0 ? Outcome.FAILED : outcome, changes, obstacle.toString(), Optional.of(obstacle));
    }
}
