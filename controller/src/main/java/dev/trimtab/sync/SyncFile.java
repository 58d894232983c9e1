package dev.trimtab.sync;

import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Definitions;
import dev.trimtab.definition.Limits;
import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.Position;
import dev.trimtab.definition.Problem;
import dev.trimtab.definition.Problem.Severity;
import dev.trimtab.source.RepoPath;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ClusterSync documents of a file, read by the same rules as a definition.
 *
 * @param syncs none when a problem is an error
 * @param problems with places in the file
 */
public record SyncFile(List<ClusterSync> syncs, List<Problem> problems) {

    private static final String GROUP = "sync.trimtab.dev";

    public SyncFile {
        syncs = List.copyOf(syncs);
        problems = List.copyOf(problems);
    }

    /** Whether the file cannot be used. */
    public boolean refused() {
        return problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
    }

    /** Reads {@code file}; relative paths in it are relative to where the process runs. Never throws for what it holds. */
    public static SyncFile read(Path file) {
        String name =
                Optional.ofNullable(file.getFileName()).map(Path::toString).orElse("");
        Position start = new Position(new RepoPath(name), 1, 1);
        if (!name.endsWith(".yaml") && !name.endsWith(".yml") && !name.endsWith(".json")) {
            return refused(start, SyncCode.SYN006, "\"" + name + "\" is not a .yaml, .yml or .json file");
        }
        Definition read;
        try (OneFile tree = new OneFile(file, name)) {
            read = new Definitions(Limits.DEFAULT).read(tree, RepoPath.ROOT);
        } catch (IOException e) {
            return refused(
                    start,
                    SyncCode.SYN006,
                    e instanceof NoSuchFileException
                            ? file + " is not there"
                            : file + " cannot be read: " + e.getMessage());
        }
        List<Problem> problems = new ArrayList<>(read.problems());
        List<ClusterSync> syncs = new ArrayList<>();
        if (!read.refused()) {
            for (Manifest manifest : read.manifests()) {
                document(manifest, syncs, problems);
            }
            if (syncs.isEmpty() && problems.isEmpty()) {
                return refused(start, SyncCode.SYN004, "no ClusterSync in it");
            }
        }
        SyncFile all = new SyncFile(syncs, problems);
        return all.refused() ? new SyncFile(List.of(), problems) : all;
    }

    private static void document(Manifest manifest, List<ClusterSync> syncs, List<Problem> problems) {
        if (!manifest.key().group().equals(GROUP) || !manifest.key().kind().equals("ClusterSync")) {
            problems.add(error(
                    manifest.positions().document(),
                    SyncCode.SYN004,
                    manifest.key().kind() + " is not a ClusterSync of " + GROUP + "/v1alpha1"));
            return;
        }
        SyncReader reader = new SyncReader(manifest);
        Optional<ClusterSync> sync = reader.read();
        problems.addAll(reader.problems());
        sync.ifPresent(read -> {
            if (syncs.stream().anyMatch(other -> other.name().equals(read.name()))) {
                problems.add(error(
                        manifest.positions().at("/metadata/name"),
                        SyncCode.SYN005,
                        "ClusterSync \"" + read.name() + "\" is defined twice"));
            }
            syncs.add(read);
        });
    }

    static Problem error(Position at, SyncCode code, String text) {
        return new Problem(code, Severity.ERROR, at, text, Optional.empty());
    }

    private static SyncFile refused(Position at, SyncCode code, String text) {
        return new SyncFile(List.of(), List.of(error(at, code, text)));
    }
}
