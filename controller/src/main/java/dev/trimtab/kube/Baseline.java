package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How an object was when it was last as desired: what it costs nothing to keep and tells later whether it still is. Values that an
 * admission webhook made of ours are part of it, so they are never taken for a change.
 *
 * @param version resourceVersion
 * @param trace hash of what the metadata tells of us: uid, generation, the fields that we own and when we last changed one, and our
 *     labels and annotations. A watch or a metadata list shows it without the object
 * @param values hash of the fields that we own and of their values
 */
public record Baseline(String version, String trace, String values) {

    /** Empty when the manager owns nothing. */
    public static Optional<Baseline> of(ObjectNode object, String manager) {
        JsonNode metadata = object.path("metadata");
        return ManagedFields.ownedBy(metadata, manager)
                .map(ours -> new Baseline(
                        metadata.path("resourceVersion").asText(""), trace(metadata, ours), values(object, ours)));
    }

    /**
     * Whether metadata alone prove that nothing of ours changed since. Without a generation a second write of our own manager's name
     * within the same second leaves no trace but the version, so there another version is a doubt.
     */
    public boolean stands(JsonNode metadata, String manager) {
        boolean sameVersion = version.equals(metadata.path("resourceVersion").asText(""));
        return !metadata.has("deletionTimestamp")
                && (sameVersion || metadata.path("generation").asLong(0) > 0)
                && ManagedFields.ownedBy(metadata, manager)
                        .filter(ours -> trace.equals(trace(metadata, ours)))
                        .isPresent();
    }

    /** As {@link #stands}, and nobody else owns fields of ours: the object is what it was, and needs no look. */
    public boolean holds(JsonNode metadata, String manager) {
        return stands(metadata, manager)
                && new Takeover(manager, Set.of()).sharers(metadata, false).isEmpty();
    }

    /** The hash that {@link #values} has for the object as it is now; empty when the manager owns nothing. */
    public static Optional<String> valuesOf(ObjectNode object, String manager) {
        return ManagedFields.ownedBy(object.path("metadata"), manager).map(ours -> values(object, ours));
    }

    private static String trace(JsonNode metadata, ManagedFields.Entry ours) {
        ObjectNode trace = JsonNodeFactory.instance.objectNode();
        trace.put("uid", metadata.path("uid").asText(""));
        trace.put("generation", metadata.path("generation").asLong(0));
        trace.put("time", ours.time().map(Object::toString).orElse(""));
        trace.set("fields", ours.fields());
        trace.set("labels", ours.metadataMap(metadata, "labels"));
        trace.set("annotations", ours.metadataMap(metadata, "annotations"));
        return hash(trace);
    }

    private static String values(ObjectNode object, ManagedFields.Entry ours) {
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        values.set("fields", ours.fields());
        values.set("values", FieldsV1.project(object, ours.fields()));
        return hash(values);
    }

    /** 128 bits are enough to tell states of one object apart. */
    private static String hash(JsonNode tree) {
        try {
            byte[] bytes =
                    MessageDigest.getInstance("SHA-256").digest(sorted(tree).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String sorted(JsonNode tree) {
        StringBuilder text = new StringBuilder();
        write(tree, text);
        return text.toString();
    }

    private static void write(JsonNode node, StringBuilder text) {
        if (node.isObject()) {
            text.append('{');
            node.properties().stream().sorted(Map.Entry.comparingByKey()).forEach(field -> {
                text.append(JsonNodeFactory.instance.textNode(field.getKey())).append(':');
                write(field.getValue(), text);
                text.append(',');
            });
            text.append('}');
        } else if (node.isArray()) {
            text.append('[');
            node.forEach(item -> {
                write(item, text);
                text.append(',');
            });
            text.append(']');
        } else {
            text.append(node);
        }
    }
}
