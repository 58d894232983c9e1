package dev.trimtab.cli;

import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Definitions;
import dev.trimtab.definition.Layout;
import dev.trimtab.definition.Limits;
import dev.trimtab.render.Renderer;
import dev.trimtab.source.DirectoryTree;
import dev.trimtab.source.RepoPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** A definition in a folder, as it lies there. */
final class FolderOptions {

    @ArgGroup(multiplicity = "1")
    private DefinitionFolder folder;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "the cluster in clusters/NAME/, where there are several")
    private @Nullable String cluster;

    Path directory() {
        return folder.path();
    }

    /** The one that is meant. */
    Definition read() {
        return read(directory(), Optional.ofNullable(cluster));
    }

    /** Each of a repository's clusters by itself, or the one that was named. */
    List<Definition> readAll() {
        if (cluster != null) {
            return List.of(read());
        }
        try (DirectoryTree tree = open(directory())) {
            Collection<RepoPath> roots = Layout.clusters(tree, RepoPath.ROOT).values();
            List<Definition> all = new ArrayList<>();
            for (RepoPath root : roots.isEmpty() ? List.of(RepoPath.ROOT) : roots) {
                all.add(read(tree, root));
            }
            return all;
        }
    }

    /** Manifest files that belong to no cluster, since they lie beside those of the repository. */
    List<RepoPath> strays() {
        try (DirectoryTree tree = open(directory())) {
            return Layout.strays(tree, RepoPath.ROOT);
        }
    }

    /** @param cluster needed only where the folder holds several */
    static Definition read(Path directory, Optional<String> cluster) {
        try (DirectoryTree tree = open(directory)) {
            return read(tree, choose(directory, Layout.clusters(tree, RepoPath.ROOT), cluster));
        }
    }

    private static RepoPath choose(Path directory, SortedMap<String, RepoPath> clusters, Optional<String> cluster) {
        String names = String.join(", ", clusters.keySet());
        if (clusters.isEmpty()) {
            cluster.ifPresent(name -> {
                throw new UserError(
                        directory + " has no folder clusters/" + name,
                        "leave --cluster out: the folder is one definition");
            });
            return RepoPath.ROOT;
        }
        if (cluster.isPresent()) {
            return Optional.ofNullable(clusters.get(cluster.get()))
                    .orElseThrow(() ->
                            new UserError(directory + " has no cluster " + cluster.get(), "name one of " + names));
        }
        if (clusters.size() > 1) {
            throw new UserError(
                    directory + " holds several clusters: " + names,
                    "choose one with --cluster NAME, or name its folder");
        }
        return clusters.values().iterator().next();
    }

    private static DirectoryTree open(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new UserError(
                    directory + " is not a folder", "name the folder that holds the definition, for instance . ");
        }
        return new DirectoryTree(directory, Clock.systemUTC());
    }

    private static Definition read(DirectoryTree tree, RepoPath root) {
        return new Renderer().check(new Definitions(Limits.DEFAULT).read(tree, root));
    }
}
