package dev.trimtab.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trimtab version}. */
@Command(name = "version", description = "Print which version this is.")
final class VersionCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "TEXT",
            description = "text or json")
    private OutputFormat output;

    @Override
    public Integer call() {
        if (output == OutputFormat.JSON) {
            common.print(JsonNodeFactory.instance
                    .objectNode()
                    .put("format", "trimtab.version/v1")
                    .put("version", Version.number())
                    .put("java", Runtime.version().toString()));
        } else {
            common.out().println("trimtab " + Version.number() + " (Java " + Runtime.version() + ")");
        }
        return ExitCode.DONE;
    }
}
