package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Fills in the {@code default}s of a structural schema. */
final class SchemaDefaults {

    private SchemaDefaults() {}

    static void fill(JsonNode schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            schema.path("properties").properties().forEach(property -> {
                JsonNode known = property.getValue();
                JsonNode present = object.get(property.getKey());
                if (known.has("default")
                        && (present == null
                                || (present.isNull() && !known.path("nullable").asBoolean()))) {
                    object.set(property.getKey(), known.path("default").deepCopy());
                }
                fill(known, object.path(property.getKey()));
            });
            JsonNode others = schema.path("additionalProperties");
            if (others.isObject()) {
                object.properties().forEach(entry -> fill(others, entry.getValue()));
            }
        } else if (value.isArray()) {
            value.forEach(item -> fill(schema.path("items"), item));
        }
    }
}
