package dev.trimtab.definition;

import dev.trimtab.codes.Code;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Gathers what is wrong, so that one run tells everything. */
final class Problems {

    private static final Comparator<Problem> BY_PLACE = Comparator.comparing(
                    (Problem problem) -> problem.at().file())
            .thenComparingInt(problem -> problem.at().line())
            .thenComparingInt(problem -> problem.at().column())
            .thenComparing(problem -> problem.code().id());

    private static final int LONGEST_TEXT = 500;

    private final List<Problem> found = new ArrayList<>();

    void error(Code code, Position at, String text, String fix) {
        add(code, Problem.Severity.ERROR, at, text, fix);
    }

    /** Something that may be meant; the revision stays usable. */
    void warn(Code code, Position at, String text, String fix) {
        add(code, Problem.Severity.WARNING, at, text, fix);
    }

    /** Unless the same is told of the same place already, as it is where several nodes share what is wrong. */
    void errorOnce(Code code, Position at, String text, String fix) {
        if (found.stream()
                .noneMatch(problem -> problem.code() == code && problem.at().equals(at))) {
            error(code, at, text, fix);
        }
    }

    private void add(Code code, Problem.Severity severity, Position at, String text, String fix) {
        found.add(new Problem(
                code,
                severity,
                at,
                printable(SecretMaterial.masked(text)),
                Optional.of(printable(SecretMaterial.masked(fix)))));
    }

    /** Keys and names come from the file: escapes in them must not reach a terminal, nor fill it. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints().limit(LONGEST_TEXT).forEach(c -> {
            if (Character.isISOControl(c)) {
                printable.append(String.format("\\u%04x", c));
            } else {
                printable.appendCodePoint(c);
            }
        });
        return printable
                .append(text.codePointCount(0, text.length()) > LONGEST_TEXT ? "…" : "")
                .toString();
    }

    void addAll(Collection<Problem> problems) {
        found.addAll(problems);
    }

    int count() {
        return found.size();
    }

    /** In the order of their places. */
    List<Problem> inOrder() {
        return found.stream().sorted(BY_PLACE).toList();
    }
}
