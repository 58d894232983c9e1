package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.DEF001;
import static dev.trimtab.definition.DefinitionCode.DEF002;
import static dev.trimtab.definition.DefinitionCode.DEF004;
import static dev.trimtab.definition.DefinitionCode.DEF006;
import static dev.trimtab.definition.DefinitionCode.YML006;

import dev.trimtab.source.RepoPath;
import dev.trimtab.source.RepoTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads definitions: every {@code .yaml}, {@code .yml} and {@code .json} file under a path, except in hidden folders.
 *
 * <p>One instance reads one definition again and again: it keeps what it made of each file by the file's content, so that a
 * revision costs the files that changed. Safe for use by several threads.
 */
public final class Definitions {

    private final Limits limits;
    private final ParsedFiles cache;

    public Definitions(Limits limits) {
        this.limits = limits;
        this.cache = new ParsedFiles(limits.cacheBytes());
    }

    /**
     * Reads everything under {@code path}; whatever is wrong with it is told by {@link Definition#problems()}.
     *
     * @param path a folder, or one file
     * @throws dev.trimtab.source.SourceException when the tree itself cannot be read
     */
    public Definition read(RepoTree tree, RepoPath path) {
        Problems problems = new Problems();
        List<RepoTree.Entry> entries = tree.under(path);
        if (entries.isEmpty()) {
            problems.error(
                    DEF004,
                    new Position(path, 1, 1),
                    "revision " + tree.revision().shortCommit() + " holds nothing at path " + path,
                    "check the path, and that the ref is the one you mean");
        }
        List<RepoTree.Entry> files = new ArrayList<>();
        for (RepoTree.Entry entry : entries) {
            if (!isHidden(path, entry.path()) && isRegular(entry, problems) && isManifestFile(entry.path())) {
                files.add(entry);
            }
        }
        Map<RepoPath, ParsedFile> parsed = new LinkedHashMap<>();
        if (isAffordable(path, files, problems)) {
            for (RepoTree.Entry file : files) {
                if (fits(file, problems)) {
                    parsed.put(
                            file.path(), cache.get(file, () -> FileParser.parse(file.path(), tree.read(file), limits)));
                }
            }
        }
        List<Cluster> clusters = parsed.values().stream()
                .flatMap(file -> file.clusters().stream())
                .toList();
        KubeadmPatchReader patches = new KubeadmPatchReader(tree, path, entries, clusters, limits);
        patches.files().forEach(parsed::remove);
        parsed.values().forEach(file -> problems.addAll(file.problems()));
        List<KubeadmPatch> kubeadmPatches = patches.read(problems);
        Parts parts = Parts.of(parsed.values(), problems);
        Rules.check(parts, problems);
        return new Definition(
                tree.revision(),
                path,
                parts.clusters().stream().findFirst(),
                parts.inventory(),
                parts.addons(),
                parts.workloadSets(),
                parts.versions(),
                kubeadmPatches,
                parts.manifests(),
                problems.inOrder());
    }

    /** Whether a name between {@code root} and the file, or the file's own, begins with a dot. */
    static boolean isHidden(RepoPath root, RepoPath file) {
        String below = file.value().substring(root.value().length());
        return below.startsWith(".") || below.contains("/.");
    }

    private static boolean isRegular(RepoTree.Entry entry, Problems problems) {
        Position at = new Position(entry.path(), 1, 1);
        switch (entry.mode()) {
            case SYMLINK ->
                problems.error(
                        DEF001,
                        at,
                        "a symbolic link; what it points to is not read",
                        "put the file itself here, or move the link out of the definition's path");
            case SUBMODULE ->
                problems.error(
                        DEF002,
                        at,
                        "a Git submodule; its files are not read",
                        "put the files themselves here, or move the submodule out of the definition's path");
            case FILE -> {
                return true;
            }
        }
        return false;
    }

    static boolean isManifestFile(RepoPath path) {
        String name = path.value();
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    private boolean isAffordable(RepoPath path, List<RepoTree.Entry> files, Problems problems) {
        long total = files.stream().mapToLong(RepoTree.Entry::size).sum();
        if (files.size() <= limits.files() && total <= limits.totalBytes()) {
            return true;
        }
        problems.error(
                DEF006,
                new Position(path, 1, 1),
                files.size() + " manifest files with " + total + " bytes; at most " + limits.files() + " files with "
                        + limits.totalBytes() + " bytes are read",
                "split the definition over several paths");
        return false;
    }

    private boolean fits(RepoTree.Entry file, Problems problems) {
        if (file.size() <= limits.fileBytes()) {
            return true;
        }
        problems.error(
                YML006,
                new Position(file.path(), 1, 1),
                "the file has " + file.size() + " bytes; at most " + limits.fileBytes() + " are read",
                "split the file, or move it out of the definition's path");
        return false;
    }
}
