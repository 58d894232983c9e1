package dev.trimtab.sandbox.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Has etcd forget all revisions but the last, as API servers do every few minutes, and leaves word of it where they look: by the
 * key from which they learn of each other's compactions. Speaks etcd's gateway for JSON.
 */
record Compaction(String etcd) implements Runnable {

    private static final String KEY = "compact_rev_key";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public void run() {
        long revision = call("range", JSON.createObjectNode().put("key", base64(KEY)))
                .at("/header/revision")
                .asLong();
        call("compaction", JSON.createObjectNode().put("revision", revision).put("physical", true));
        call("put", JSON.createObjectNode().put("key", base64(KEY)).put("value", base64(Long.toString(revision))));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode call(String what, ObjectNode body) {
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(etcd + "/v3/kv/" + what))
                                    .POST(BodyPublishers.ofString(body.toString()))
                                    .build(),
                            BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("etcd answers " + what + ": " + answer.body());
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException("No answer from etcd", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
