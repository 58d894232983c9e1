package dev.trimtab.plan;

import dev.trimtab.codes.Code;
import java.util.Optional;

/**
 * What may go wrong though the change itself is as it was asked for.
 *
 * @param wayOut what to do before, or how to let it go through
 */
public record Risk(Code code, Level level, String text, Optional<String> wayOut) {

    /** How much is at stake. Ordered from the most to the least. */
    public enum Level {
        /** More than the object itself; not done without consent. */
        DANGER,
        /** To be known before. */
        CAUTION
    }

    public boolean isDanger() {
        return level == Level.DANGER;
    }
}
