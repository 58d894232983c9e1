package dev.trimtab.bootstrap.intake;

import static dev.trimtab.bootstrap.intake.IntakeCode.IMP003;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP004;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP005;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.SecretMaterial;
import dev.trimtab.definition.SourceDocuments;
import dev.trimtab.source.RepoPath;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes documents of a definition out of what a cluster was built from by hand, or of the cluster itself. Pure. */
public final class Intake {

    static final String CLUSTER = "cluster.yaml";
    static final String INVENTORY = "inventory/nodes.yaml";
    static final String FLANNEL = "addons/flannel.yaml";
    private static final String ADDONS = "addons/";

    /** A shorter value is no secret worth the name, and would be found in ordinary words. */
    private static final int SHORTEST_SECRET = 8;

    private Intake() {}

    /**
     * A configuration of kubeadm ({@code v1beta3} or {@code v1beta4}; Kubernetes documentation, "kubeadm Configuration"), with the
     * kubelet's and kube-proxy's beside it.
     *
     * @param source how findings name the file
     */
    public static Imported kubeadm(String source, byte[] text, Wanted wanted) {
        Findings findings = new Findings();
        KubeadmReader reader = new KubeadmReader(findings, wanted);
        read(source, text, findings).forEach(reader::add);
        SortedMap<String, ObjectNode> documents = reader.documents(source);
        return imported(documents, List.of(), findings);
    }

    /**
     * The manifests of a Kuboard agent as the Kuboard server gives them out.
     *
     * @param source how findings name the file
     */
    public static Imported kuboardAgent(String source, byte[] text, KuboardServer server) {
        Findings findings = new Findings();
        List<KuboardAgents.Manifest> manifests = new ArrayList<>();
        for (SourceDocuments.Document document : read(source, text, findings)) {
            manifests.add(new KuboardAgents.Manifest(document.json(), pointer -> at(source, document, pointer)));
        }
        KuboardAgents agents = new KuboardAgents(findings, server);
        manifests.forEach(agents::add);
        SortedMap<String, ObjectNode> documents = new TreeMap<>();
        agents.documents().forEach((file, document) -> documents.put(ADDONS + file, document));
        if (documents.isEmpty()) {
            findings.error(
                    IMP005,
                    source,
                    "no Deployment in it is a Kuboard agent: none has KUBOARD_ENDPOINT in its environment",
                    "download the file from the Kuboard server: add a cluster there and choose to import it by an agent");
        }
        return imported(documents, agents.credentials(), findings);
    }

    /** A running cluster, of which everything was read beforehand. */
    public static Imported cluster(LiveCluster live, Wanted wanted, KuboardServer server) {
        Findings findings = new Findings();
        LiveReader reader = new LiveReader(live, wanted, findings);
        SortedMap<String, ObjectNode> documents = reader.documents();
        List<Credential> credentials = new ArrayList<>(reader.credentials());
        KuboardAgents agents = new KuboardAgents(findings, server);
        live.kuboard()
                .forEach(object ->
                        agents.add(new KuboardAgents.Manifest(object, pointer -> LiveReader.place(object, pointer))));
        agents.documents().forEach((file, document) -> documents.put(ADDONS + file, document));
        credentials.addAll(agents.credentials());
        return imported(documents, credentials, findings);
    }

    private static List<SourceDocuments.Document> read(String source, byte[] text, Findings findings) {
        SourceDocuments read =
                SourceDocuments.read(new RepoPath(source.endsWith(".json") ? "source.json" : "source.yaml"), text);
        read.problems().forEach(problem -> findings.add(source, problem));
        return read.documents();
    }

    static String at(String source, SourceDocuments.Document document, String pointer) {
        var position = document.positions().keyAt(pointer);
        return source + ":" + position.line() + ":" + position.column();
    }

    static void unknownKind(Findings findings, String place, JsonNode json) {
        findings.warn(
                IMP003,
                place,
                "a document of kind " + json.path("kind").asText("that is not named") + " ("
                        + json.path("apiVersion").asText("no apiVersion") + ") is not imported",
                "keep it elsewhere if it is still needed");
    }

    /** Nothing leaves without being searched: a source may hold secrets where nobody expects them. */
    private static Imported imported(
            SortedMap<String, ObjectNode> documents, List<Credential> credentials, Findings findings) {
        documents.forEach(
                (file, document) -> purge(document, document.path("kind").asText(), credentials, findings));
        Imported imported = new Imported(documents, credentials, findings.all());
        return imported.refused() ? new Imported(new TreeMap<>(), List.of(), imported.findings()) : imported;
    }

    private static void purge(JsonNode tree, String path, List<Credential> credentials, Findings findings) {
        if (tree instanceof ObjectNode object) {
            object.properties().removeIf(field -> {
                String inner = path + "." + field.getKey();
                boolean secret = isSecret(field.getValue(), credentials);
                if (secret) {
                    purged(inner, findings);
                } else {
                    purge(field.getValue(), inner, credentials, findings);
                }
                return secret;
            });
        } else if (tree instanceof ArrayNode array) {
            int index = 0;
            for (Iterator<JsonNode> items = array.elements(); items.hasNext(); index++) {
                JsonNode item = items.next();
                if (isSecret(item, credentials)) {
                    items.remove();
                    purged(path + "[" + index + "]", findings);
                } else {
                    purge(item, path + "[" + index + "]", credentials, findings);
                }
            }
        }
    }

    private static boolean isSecret(JsonNode value, List<Credential> credentials) {
        return value.isTextual()
                && (SecretMaterial.inField(value.textValue()).isPresent()
                        || value.textValue().contains(SecretMaterial.PUBLISHED_TOKEN)
                        || credentials.stream()
                                .map(Credential::value)
                                .filter(secret -> secret.length() >= SHORTEST_SECRET)
                                .anyMatch(secret -> value.textValue().contains(secret)));
    }

    private static void purged(String path, Findings findings) {
        findings.warn(
                IMP004,
                path,
                "what the source says here looks secret and is left out",
                "keep it in a Secret, and write the field without it");
    }
}
