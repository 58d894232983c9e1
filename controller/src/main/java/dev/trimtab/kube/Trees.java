package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** Objects of the server as trees. */
final class Trees {

    static final ObjectReader JSON = new JsonMapper().reader();

    private Trees() {}

    /** @throws IOException when the text is not one JSON object */
    static ObjectNode object(String text) throws IOException {
        if (JSON.readTree(text) instanceof ObjectNode object) {
            return object;
        }
        throw new IOException("the server answered something that is not a JSON object");
    }

    /** The items of a list carry no apiVersion and kind of their own: gives them those of the resource. */
    static ObjectNode named(ResourceType type, JsonNode item) {
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        named.put("apiVersion", type.apiVersion());
        named.put("kind", type.kind());
        item.properties().forEach(field -> {
            if (!field.getKey().equals("apiVersion") && !field.getKey().equals("kind")) {
                named.set(field.getKey(), field.getValue());
            }
        });
        return named;
    }

    /** As {@link #named}, and nothing but metadata, whatever the server sent. */
    static ObjectNode metadataOnly(ResourceType type, JsonNode item) {
        return named(type, item).retain(List.of("apiVersion", "kind", "metadata"));
    }

    /** Which object, and which version of it. Of thousands of watched objects nothing else need be remembered. */
    static ObjectNode stub(ObjectNode object) {
        ObjectNode stub = JsonNodeFactory.instance.objectNode();
        stub.set("apiVersion", object.path("apiVersion"));
        stub.set("kind", object.path("kind"));
        if (object.path("metadata") instanceof ObjectNode metadata) {
            ObjectNode kept = stub.putObject("metadata");
            for (String field : List.of("namespace", "name", "uid", "resourceVersion")) {
                if (metadata.has(field)) {
                    kept.set(field, metadata.get(field));
                }
            }
        }
        return stub;
    }
}
