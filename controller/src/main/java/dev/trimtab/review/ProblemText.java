package dev.trimtab.review;

import dev.trimtab.definition.Problem;
import dev.trimtab.definition.Problem.Severity;
import java.nio.file.Path;

/** A problem as compilers tell it, so that editors and terminals can jump to the place. */
public final class ProblemText {

    private final Path directory;
    private final Style style;

    /** Places are told relative to where the person is: {@code directory} is put before them. */
    public ProblemText(Path directory, Style style) {
        this.directory = directory;
        this.style = style;
    }

    /** One problem, without a line break at its end. */
    public String of(Problem problem) {
        String severity = problem.severity() == Severity.ERROR ? style.red("error") : style.yellow("warning");
        String place = directory.resolve(problem.at().file().value()).normalize() + ":"
                + problem.at().line() + ":" + problem.at().column();
        String line = place + ": " + severity + ": " + problem.text() + " ["
                + problem.code().id() + "]";
        return problem.fix().map(fix -> line + "\n  fix: " + fix).orElse(line);
    }
}
