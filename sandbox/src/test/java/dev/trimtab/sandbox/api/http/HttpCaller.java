package dev.trimtab.sandbox.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.api.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Plain requests, so that a test shows exactly what goes over the wire. */
final class HttpCaller {

    record Answer(int code, String body, List<String> warnings) {

        JsonNode json() {
            try {
                return Json.MAPPER.readTree(body);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + body, e);
            }
        }

        JsonNode at(String pointer) {
            return json().at(pointer);
        }

        String text(String pointer) {
            return at(pointer).asText();
        }

        String version() {
            return text("/metadata/resourceVersion");
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;

    HttpCaller(URI server) {
        this.server = server;
    }

    Answer get(String path) {
        return send("GET", path, "application/json", "", "application/json");
    }

    Answer getAs(String path, String accept) {
        return send("GET", path, "application/json", "", accept);
    }

    Answer post(String path, String body) {
        return send("POST", path, "application/json", body, "application/json");
    }

    Answer put(String path, String body) {
        return send("PUT", path, "application/json", body, "application/json");
    }

    Answer delete(String path, String body) {
        return send("DELETE", path, "application/json", body, "application/json");
    }

    Answer merge(String path, String body) {
        return send("PATCH", path, "application/merge-patch+json", body, "application/json");
    }

    Answer strategic(String path, String body) {
        return send("PATCH", path, "application/strategic-merge-patch+json", body, "application/json");
    }

    Answer jsonPatch(String path, String body) {
        return send("PATCH", path, "application/json-patch+json", body, "application/json");
    }

    Answer apply(String path, String manager, String body) {
        String query = (path.contains("?") ? "&" : "?") + "fieldManager=" + manager;
        return send("PATCH", path + query, "application/apply-patch+yaml", body, "application/json");
    }

    Answer send(String method, String path, String type, String body, String accept) {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", type)
                .header("Accept", accept)
                .header("User-Agent", "test/1.0")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(), response.body(), response.headers().allValues("Warning"));
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** An open watch. Events are read one by one; reading waits. */
    Stream watch(String path) {
        return watchAs(path, "application/json");
    }

    Stream watchAs(String path, String accept) {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
                .header("Accept", accept)
                .build();
        try {
            return new Stream(http.send(request, HttpResponse.BodyHandlers.ofInputStream())
                    .body());
        } catch (IOException e) {
            throw new AssertionError(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static final class Stream implements AutoCloseable {

        private final InputStream in;
        private final BufferedReader lines;

        private Stream(InputStream in) {
            this.in = in;
            this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        }

        JsonNode next() {
            try {
                String line = lines.readLine();
                return line == null ? Json.MAPPER.missingNode() : Json.MAPPER.readTree(line);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        /** Type and name of the next event. */
        String nextName() {
            JsonNode event = next();
            return event.path("type").asText() + " "
                    + event.at("/object/metadata/name").asText();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
