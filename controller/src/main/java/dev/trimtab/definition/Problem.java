package dev.trimtab.definition;

import dev.trimtab.codes.Code;
import java.util.Optional;

/**
 * Something wrong with what was written.
 *
 * @param text what is wrong and why, without the place
 * @param fix what to do about it
 */
public record Problem(Code code, Severity severity, Position at, String text, Optional<String> fix) {

    /** An error makes the whole revision unusable; a warning does not. */
    public enum Severity {
        ERROR,
        WARNING
    }

    /** {@code file:line:column: severity: text [CODE]}. */
    @Override
    public String toString() {
        return at + ": " + (severity == Severity.ERROR ? "error" : "warning") + ": " + text + " [" + code.id() + "]";
    }
}
