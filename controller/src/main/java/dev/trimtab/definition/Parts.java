package dev.trimtab.definition;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What all files of a definition say together. */
record Parts(
        List<Cluster> clusters,
        Inventory inventory,
        List<Addon> addons,
        List<WorkloadSet> workloadSets,
        List<ParsedFile.Matrix> matrices,
        VersionMatrix versions,
        List<Manifest> manifests) {

    /** @param problems receives what is wrong with the versions */
    static Parts of(Collection<ParsedFile> files, Problems problems) {
        List<Inventory> inventories =
                files.stream().flatMap(file -> file.inventories().stream()).toList();
        List<ParsedFile.Matrix> matrices =
                files.stream().flatMap(file -> file.matrices().stream()).toList();
        return new Parts(
                files.stream().flatMap(file -> file.clusters().stream()).toList(),
                new Inventory(
                        inventories.stream()
                                .flatMap(inventory -> inventory.groups().stream())
                                .toList(),
                        inventories.stream()
                                .flatMap(inventory -> inventory.nodes().stream())
                                .toList()),
                files.stream().flatMap(file -> file.addons().stream()).toList(),
                files.stream().flatMap(file -> file.workloadSets().stream()).toList(),
                matrices,
                MatrixLayers.of(
                        matrices.stream().map(ParsedFile.Matrix::entries).toList(), problems),
                files.stream().flatMap(file -> file.manifests().stream()).toList());
    }

    /** The one Cluster; the first where there are several, which is told elsewhere. */
    Optional<Cluster> cluster() {
        return clusters.stream().findFirst();
    }

    List<Flannel> flannels() {
        return addons.stream()
                .flatMap(addon -> addon instanceof Flannel flannel ? Stream.of(flannel) : Stream.empty())
                .toList();
    }

    List<KuboardAgent> kuboardAgents() {
        return addons.stream()
                .flatMap(addon -> addon instanceof KuboardAgent agent ? Stream.of(agent) : Stream.empty())
                .toList();
    }

    /** Where things stand that mean nothing without a Cluster. */
    Stream<Position> needCluster() {
        return Stream.of(
                        inventory.groups().stream().map(group -> group.origin().at()),
                        inventory.nodes().stream().map(node -> node.origin().at()),
                        addons.stream().map(addon -> addon.origin().at()),
                        matrices.stream().map(ParsedFile.Matrix::at))
                .flatMap(places -> places);
    }
}
