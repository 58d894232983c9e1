package dev.trimtab.review;

import dev.trimtab.bootstrap.intake.Finding;
import dev.trimtab.definition.Problem.Severity;

/** A finding of an import in the form of {@link ProblemText}: the place is in what was imported. */
public final class FindingText {

    private final Style style;

    public FindingText(Style style) {
        this.style = style;
    }

    /** One finding, without a line break at its end. */
    public String of(Finding finding) {
        String severity = finding.severity() == Severity.ERROR ? style.red("error") : style.yellow("warning");
        return finding.place() + ": " + severity + ": " + finding.text() + " ["
                + finding.code().id() + "]\n  fix: " + finding.fix();
    }
}
