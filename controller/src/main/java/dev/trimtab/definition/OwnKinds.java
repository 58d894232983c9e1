package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD001;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells Trimtab's own kinds from plain manifests and gathers what is read of them. */
final class OwnKinds {

    private static final String GROUP = ObjectKey.groupOf(Kind.API_VERSION);

    private static final Map<String, String> KINDS = meanings();

    private final Problems problems;
    private final List<Cluster> clusters = new ArrayList<>();
    private final List<Inventory> inventories = new ArrayList<>();
    private final List<Addon> addons = new ArrayList<>();
    private final List<WorkloadSet> workloadSets = new ArrayList<>();
    private final List<ParsedFile.Matrix> matrices = new ArrayList<>();

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
        if (!apiVersion.equals(Kind.API_VERSION)) {
            problems.error(
                    CD001,
                    positions.at("/apiVersion"),
                    "unknown apiVersion \"" + apiVersion + "\" of kind " + kind,
                    "write " + Kind.API_VERSION);
            return;
        }
        if (!KINDS.containsKey(kind)) {
            problems.error(
                    CD001,
                    positions.at("/kind"),
                    "unknown kind \"" + kind + "\" of " + Kind.API_VERSION
                            + Suggestion.closest(kind, KINDS.keySet())
                                    .map(known -> "; did you mean \"" + known + "\"?")
                                    .orElse(""),
                    "use one of " + String.join(", ", KINDS.keySet()));
            return;
        }
        Fields document = new Fields(kind, json, new Origin(positions, ""), problems);
        read(kind, document);
        document.finish();
        SecretRules.inOwnKind(new Manifest(ObjectKey.of(json), json, positions), problems);
    }

    private void read(String kind, Fields document) {
        Fields metadata = head(document);
        switch (kind) {
            case "Cluster" -> clusters.add(ClusterReader.read(document, metadata));
            case "Inventory" -> inventories.add(InventoryReader.read(document));
            case "Flannel" -> addons.add(AddonReader.flannel(document));
            case "KuboardAgent" -> addons.add(AddonReader.kuboardAgent(document));
            case "WorkloadSet" -> workloadSets.add(WorkloadSetReader.read(document, metadata));
            case "VersionMatrix" ->
                matrices.add(new ParsedFile.Matrix(
                        VersionMatrixReader.read(document), document.origin().at()));
            default -> throw new IllegalArgumentException("no reader of kind " + kind);
        }
        metadata.text("name", "for people");
    }

    /** Every reader says what it asks for. */
    static List<Kind> described() {
        return KINDS.entrySet().stream()
                .map(kind -> {
                    Fields sample = Fields.sample(kind.getKey());
                    new OwnKinds(new Problems()).read(kind.getKey(), sample);
                    return new Kind(kind.getKey(), kind.getValue(), sample.described());
                })
                .toList();
    }

    private static Map<String, String> meanings() {
        Map<String, String> meanings = new LinkedHashMap<>();
        meanings.put(
                "Cluster",
                "Everything about a kubeadm cluster that is not one machine. There is exactly one in a definition that"
                        + " describes machines or add-ons.");
        meanings.put(
                "Inventory",
                "The machines of the cluster. Several documents are read as one; `defaults` reach the nodes"
                        + " of their own document only.");
        meanings.put("Flannel", "The pod network.");
        meanings.put("KuboardAgent", "Connects the cluster to a Kuboard v3 server.");
        meanings.put(
                "WorkloadSet",
                "How the manifests below a folder are applied: in which order, and whether what leaves Git"
                        + " leaves the cluster.");
        meanings.put(
                "VersionMatrix",
                "Which versions fit together. Trimtab carries such a matrix; what is written here takes the place of its"
                        + " entries, minor by minor and field by field.");
        return Collections.unmodifiableMap(meanings);
    }

    private static Fields head(Fields document) {
        document.required("apiVersion", "`" + Kind.API_VERSION + "`");
        document.required("kind", "the kind's name");
        Fields metadata = document.object("metadata", "as on any object");
        metadata.map("labels", "for people");
        metadata.map("annotations", "for people");
        return metadata;
    }

    ParsedFile with(List<Manifest> manifests, List<Problem> found) {
        return new ParsedFile(manifests, clusters, inventories, addons, workloadSets, matrices, found);
    }
}
