package dev.trimtab.definition;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** What all files of a definition say together. */
record Parts(
        List<Cluster> clusters,
        Inventory inventory,
        List<Addon> addons,
        List<WorkloadSet> workloadSets,
        List<Position> matrices,
        List<Manifest> manifests) {

    static Parts of(Collection<ParsedFile> files) {
        List<Inventory> inventories =
                files.stream().flatMap(file -> file.inventories().stream()).toList();
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
                files.stream().flatMap(file -> file.matrices().stream()).toList(),
                files.stream().flatMap(file -> file.manifests().stream()).toList());
    }

    /** Where things stand that mean nothing without a Cluster. */
    Stream<Position> needCluster() {
        return Stream.of(
                        inventory.groups().stream().map(group -> group.origin().at()),
                        inventory.nodes().stream().map(node -> node.origin().at()),
                        addons.stream().map(addon -> addon.origin().at()),
                        matrices.stream())
                .flatMap(places -> places);
    }
}
