package dev.trimtab.sandbox.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.api.StatusException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes answers. */
final class Reply {

    private static final String JSON = "application/json";

    private Reply() {}

    static void json(HttpExchange exchange, int code, JsonNode body) throws IOException {
        bytes(exchange, code, JSON, Json.bytes(body));
    }

    static void text(HttpExchange exchange, int code, String body) throws IOException {
        bytes(exchange, code, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
    }

    static void failure(HttpExchange exchange, StatusException failure) throws IOException {
        JsonNode retryAfter = failure.status().path("details").path("retryAfterSeconds");
        if (retryAfter.isNumber()) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter.asText());
        }
        json(exchange, failure.code(), failure.status());
    }

    /** Sets the {@code Warning} headers, RFC 7234 with code 299 as kubectl shows them. */
    static void warnings(HttpExchange exchange, List<String> warnings) {
        for (String warning : warnings) {
            String quoted = warning.replace("\\", "\\\\").replace("\"", "\\\"");
            exchange.getResponseHeaders().add("Warning", "299 - \"" + quoted + '"');
        }
    }

    static void bytes(HttpExchange exchange, int code, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().putIfAbsent("Content-Type", List.of(type));
        exchange.getResponseHeaders().set("Cache-Control", "no-cache, private");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(code, -1);
            return;
        }
        exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
