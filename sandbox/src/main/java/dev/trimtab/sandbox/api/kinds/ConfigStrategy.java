package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** ConfigMaps and Secrets: at most 1 MiB, and fixed for ever where they say so. */
final class ConfigStrategy implements Strategy {

    private static final int LIMIT = 1024 * 1024;
    private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]+");

    private final boolean secret;

    ConfigStrategy(boolean secret) {
        this.secret = secret;
    }

    @Override
    public void defaults(ObjectNode object) {
        if (!secret) {
            return;
        }
        Json.defaultTo(object, "type", "Opaque");
        JsonNode plain = object.path("stringData");
        if (!plain.isEmpty()) {
            ObjectNode data = Json.child(object, "data");
            plain.properties().forEach(entry -> {
                byte[] bytes = entry.getValue().asText().getBytes(StandardCharsets.UTF_8);
                data.put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
            });
        }
        object.remove("stringData");
    }

    @Override
    public void validate(ObjectNode object, List<Cause> causes) {
        long size = 0;
        for (String field : List.of("data", "binaryData")) {
            boolean encoded = secret || field.equals("binaryData");
            for (Map.Entry<String, JsonNode> entry : object.path(field).properties()) {
                if (!KEY.matcher(entry.getKey()).matches()) {
                    causes.add(
                            Cause.invalid(
                                    field + "[" + entry.getKey() + "]",
                                    entry.getKey(),
                                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',"
                                            + "  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"));
                }
                size += bytes(entry.getValue().asText(), encoded);
            }
        }
        if (size > LIMIT) {
            causes.add(Cause.tooLong(secret ? "data" : "[]", LIMIT));
        }
    }

    private static long bytes(String text, boolean encoded) {
        return encoded
                ? text.length() / 4L * 3 - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0)
                : text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public void validateUpdate(ObjectNode next, ObjectNode live, List<Cause> causes) {
        if (secret) {
            // the value is not in the text: it is the type, not the data
            Metadata.immutable("type", type(next), type(live), causes);
        }
        if (!live.path("immutable").asBoolean()) {
            return;
        }
        if (!next.path("immutable").asBoolean()) {
            causes.add(Cause.forbidden("immutable", "field is immutable when `immutable` is set"));
        }
        for (String field : List.of("data", "binaryData")) {
            if (!Json.same(next.path(field), live.path(field))) {
                causes.add(Cause.forbidden(field, "field is immutable when `immutable` is set"));
            }
        }
    }

    private static JsonNode type(ObjectNode object) {
        return TextNode.valueOf(object.path("type").asText("Opaque"));
    }
}
