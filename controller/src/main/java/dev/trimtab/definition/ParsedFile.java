package dev.trimtab.definition;

import java.util.List;

/** What one file says, before it is seen together with others. */
record ParsedFile(
        List<Manifest> manifests,
        List<Cluster> clusters,
        List<Inventory> inventories,
        List<Addon> addons,
        List<WorkloadSet> workloadSets,
        List<Matrix> matrices,
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

    /** A document of kind {@link VersionMatrix}, to be laid over what is known. */
    record Matrix(VersionMatrixReader.Entries entries, Position at) {}
}
