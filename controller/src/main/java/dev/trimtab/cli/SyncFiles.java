package dev.trimtab.cli;

import dev.trimtab.review.ProblemText;
import dev.trimtab.sync.ClusterSync;
import dev.trimtab.sync.SyncFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** ClusterSync documents as a command is given them. */
final class SyncFiles {

    private SyncFiles() {}

    /**
     * The syncs of all files; empty when one of the files cannot be used, which is told.
     *
     * @throws UserError when two of them have one name
     */
    static Optional<List<ClusterSync>> read(List<Path> files, CommonOptions common) {
        List<ClusterSync> specs = new ArrayList<>();
        for (Path file : files) {
            SyncFile read = SyncFile.read(file);
            ProblemText text =
                    new ProblemText(Optional.ofNullable(file.getParent()).orElse(Path.of("")), common.style());
            read.problems().forEach(problem -> common.err().println(text.of(problem)));
            if (read.refused()) {
                return Optional.empty();
            }
            for (ClusterSync spec : read.syncs()) {
                if (specs.stream().anyMatch(other -> other.name().equals(spec.name()))) {
                    throw new UserError(
                            "ClusterSync \"" + spec.name() + "\" is defined by two of the files",
                            "give one of them another name; each owns the objects that it applies");
                }
                specs.add(spec);
            }
        }
        return Optional.of(specs);
    }

    /** The one that was named, or all of them. */
    static List<ClusterSync> chosen(List<ClusterSync> specs, Optional<String> name) {
        if (name.isEmpty()) {
            return specs;
        }
        return List.of(specs.stream()
                .filter(spec -> spec.name().equals(name.get()))
                .findFirst()
                .orElseThrow(() -> new UserError(
                        "no ClusterSync is called \"" + name.get() + "\"",
                        "name one of " + specs.stream().map(ClusterSync::name).collect(Collectors.joining(", ")))));
    }
}
