package dev.trimtab.definition;

import dev.trimtab.source.RepoPath;
import java.util.List;
import java.util.Optional;

/**
 * Kind {@code WorkloadSet} of {@code cluster.trimtab.dev/v1alpha1}: how the manifests below a folder are applied.
 *
 * @param path the folder, from the definition's root
 * @param namespace for manifests that name none
 * @param wave sets with a lower number go first; 0
 * @param prune whether what leaves the folder leaves the cluster; true
 * @param requires names of add-ons and of other sets
 */
public record WorkloadSet(
        Optional<String> name,
        RepoPath path,
        Optional<String> namespace,
        int wave,
        boolean prune,
        List<String> requires,
        Origin origin) {

    public WorkloadSet {
        requires = List.copyOf(requires);
    }
}
