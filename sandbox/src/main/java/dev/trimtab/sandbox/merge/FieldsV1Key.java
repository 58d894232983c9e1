package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The keys of FieldsV1: {@code f:} a field, {@code k:} an item by key, {@code v:} an item by value, {@code i:} one by
 * place.
 */
final class FieldsV1Key {

    private static final ObjectMapper JSON = new ObjectMapper();

    private FieldsV1Key() {}

    static String write(PathElement element) {
        if (element instanceof PathElement.Field field) {
            return "f:" + field.name();
        }
        if (element instanceof PathElement.Key key) {
            ObjectNode object = JSON.createObjectNode();
            key.parts().forEach(part -> object.set(part.name(), part.value()));
            return "k:" + object;
        }
        return element instanceof PathElement.Value value
                ? "v:" + value.value()
                : "i:" + ((PathElement.Index) element).index();
    }

    /**
     * Reads a key.
     *
     * @return empty for elements of a sort this server does not know
     * @throws IllegalArgumentException the key is malformed
     */
    static Optional<PathElement> read(String key) {
        if (key.length() < 2 || key.charAt(1) != ':') {
            throw new IllegalArgumentException("missing colon: " + key);
        }
        String text = key.substring(2);
        return switch (key.charAt(0)) {
            case 'f' -> Optional.of(new PathElement.Field(text));
            case 'k' -> {
                List<PathElement.Key.Part> parts = new ArrayList<>();
                parse(text)
                        .properties()
                        .forEach(part -> parts.add(new PathElement.Key.Part(part.getKey(), part.getValue())));
                yield Optional.of(new PathElement.Key(parts));
            }
            case 'v' -> Optional.of(new PathElement.Value(parse(text)));
            case 'i' -> Optional.of(new PathElement.Index(Integer.parseInt(text)));
            default -> Optional.empty();
        };
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + json, e);
        }
    }
}
