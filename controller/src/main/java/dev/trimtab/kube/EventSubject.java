package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What a Kubernetes Event is about.
 *
 * @param uid without it {@code kubectl describe} does not show the Event; {@code kubectl events --for} does
 */
public record EventSubject(
        String apiVersion, String kind, Optional<String> namespace, String name, Optional<String> uid) {

    /** Where Events of cluster-scoped objects are, by Kubernetes' convention. */
    private static final String OF_CLUSTER = "default";

    /** An object as the server showed it. */
    public static EventSubject of(JsonNode object) {
        return of(
                object.path("apiVersion").asText(),
                ObjectKey.of(object),
                Optional.of(object.at("/metadata/uid").asText("")).filter(uid -> !uid.isEmpty()));
    }

    /** An object of which no more than this is known. */
    public static EventSubject of(String apiVersion, ObjectKey key, Optional<String> uid) {
        return new EventSubject(apiVersion, key.kind(), key.namespace(), key.name(), uid);
    }

    /** The namespace that its Events are in. */
    String eventNamespace() {
        return namespace.orElse(OF_CLUSTER);
    }

    ObjectNode reference() {
        ObjectNode reference = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", apiVersion)
                .put("kind", kind)
                .put("name", name);
        namespace.ifPresent(text -> reference.put("namespace", text));
        uid.ifPresent(text -> reference.put("uid", text));
        return reference;
    }

    @Override
    public String toString() {
        return kind + " " + namespace.map(text -> text + "/").orElse("") + name;
    }
}
