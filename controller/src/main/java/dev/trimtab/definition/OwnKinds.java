package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD001;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import java.util.ArrayList;
import java.util.List;

/** Tells Trimtab's own kinds from plain manifests and gathers what is read of them. */
final class OwnKinds {

    private static final String GROUP = "cluster.trimtab.dev";
    private static final String API_VERSION = GROUP + "/v1alpha1";
    private static final List<String> KINDS =
            List.of("Cluster", "Inventory", "Flannel", "KuboardAgent", "WorkloadSet", "VersionMatrix");

    private final Problems problems;
    private final List<Cluster> clusters = new ArrayList<>();
    private final List<Inventory> inventories = new ArrayList<>();
    private final List<Addon> addons = new ArrayList<>();
    private final List<WorkloadSet> workloadSets = new ArrayList<>();
    private final List<Position> matrices = new ArrayList<>();

    OwnKinds(Problems problems) {
        this.problems = problems;
    }

    static boolean owns(JsonNode json) {
        return ObjectKey.groupOf(json.path("apiVersion").asText()).equals(GROUP);
    }

    /** Reads one document that {@link #owns} accepts. */
    void read(ObjectNode json, Positions positions) {
        String apiVersion = json.path("apiVersion").asText();
        String kind = json.path("kind").asText();
        if (!apiVersion.equals(API_VERSION)) {
            problems.error(
                    CD001,
                    positions.at("/apiVersion"),
                    "unknown apiVersion \"" + apiVersion + "\" of kind " + kind,
                    "write " + API_VERSION);
            return;
        }
        Fields document = new Fields(kind, json, new Origin(positions, ""), problems);
        document.text("apiVersion");
        document.text("kind");
        Fields metadata = document.object("metadata");
        metadata.text("name");
        metadata.map("labels");
        metadata.map("annotations");
        switch (kind) {
            case "Cluster" -> clusters.add(ClusterReader.read(document, metadata));
            case "Inventory" -> inventories.add(InventoryReader.read(document));
            case "Flannel" -> addons.add(AddonReader.flannel(document));
            case "KuboardAgent" -> addons.add(AddonReader.kuboardAgent(document));
            case "WorkloadSet" -> workloadSets.add(WorkloadSetReader.read(document, metadata));
            case "VersionMatrix" -> {
                document.free("spec");
                matrices.add(positions.document());
            }
            default -> {
                problems.error(
                        CD001,
                        positions.at("/kind"),
                        "unknown kind \"" + kind + "\" of " + API_VERSION
                                + Suggestion.closest(kind, KINDS)
                                        .map(known -> "; did you mean \"" + known + "\"?")
                                        .orElse(""),
                        "use one of " + String.join(", ", KINDS));
                return;
            }
        }
        document.finish();
    }

    ParsedFile with(List<Manifest> manifests, List<Problem> found) {
        return new ParsedFile(manifests, clusters, inventories, addons, workloadSets, matrices, found);
    }
}
