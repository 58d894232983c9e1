package dev.trimtab.definition;

import dev.trimtab.source.RepoPath;
import dev.trimtab.source.RepoTree;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the clusters of a repository are: one at its root, or many in {@code clusters/<name>/}. As soon as there is a manifest file in
 * such a folder, each of them is a definition of its own and files beside {@code clusters/} belong to none.
 */
public final class Layout {

    private static final String FOLDER = "clusters";

    private Layout() {}

    /** The definitions' roots by name, in the order of their names; empty when {@code root} is the only one. */
    public static SortedMap<String, RepoPath> clusters(RepoTree tree, RepoPath root) {
        String prefix = root.equals(RepoPath.ROOT) ? FOLDER + "/" : root.value() + "/" + FOLDER + "/";
        SortedMap<String, RepoPath> clusters = new TreeMap<>();
        for (RepoTree.Entry entry : tree.under(root)) {
            String file = entry.path().value();
            if (!file.startsWith(prefix) || !Definitions.isManifestFile(entry.path())) {
                continue;
            }
            int slash = file.indexOf('/', prefix.length());
            if (slash > 0 && file.charAt(prefix.length()) != '.') {
                clusters.put(file.substring(prefix.length(), slash), new RepoPath(file.substring(0, slash)));
            }
        }
        return clusters;
    }
}
