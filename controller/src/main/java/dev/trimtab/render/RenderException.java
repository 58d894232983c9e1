package dev.trimtab.render;

import dev.trimtab.definition.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** The set of objects of a revision cannot be known, so nothing may be written or pruned for it. */
public final class RenderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public RenderException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** At least one, in the order of the manifests. */
    public List<Problem> problems() {
        return problems;
    }
}
