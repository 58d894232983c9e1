package dev.trimtab.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** A content address: {@code sha256:} and 64 hex digits. */
public record Digest(String value) {

    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** The digest of a tree's canonical JSON: keys sorted, no white space. The order of lists counts. */
    public static Digest of(JsonNode tree) {
        try {
            Object sorted = CANONICAL.treeToValue(tree, Object.class);
            byte[] bytes = CANONICAL.writeValueAsBytes(sorted == null ? Map.of() : sorted);
            return new Digest("sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("a JSON tree can always be written and every JDK has SHA-256", e);
        }
    }

    /** The first 12 hex digits, as people quote it. */
    public String shortForm() {
        return value.substring("sha256:".length(), "sha256:".length() + 12);
    }
}
