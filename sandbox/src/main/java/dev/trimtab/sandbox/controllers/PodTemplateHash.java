package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;

/**
 * The label that keeps the pods of a Deployment's ReplicaSets apart. The value is stable, but not the one that another
 * cluster computes: nobody may rely on that.
 */
final class PodTemplateHash {

    static final String LABEL = "pod-template-hash";

    /** No vowels and nothing that looks like one, so that no word appears. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final int LENGTH = 10;
    private static final ObjectMapper SORTED =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    private PodTemplateHash() {}

    /** @param collisions how often the name that came of it was found taken by another template */
    static String of(JsonNode template, int collisions) {
        BigInteger rest = new BigInteger(ImageReference.sha256(canonical(template) + collisions), 16);
        StringBuilder hash = new StringBuilder();
        BigInteger base = BigInteger.valueOf(ALPHABET.length());
        for (int i = 0; i < LENGTH; i++) {
            BigInteger[] quotientAndRest = rest.divideAndRemainder(base);
            hash.append(ALPHABET.charAt(quotientAndRest[1].intValue()));
            rest = quotientAndRest[0];
        }
        return hash.toString();
    }

    /** Whether two templates differ in nothing but this label. */
    static boolean sameButForHash(JsonNode left, JsonNode right) {
        return Trees.same(withoutHash(left), withoutHash(right));
    }

    private static JsonNode withoutHash(JsonNode template) {
        if (!template.path("metadata").path("labels").has(LABEL)) {
            return template;
        }
        ObjectNode copy = template.deepCopy();
        copy.withObject("metadata").withObject("labels").remove(LABEL);
        return copy;
    }

    private static String canonical(JsonNode template) {
        try {
            return SORTED.writeValueAsString(template);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree in memory can be written", e);
        }
    }
}
