package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.schema.Schemas;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Turns a CustomResourceDefinition into the resource it defines. */
final class CustomResources {

    /** The resource of the definitions themselves. */
    static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

    private CustomResources() {}

    /** @param definition valid and with defaults */
    static Resource of(ObjectNode definition) {
        JsonNode spec = definition.path("spec");
        JsonNode names = spec.path("names");
        String kind = names.path("kind").asText();
        List<Resource.Version> versions = new ArrayList<>();
        for (JsonNode version : spec.path("versions")) {
            if (version.path("served").asBoolean() || version.path("storage").asBoolean()) {
                versions.add(version(version));
            }
        }
        return new Resource(
                spec.path("group").asText(),
                names.path("plural").asText(),
                names.path("singular").asText(kind.toLowerCase(Locale.ROOT)),
                kind,
                names.path("listKind").asText(kind + "List"),
                spec.path("scope").asText().equals("Namespaced"),
                texts(names.path("shortNames")),
                texts(names.path("categories")),
                Set.of(Resource.Trait.CUSTOM, Resource.Trait.GENERATION),
                List.copyOf(versions));
    }

    private static Resource.Version version(JsonNode version) {
        JsonNode schema = version.path("schema").path("openAPIV3Schema");
        JsonNode subresources = version.path("subresources");
        Set<String> served = new LinkedHashSet<>();
        subresources.fieldNames().forEachRemaining(served::add);
        Optional<Resource.ScalePaths> scale = Optional.of(subresources.path("scale"))
                .filter(JsonNode::isObject)
                .map(paths -> new Resource.ScalePaths(
                        paths.path("specReplicasPath").asText(),
                        paths.path("statusReplicasPath").asText(),
                        paths.path("labelSelectorPath").asText("")));
        Set<String> selectable = new LinkedHashSet<>();
        version.path("selectableFields")
                .forEach(field -> selectable.add(field.path("jsonPath").asText().replaceFirst("^\\.", "")));
        List<Resource.PrinterColumn> columns = new ArrayList<>();
        for (JsonNode column : version.path("additionalPrinterColumns")) {
            columns.add(new Resource.PrinterColumn(
                    column.path("name").asText(),
                    column.path("type").asText(),
                    column.path("format").asText(""),
                    column.path("description").asText(""),
                    column.path("priority").asInt(),
                    column.path("jsonPath").asText()));
        }
        return new Resource.Version(
                version.path("name").asText(),
                Schemas.ofCrd(schema),
                version.path("served").asBoolean(),
                version.path("storage").asBoolean(),
                Set.copyOf(served),
                Optional.of(new Resource.CustomVersion(schema, List.copyOf(columns), scale, Set.copyOf(selectable))));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return List.copyOf(texts);
    }
}
