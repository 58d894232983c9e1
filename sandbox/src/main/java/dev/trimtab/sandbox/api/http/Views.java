package dev.trimtab.sandbox.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Endpoint;
import dev.trimtab.sandbox.api.Failures;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.api.Read;
import dev.trimtab.sandbox.api.Resource;
import dev.trimtab.sandbox.api.table.Tables;
import java.time.Instant;

/** Chooses the view that the {@code Accept} header asks for. */
final class Views {

    private static final String META = "meta.k8s.io/v1";

    private Views() {}

    /**
     * @param includeObject of the query: None, Metadata or Object
     * @throws StatusException 406 when nothing that is acceptable can be served
     */
    static View of(Accept accept, Endpoint endpoint, String includeObject, Instant now) {
        for (Accept.Type type : accept.types()) {
            if (type.json()) {
                switch (type.as()) {
                    case "" -> {
                        return new Whole(endpoint);
                    }
                    case "PartialObjectMetadata", "PartialObjectMetadataList" -> {
                        return new MetadataOnly();
                    }
                    case "Table" -> {
                        return new AsTable(endpoint, Tables.of(endpoint), includeObject, now);
                    }
                    default -> {}
                }
            }
        }
        throw Failures.of(
                406,
                "NotAcceptable",
                "only the following media types are accepted: application/json, application/json;as=Table;g=meta.k8s.io;v=v1",
                Json.object());
    }

    private static ObjectNode listOf(String apiVersion, String kind, Read.Page page) {
        ObjectNode list = Json.object();
        list.put("kind", kind);
        list.put("apiVersion", apiVersion);
        ObjectNode metadata = list.putObject("metadata");
        metadata.put("resourceVersion", Long.toString(page.version()));
        page.token().ifPresent(token -> metadata.put("continue", token));
        page.remaining().ifPresent(remaining -> metadata.put("remainingItemCount", remaining));
        return list;
    }

    private record Whole(Endpoint endpoint) implements View {

        @Override
        public JsonNode object(ObjectNode object) {
            return endpoint.show(object);
        }

        @Override
        public JsonNode list(Read.Page page) {
            ObjectNode list = listOf(endpoint.apiVersion(), endpoint.resource().listKind(), page);
            ArrayNode items = list.putArray("items");
            boolean custom = endpoint.resource().is(Resource.Trait.CUSTOM);
            for (ObjectNode object : page.objects()) {
                items.add(custom ? endpoint.show(object) : withoutKind(object));
            }
            return list;
        }

        /** The items of a typed list do not repeat what the list says. */
        private static ObjectNode withoutKind(ObjectNode object) {
            ObjectNode item = Json.object();
            item.setAll(object);
            item.remove("apiVersion");
            item.remove("kind");
            return item;
        }

        @Override
        public ObjectNode bookmark() {
            return Json.object().put("kind", endpoint.resource().kind()).put("apiVersion", endpoint.apiVersion());
        }
    }

    private record MetadataOnly() implements View {

        @Override
        public JsonNode object(ObjectNode object) {
            return partial(object);
        }

        static ObjectNode partial(ObjectNode object) {
            ObjectNode partial = Json.object();
            partial.put("kind", "PartialObjectMetadata").put("apiVersion", META);
            partial.set("metadata", object.path("metadata"));
            return partial;
        }

        @Override
        public JsonNode list(Read.Page page) {
            ObjectNode list = listOf(META, "PartialObjectMetadataList", page);
            ArrayNode items = list.putArray("items");
            page.objects().forEach(object -> items.add(partial(object)));
            return list;
        }

        @Override
        public ObjectNode bookmark() {
            return Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", META);
        }
    }

    private record AsTable(Endpoint endpoint, Tables table, String includeObject, Instant now) implements View {

        @Override
        public JsonNode object(ObjectNode object) {
            ObjectNode shown = empty();
            Json.child(shown, "metadata")
                    .set("resourceVersion", object.path("metadata").path("resourceVersion"));
            row(shown, object);
            return shown;
        }

        @Override
        public JsonNode list(Read.Page page) {
            ObjectNode shown = listOf(META, "Table", page);
            shown.set("columnDefinitions", table.columns());
            shown.putArray("rows");
            page.objects().forEach(object -> row(shown, object));
            return shown;
        }

        private void row(ObjectNode shown, ObjectNode object) {
            ObjectNode row = shown.withArray("rows").addObject();
            row.set("cells", table.cells(object, now));
            switch (includeObject) {
                case "None" -> {}
                case "Object" -> row.set("object", endpoint.show(object));
                default -> row.set("object", MetadataOnly.partial(object));
            }
        }

        private ObjectNode empty() {
            ObjectNode shown = Json.object();
            shown.put("kind", "Table").put("apiVersion", META);
            shown.putObject("metadata");
            shown.set("columnDefinitions", table.columns());
            shown.putArray("rows");
            return shown;
        }

        @Override
        public ObjectNode bookmark() {
            ObjectNode shown = empty();
            shown.remove("metadata");
            return shown;
        }
    }
}
