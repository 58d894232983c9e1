package dev.trimtab.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.definition.Problem.Severity;
import dev.trimtab.source.RepoPath;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProblemTest {

    @Test
    void whatRefusesARevisionDecidesAndNotAWarningBeforeIt() {
        Problem warning = problem(Severity.WARNING, 1);
        Problem error = problem(Severity.ERROR, 2);

        assertThat(Problem.decisive(List.of(warning, error, problem(Severity.ERROR, 3))))
                .contains(error);
        assertThat(Problem.decisive(List.of(warning))).contains(warning);
        assertThat(Problem.decisive(List.of())).isEmpty();
    }

    private static Problem problem(Severity severity, int line) {
        return new Problem(
                DefinitionCode.YML001, severity, new Position(new RepoPath("a.yaml"), line, 1), "so", Optional.empty());
    }
}
