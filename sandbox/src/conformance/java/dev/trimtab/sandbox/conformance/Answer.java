package dev.trimtab.sandbox.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpHeaders;
import java.util.List;

/** What came back. */
record Answer(int code, HttpHeaders headers, String body) {

    String contentType() {
        return header("Content-Type");
    }

    /** The first of that name; empty if there is none. */
    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** The texts of the {@code Warning} headers, in order. */
    List<String> warnings() {
        return headers.allValues("Warning").stream()
                .map(value -> value.replaceFirst("^299 - \"(.*)\"$", "$1").replace("\\\"", "\""))
                .toList();
    }

    /** This, or a failed test that shows why. */
    Answer ok() {
        if (code >= 300) {
            throw new AssertionError(code + ": " + body);
        }
        return this;
    }

    ObjectNode json() {
        try {
            return (ObjectNode) new ObjectMapper().readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + body, e);
        }
    }

    JsonNode at(String pointer) {
        return json().at(pointer);
    }

    String text(String pointer) {
        return at(pointer).asText();
    }

    /** Of a Status. */
    String reason() {
        return text("/reason");
    }

    /** Of a Status. */
    String message() {
        return text("/message");
    }

    String resourceVersion() {
        return text("/metadata/resourceVersion");
    }

    String uid() {
        return text("/metadata/uid");
    }

    long generation() {
        return at("/metadata/generation").asLong();
    }

    Ownership ownership() {
        return Ownership.of(json());
    }
}
