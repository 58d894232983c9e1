package dev.trimtab.definition;

import dev.trimtab.source.RepoPath;
import dev.trimtab.source.Revision;
import java.util.List;
import java.util.Optional;

/**
 * What one revision says below one path.
 *
 * @param path the definition's root in the repository
 * @param versions which versions fit together, with what the definition says about it
 * @param kubeadmPatches in the order in which kubeadm applies them
 * @param manifests in the order of their files and of their documents
 * @param problems in the order of their places; with an error among them the rest is incomplete and must not be used
 */
public record Definition(
        Revision revision,
        RepoPath path,
        Optional<Cluster> cluster,
        Inventory inventory,
        List<Addon> addons,
        List<WorkloadSet> workloadSets,
        VersionMatrix versions,
        List<KubeadmPatch> kubeadmPatches,
        List<Manifest> manifests,
        List<Problem> problems) {

    public Definition {
        addons = List.copyOf(addons);
        workloadSets = List.copyOf(workloadSets);
        kubeadmPatches = List.copyOf(kubeadmPatches);
        manifests = List.copyOf(manifests);
        problems = List.copyOf(problems);
    }

    /** The same with other problems than those found so far. */
    public Definition withProblems(List<Problem> others) {
        return new Definition(
                revision, path, cluster, inventory, addons, workloadSets, versions, kubeadmPatches, manifests, others);
    }

    /** Whether the set of objects of this revision cannot be known, so that nothing may be written or pruned for it. */
    public boolean refused() {
        return problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
    }
}
