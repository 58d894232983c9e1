package dev.trimtab.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The folder that a command is about: {@code DIR} or {@code -f DIR}, and one of them. */
final class DefinitionFolder {

    private static final String TEXT = "folder of the definition, or of a repository with clusters/NAME/";

    @Parameters(paramLabel = "DIR", arity = "1", description = TEXT)
    private @Nullable Path positional;

    @Option(
            names = {"-f", "--folder"},
            paramLabel = "DIR",
            description = "the same")
    private @Nullable Path named;

    Path path() {
        Path path = positional == null ? named : positional;
        if (path == null) {
            throw new IllegalStateException("a group of multiplicity 1 is never empty");
        }
        return path;
    }
}
