package dev.trimtab.cli;

import dev.trimtab.definition.Kind;
import dev.trimtab.review.DefinitionSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code trimtab schema}: for editors. */
@Command(
        name = "schema",
        description =
                "Print the JSON Schema of a cluster definition's documents, for completion and checks in editors.")
final class SchemaCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        common.print(DefinitionSchema.of(Kind.all()));
        return ExitCode.DONE;
    }
}
