package dev.trimtab.sandbox.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trimtab.sandbox.remote.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Requests to the judge, as they are on the wire. In paths, <code>{ns}</code> stands for the test class's own namespace. Bodies
 * are written in YAML and sent as JSON.
 */
final class Api {

    static final String JSON = "application/json";
    static final String JSON_PATCH = "application/json-patch+json";
    static final String MERGE_PATCH = "application/merge-patch+json";
    static final String STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json";
    static final String APPLY_PATCH = "application/apply-patch+yaml";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Connection connection;
    private final String namespace;
    private final List<String> impersonation;

    Api(Connection connection, String namespace) {
        this(connection, namespace, List.of());
    }

    private Api(Connection connection, String namespace, List<String> impersonation) {
        this.connection = connection;
        this.namespace = namespace;
        this.impersonation = impersonation;
    }

    /** The same, as the administrator speaks for somebody else. */
    Api as(String user, String... groups) {
        List<String> headers = new ArrayList<>(List.of("Impersonate-User", user));
        for (String group : groups) {
            headers.addAll(List.of("Impersonate-Group", group));
        }
        return new Api(connection, namespace, headers);
    }

    String namespace() {
        return namespace;
    }

    Answer get(String path) {
        return send("GET", path, "", "", JSON);
    }

    Answer get(String path, String accept) {
        return send("GET", path, "", "", accept);
    }

    Answer post(String path, String yaml) {
        return send("POST", path, JSON, tree(yaml).toString(), JSON);
    }

    Answer put(String path, JsonNode object) {
        return send("PUT", path, JSON, object.toString(), JSON);
    }

    Answer jsonPatch(String path, String yaml) {
        return patch(path, JSON_PATCH, yaml);
    }

    Answer merge(String path, String yaml) {
        return patch(path, MERGE_PATCH, yaml);
    }

    Answer strategic(String path, String yaml) {
        return patch(path, STRATEGIC_MERGE_PATCH, yaml);
    }

    /** Server-side apply; {@code path} may carry a query. */
    Answer apply(String path, String fieldManager, String yaml) {
        return patch(path + (path.contains("?") ? "&" : "?") + "fieldManager=" + fieldManager, APPLY_PATCH, yaml);
    }

    Answer patch(String path, String contentType, String yaml) {
        return send("PATCH", path, contentType, tree(yaml).toString(), JSON);
    }

    Answer delete(String path, String yamlOptions) {
        return send("DELETE", path, JSON, tree(yamlOptions).toString(), JSON);
    }

    /** Anything; empty content types and bodies are not sent. */
    Answer send(String method, String path, String contentType, String body, String accept) {
        HttpRequest.Builder request =
                connection.request(resolve(path)).timeout(PATIENCE).header("Accept", accept);
        if (!impersonation.isEmpty()) {
            request.headers(impersonation.toArray(String[]::new));
        }
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        request.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        HttpResponse<String> response = exchange(request.build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    /** @param path of a collection, with a query that says {@code watch=true} */
    Events watch(String path) {
        return watch(path, JSON);
    }

    Events watch(String path, String accept) {
        HttpRequest request =
                connection.request(resolve(path)).header("Accept", accept).build();
        HttpResponse<InputStream> response = exchange(request, BodyHandlers.ofInputStream());
        return new Events(response.statusCode(), response.body());
    }

    static JsonNode tree(String yaml) {
        return new ObjectMapper().valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml));
    }

    private String resolve(String path) {
        return path.replace("{ns}", namespace);
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        try {
            return connection.send(request, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
