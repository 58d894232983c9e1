package dev.trimtab.bootstrap.intake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One key of a Secret that a document names.
 *
 * @param value secret; {@link #toString} leaves it out
 */
public record Credential(String namespace, String name, String key, String value) {

    /** Namespace, name and key, for people. */
    public String title() {
        return "Secret " + namespace + "/" + name + " key " + key;
    }

    /** All of them as manifests, one a Secret. */
    public static List<ObjectNode> manifests(List<Credential> credentials) {
        Map<String, ObjectNode> secrets = new TreeMap<>();
        for (Credential credential : credentials) {
            ObjectNode secret = secrets.computeIfAbsent(
                    credential.namespace() + "/" + credential.name(), title -> credential.empty());
            secret.withObject("/stringData").put(credential.key(), credential.value());
        }
        return List.copyOf(secrets.values());
    }

    private ObjectNode empty() {
        ObjectNode secret =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Secret");
        secret.putObject("metadata").put("name", name).put("namespace", namespace);
        return secret.put("type", "Opaque");
    }

    @Override
    public String toString() {
        return title();
    }
}
