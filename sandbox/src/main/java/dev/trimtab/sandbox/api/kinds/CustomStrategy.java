package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Resource;
import java.util.List;
import java.util.Optional;

/** Custom resources: defaults and rules are in the schema of the version an object is written in. */
record CustomStrategy(Resource resource) implements Strategy {

    private Optional<JsonNode> schema(ObjectNode object) {
        String apiVersion = object.path("apiVersion").asText();
        return resource.version(apiVersion.substring(apiVersion.indexOf('/') + 1))
                .flatMap(Resource.Version::schema)
                .map(Resource.CustomVersion::openApi);
    }

    @Override
    public void defaults(ObjectNode object) {
        schema(object).ifPresent(schema -> SchemaDefaults.fill(schema, object));
    }

    @Override
    public void validate(ObjectNode object, List<Cause> causes) {
        schema(object).ifPresent(schema -> new SchemaValidation(causes).validateObject(schema, object));
    }

    @Override
    public void validateStatusUpdate(ObjectNode next, ObjectNode live, List<Cause> causes) {
        validate(next, causes);
    }
}
