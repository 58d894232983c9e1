package dev.trimtab.bootstrap.intake;

import dev.trimtab.codes.Code;
import dev.trimtab.definition.Problem.Severity;

/**
 * What an import has to say about its source. Holds no secret.
 *
 * @param severity an error means that nothing was imported
 * @param place {@code file:line:column}, or the object and the field in it
 * @param text what was found and what became of it
 * @param fix what to do about it
 */
public record Finding(Code code, Severity severity, String place, String text, String fix) {

    @Override
    public String toString() {
        return place + ": " + (severity == Severity.ERROR ? "error" : "warning") + ": " + text + " [" + code.id()
                + "]\n  fix: " + fix;
    }
}
