package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * One HTTP request.
 *
 * @param path with query, below the server's address
 * @param repeatable sending it twice has the effect of sending it once
 */
record Request(String method, String path, String accept, Optional<Content> content, boolean repeatable) {

    static final String JSON = "application/json";

    /** @param type the media type, which for a PATCH says how {@code body} is read */
    record Content(String type, JsonNode body) {}

    /** As {@link Traffic} hears it. */
    String verb() {
        return switch (method) {
            case "POST" -> "create";
            case "PATCH" ->
                content.filter(sent -> sent.type().startsWith("application/apply-patch"))
                                .isPresent()
                        ? "apply"
                        : "patch";
            case "DELETE" -> "delete";
            default -> "get";
        };
    }

    static Request get(String path) {
        return get(path, JSON);
    }

    static Request get(String path, String accept) {
        return new Request("GET", path, accept, Optional.empty(), true);
    }

    static Request post(String path, JsonNode body) {
        return new Request("POST", path, JSON, Optional.of(new Content(JSON, body)), false);
    }

    static Request patch(String path, String mediaType, JsonNode body, boolean repeatable) {
        return new Request("PATCH", path, JSON, Optional.of(new Content(mediaType, body)), repeatable);
    }

    static Request delete(String path, JsonNode options) {
        return new Request("DELETE", path, JSON, Optional.of(new Content(JSON, options)), true);
    }
}
