package dev.trimtab.bootstrap.intake;

import dev.trimtab.codes.Code;
import dev.trimtab.definition.Problem;
import dev.trimtab.definition.Problem.Severity;
import dev.trimtab.definition.SecretMaterial;
import java.util.ArrayList;
import java.util.List;

/** Gathers findings in the order in which they come up, each once. */
final class Findings {

    private static final int LONGEST_TEXT = 500;

    private final List<Finding> found = new ArrayList<>();

    void warn(Code code, String place, String text, String fix) {
        add(code, Severity.WARNING, place, text, fix);
    }

    void error(Code code, String place, String text, String fix) {
        add(code, Severity.ERROR, place, text, fix);
    }

    /** What the reader of a file says, at the file's name as the person knows it. */
    void add(String source, Problem problem) {
        add(
                problem.code(),
                problem.severity(),
                source + ":" + problem.at().line() + ":" + problem.at().column(),
                problem.text(),
                "correct the file; nothing was imported");
    }

    private void add(Code code, Severity severity, String place, String text, String fix) {
        Finding finding = new Finding(code, severity, printable(place), printable(text), printable(fix));
        if (!found.contains(finding)) {
            found.add(finding);
        }
    }

    /** Names come from the source: neither escapes nor what looks secret in them may reach a terminal. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        SecretMaterial.masked(text).codePoints().limit(LONGEST_TEXT).forEach(c -> {
            if (Character.isISOControl(c)) {
                printable.append(String.format("\\u%04x", c));
            } else {
                printable.appendCodePoint(c);
            }
        });
        return printable.toString();
    }

    List<Finding> all() {
        return List.copyOf(found);
    }
}
