package dev.trimtab.sandbox.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.StatusException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** JSON to and from one API server. Whatever goes wrong is a {@link StatusException}, 503 where nobody answered. */
final class Exchange {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int UNAVAILABLE = 503;

    private final Connection connection;
    private final ObjectMapper json = new ObjectMapper();

    Exchange(Connection connection) {
        this.connection = connection;
    }

    ObjectNode get(String path) {
        return send(connection.request(path).GET());
    }

    ObjectNode send(String method, String path, String contentType, JsonNode body) {
        return send(connection
                .request(path)
                .header("Content-Type", contentType)
                .method(method, BodyPublishers.ofString(body.toString())));
    }

    private ObjectNode send(HttpRequest.Builder request) {
        HttpResponse<InputStream> response = answer(
                request.timeout(PATIENCE).header("Accept", "application/json").build());
        try (InputStream body = response.body()) {
            return checked(response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    /** The lines of a watch; reading them ends with an IOException when the stream is closed by this side. */
    InputStream stream(String path) {
        HttpResponse<InputStream> response = answer(
                connection.request(path).header("Accept", "application/json").build());
        if (response.statusCode() == 200) {
            return response.body();
        }
        try (InputStream body = response.body()) {
            checked(response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
            throw new IOException("A watch was answered with " + response.statusCode());
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    ObjectNode parse(String text) {
        try {
            return (ObjectNode) json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("An API server that does not answer in JSON", e);
        }
    }

    private HttpResponse<InputStream> answer(HttpRequest request) {
        try {
            return connection.send(request, BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    private ObjectNode checked(int code, String body) {
        if (code < 400) {
            return parse(body);
        }
        throw new StatusException(
                code, body.startsWith("{") ? parse(body) : status(code, code == 404 ? "NotFound" : "", body.strip()));
    }

    private static StatusException unavailable(Exception cause) {
        StatusException unavailable =
                new StatusException(UNAVAILABLE, status(UNAVAILABLE, "ServiceUnavailable", cause.toString()));
        unavailable.initCause(cause);
        return unavailable;
    }

    private static ObjectNode status(int code, String reason, String message) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("status", "Failure")
                .put("message", message)
                .put("reason", reason)
                .put("code", code);
    }
}
