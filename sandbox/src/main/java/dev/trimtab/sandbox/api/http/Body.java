package dev.trimtab.sandbox.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.trimtab.sandbox.api.Failures;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.schema.Field;
import dev.trimtab.sandbox.schema.Schemas;
import dev.trimtab.sandbox.schema.Type;
import dev.trimtab.sandbox.wire.MalformedMessage;
import dev.trimtab.sandbox.wire.Protobuf;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;

/** Reads what a client sends. */
final class Body {

    /** As the real server: 3 MiB, which is what its store can hold and some room. */
    private static final int LIMIT = 3 * 1024 * 1024;

    private static final Type.Struct DELETE_OPTIONS = Schemas.builtin()
            .type("policy", "v1", "Eviction")
            .flatMap(eviction -> eviction.field("deleteOptions"))
            .map(Field::type)
            .filter(Type.Struct.class::isInstance)
            .map(Type.Struct.class::cast)
            .orElseThrow();

    private Body() {}

    /** The media type without parameters; empty where the client says none. */
    static String mediaType(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Content-Type");
        return header == null ? "" : header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /**
     * The body as one object.
     *
     * @param type of the object; protobuf cannot be read without
     */
    static ObjectNode object(HttpExchange exchange, Type.Struct type) throws IOException {
        return switch (mediaType(exchange)) {
            case "", "application/json" -> asObject(json(bytes(exchange)));
            case "application/yaml", "application/x-yaml", "text/yaml" -> asObject(Yaml.read(bytes(exchange)));
            case Protobuf.MEDIA_TYPE -> protobuf(bytes(exchange), type);
            default ->
                throw Failures.unsupportedMediaType("the body of the request was in an unknown format - accepted"
                        + " media types include: application/json, application/yaml,"
                        + " application/vnd.kubernetes.protobuf");
        };
    }

    private static ObjectNode protobuf(byte[] bytes, Type.Struct type) {
        if (!Protobuf.encodes(type)) {
            throw Failures.unsupportedMediaType("the body of the request was in an unknown format - accepted"
                    + " media types include: application/json, application/yaml");
        }
        try {
            return Protobuf.read(bytes, type);
        } catch (MalformedMessage e) {
            throw Failures.badRequest("couldn't get version/kind; protobuf parse error: " + e.getMessage());
        }
    }

    /** The body of a DELETE, which may be left out. */
    static Optional<ObjectNode> optionalObject(HttpExchange exchange) throws IOException {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        boolean chunked = exchange.getRequestHeaders().containsKey("Transfer-Encoding");
        if (!chunked && (length == null || length.equals("0"))) {
            return Optional.empty();
        }
        return Optional.of(object(exchange, DELETE_OPTIONS));
    }

    static JsonNode json(byte[] bytes) {
        try {
            JsonNode node = Json.MAPPER.readTree(bytes);
            return node == null ? Json.MAPPER.missingNode() : node;
        } catch (JsonProcessingException e) {
            throw Failures.badRequest("couldn't get version/kind; json parse error: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw Failures.badRequest("error reading the body: " + e.getMessage());
        }
    }

    /** JSON is YAML, too, but reading it as JSON is many times faster. */
    static JsonNode jsonOrYaml(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '{') {
                return json(bytes);
            }
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                break;
            }
        }
        return Yaml.read(bytes);
    }

    static ObjectNode asObject(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw Failures.badRequest("couldn't get version/kind; json parse error: the body is not an object");
    }

    static byte[] bytes(HttpExchange exchange) throws IOException {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        if (length != null && Long.parseLong(length) > LIMIT) {
            throw Failures.tooLarge(LIMIT);
        }
        try (InputStream in = exchange.getRequestBody()) {
            byte[] bytes = in.readNBytes(LIMIT + 1);
            if (bytes.length > LIMIT) {
                throw Failures.tooLarge(LIMIT);
            }
            return bytes;
        }
    }
}
