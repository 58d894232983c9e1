package dev.trimtab.definition;

import java.util.List;

/**
 * What one file says, before it is seen together with others.
 *
 * @param matrices where documents of kind {@code VersionMatrix} begin; their content is not looked at here
 */
record ParsedFile(
        List<Manifest> manifests,
        List<Cluster> clusters,
        List<Inventory> inventories,
        List<Addon> addons,
        List<WorkloadSet> workloadSets,
        List<Position> matrices,
        List<Problem> problems) {

    ParsedFile {
        manifests = List.copyOf(manifests);
        clusters = List.copyOf(clusters);
        inventories = List.copyOf(inventories);
        addons = List.copyOf(addons);
        workloadSets = List.copyOf(workloadSets);
        matrices = List.copyOf(matrices);
        problems = List.copyOf(problems);
    }
}
