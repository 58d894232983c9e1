package dev.trimtab.definition;

import dev.trimtab.codes.Code;
import java.util.List;
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

    /** What decides when there is room for one of them only: the first error, or the first warning where there is none. */
    public static Optional<Problem> decisive(List<Problem> problems) {
        return problems.stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .findFirst()
                .or(() -> problems.stream().findFirst());
    }

    /** {@code file:line:column: severity: text [CODE]}. */
    @Override
    public String toString() {
        return at + ": " + (severity == Severity.ERROR ? "error" : "warning") + ": " + text + " [" + code.id() + "]";
    }
}
