package dev.trimtab.cli;

import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Definitions;
import dev.trimtab.definition.Limits;
import dev.trimtab.render.Renderer;
import dev.trimtab.source.DirectoryTree;
import dev.trimtab.source.RepoPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine.Parameters;

/** A definition in a folder, as it lies there. */
final class FolderOptions {

    @Parameters(paramLabel = "DIR", description = "folder of the definition")
    private Path directory;

    Path directory() {
        return directory;
    }

    Definition read() {
        return read(directory);
    }

    static Definition read(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new UserError(
                    directory + " is not a folder", "name the folder that holds the definition, for instance . ");
        }
        try (DirectoryTree tree = new DirectoryTree(directory, Clock.systemUTC())) {
            return new Renderer().check(new Definitions(Limits.DEFAULT).read(tree, RepoPath.ROOT));
        }
    }
}
