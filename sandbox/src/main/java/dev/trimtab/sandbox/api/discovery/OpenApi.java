package dev.trimtab.sandbox.api.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Catalog;
import dev.trimtab.sandbox.api.Endpoint;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.api.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * OpenAPI v3, one document a group and version. It holds what kubectl looks for: the schemas, and that PATCH knows
 * {@code fieldValidation}, without which kubectl would validate by itself.
 */
public final class OpenApi {

    private final Catalog catalog;

    public OpenApi(Catalog catalog) {
        this.catalog = catalog;
    }

    /** {@code /openapi/v3}: where the documents are. The hash changes with the document, as clients keep what they have read. */
    public ObjectNode index() {
        ObjectNode index = Json.object();
        ObjectNode paths = index.putObject("paths");
        Set<String> groupVersions = new LinkedHashSet<>();
        for (Resource resource : catalog.all()) {
            resource.servedVersions().forEach(version -> groupVersions.add(path(resource.group(), version.name())));
        }
        for (String path : groupVersions) {
            String hash = Integer.toHexString(document(path).orElseThrow().hashCode());
            paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash);
        }
        return index;
    }

    /** The document of {@code api/v1} or {@code apis/<group>/<version>}. */
    public Optional<ObjectNode> document(String path) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Resource resource : catalog.all()) {
            for (Resource.Version version : resource.servedVersions()) {
                if (path(resource.group(), version.name()).equals(path)) {
                    endpoints.add(new Endpoint(resource, version));
                }
            }
        }
        return endpoints.isEmpty() ? Optional.empty() : Optional.of(document(endpoints));
    }

    private static ObjectNode document(List<Endpoint> endpoints) {
        ObjectNode document = Json.object();
        document.put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "v1.36.0+sandbox");
        ObjectNode paths = document.putObject("paths");
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        Endpoint first = endpoints.get(0);
        TypeSchemas types = new TypeSchemas(schemas, prefix(first));
        for (Endpoint endpoint : endpoints) {
            ObjectNode schema = endpoint.version()
                    .schema()
                    .map(custom -> customSchema(custom.openApi()))
                    .orElseGet(() -> types.root(endpoint.type()));
            schema.putArray("x-kubernetes-group-version-kind").add(kind(endpoint));
            String name = prefix(endpoint) + endpoint.resource().kind();
            schemas.set(name, schema);
            paths(paths, endpoint, name);
        }
        return document;
    }

    private static String path(String group, String version) {
        return group.isEmpty() ? "api/" + version : "apis/" + group + "/" + version;
    }

    /** {@code io.k8s.api.apps.v1.}; custom groups are turned round, as host names are in Java packages. */
    private static String prefix(Endpoint endpoint) {
        Resource resource = endpoint.resource();
        String version = endpoint.version().name();
        if (resource.is(Resource.Trait.CUSTOM)) {
            List<String> labels = Arrays.asList(resource.group().split("\\.", -1));
            Collections.reverse(labels);
            return String.join(".", labels) + "." + version + ".";
        }
        String group = resource.group().isEmpty() ? "core" : resource.group().split("\\.", 2)[0];
        return "io.k8s.api." + group + "." + version + ".";
    }

    private static ObjectNode customSchema(JsonNode openApi) {
        ObjectNode schema = openApi.isObject() ? openApi.deepCopy() : Json.object();
        ObjectNode properties = Json.child(schema, "properties");
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
        properties.putObject("metadata").put("type", "object");
        return schema.put("type", "object");
    }

    private static void paths(ObjectNode paths, Endpoint endpoint, String schema) {
        Resource resource = endpoint.resource();
        String base = "/" + path(resource.group(), endpoint.version().name())
                + (resource.namespaced() ? "/namespaces/{namespace}/" : "/") + resource.plural();
        ObjectNode collection = paths.putObject(base);
        operation(collection, "post", endpoint, schema, true);
        if (resource.is(Resource.Trait.CREATE_ONLY)) {
            return;
        }
        operation(collection, "get", endpoint, schema, false);
        ObjectNode item = paths.putObject(base + "/{name}");
        operation(item, "get", endpoint, schema, false);
        operation(item, "put", endpoint, schema, true);
        operation(item, "patch", endpoint, schema, true);
        operation(item, "delete", endpoint, schema, false);
    }

    private static void operation(ObjectNode path, String method, Endpoint endpoint, String schema, boolean writes) {
        ObjectNode operation = path.putObject(method);
        operation.put(
                "operationId",
                method.toLowerCase(Locale.ROOT) + endpoint.resource().kind());
        operation.set("x-kubernetes-group-version-kind", kind(endpoint));
        ArrayNode parameters = operation.putArray("parameters");
        for (String name : writes ? List.of("dryRun", "fieldManager", "fieldValidation") : List.of("pretty")) {
            parameters
                    .addObject()
                    .put("name", name)
                    .put("in", "query")
                    .putObject("schema")
                    .put("type", "string");
        }
        ObjectNode response = operation.putObject("responses").putObject("200").put("description", "OK");
        response.putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/" + schema);
    }

    private static ObjectNode kind(Endpoint endpoint) {
        return Json.object()
                .put("group", endpoint.resource().group())
                .put("kind", endpoint.resource().kind())
                .put("version", endpoint.version().name());
    }
}
