package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A pod template that a CloneSet has or had, kept in a ControllerRevision so that a pod can be compared with what it was made from.
 *
 * @param number counts up; the template that is wanted has the highest
 */
record TemplateRevision(String name, String hash, long number, JsonNode template) {

    private static final ObjectMapper SORTED = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** Consonants and digits that spell no words and are not taken for each other. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final int MAX_LABEL = 63;

    static TemplateRevision of(ObjectNode controllerRevision) {
        JsonNode template =
                controllerRevision.path("data").path("spec").path("template").deepCopy();
        if (template instanceof ObjectNode fields) {
            fields.remove("$patch");
        }
        JsonNode metadata = controllerRevision.path("metadata");
        return new TemplateRevision(
                metadata.path("name").asText(),
                metadata.path("labels").path(CloneSetKeys.HASH).asText(),
                controllerRevision.path("revision").asLong(),
                template);
    }

    /** @param collisions how often the name was taken by a stranger; part of the hash */
    static TemplateRevision next(CloneSet cloneSet, int collisions, long number) {
        String hash = hash(cloneSet.template(), collisions);
        return new TemplateRevision(cloneSet.name() + "-" + hash, hash, number, cloneSet.template());
    }

    ObjectNode toJson(CloneSet owner) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("apiVersion", "apps/v1").put("kind", "ControllerRevision");
        ObjectNode metadata = json.putObject("metadata").put("name", name).put("namespace", owner.namespace());
        ObjectNode labels = metadata.putObject("labels");
        if (owner.spec().path("selector").path("matchLabels") instanceof ObjectNode selected) {
            labels.setAll(selected);
        }
        labels.put(CloneSetKeys.HASH, hash);
        metadata.putArray("ownerReferences").add(Owners.reference(owner));
        ObjectNode data = template.deepCopy();
        data.put("$patch", "replace");
        json.putObject("data").putObject("spec").set("template", data);
        json.put("revision", number);
        return json;
    }

    /** What a pod at this revision carries in its revision label. */
    String label() {
        return name.length() > MAX_LABEL ? hash : name;
    }

    /** True for the name, and for the bare hash that OpenKruise can be told to use. */
    boolean isLabelOf(PodView pod) {
        return pod.revision().equals(name) || pod.revision().equals(hash);
    }

    /** True when both templates make the same pods. */
    boolean sameAs(JsonNode other) {
        return TemplateDiff.between(template, other).isEmpty();
    }

    private static String hash(JsonNode template, int collisions) {
        try {
            String text = SORTED.writeValueAsString(SORTED.treeToValue(template, Object.class)) + "#" + collisions;
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            StringBuilder hash = new StringBuilder(10);
            for (int i = 0; i < 10; i++) {
                hash.append(ALPHABET.charAt((digest[i] & 0xff) % ALPHABET.length()));
            }
            return hash.toString();
        } catch (NoSuchAlgorithmException | com.fasterxml.jackson.core.JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
