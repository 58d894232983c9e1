package dev.trimtab.inplace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Annotation of a pod template: by container and by ConfigMap or Secret, a digest of what is read of it when the container starts. With it a change of
 * those is a change of the template, and goes the way of all others.
 */
public final class ConfigMark {

    /** On the template; written by Trimtab. */
    public static final String ANNOTATION = "trimtab.dev/config";

    /** Annotation of a workload: {@code in-place} or {@code none}. */
    public static final String POLICY = "trimtab.dev/config-restart";

    static final String PATH = "metadata.annotations[" + ANNOTATION + "]";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ConfigMark() {}

    /** @param digests by container, and by kind and name of what it reads, such as {@code ConfigMap/settings} */
    public static String text(Map<String, Map<String, String>> digests) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        digests.forEach((container, objects) -> objects.forEach(json.putObject(container)::put));
        return json.toString();
    }

    /** By container, what it read at its start and is other now. What only one of the templates knows of is no change. */
    static SortedMap<String, Set<String>> changed(JsonNode oldTemplate, JsonNode newTemplate) {
        SortedMap<String, Set<String>> changed = new TreeMap<>();
        JsonNode was = read(oldTemplate);
        read(newTemplate).properties().forEach(container -> {
            JsonNode before = was.path(container.getKey());
            container.getValue().properties().forEach(object -> {
                if (before.has(object.getKey()) && !before.path(object.getKey()).equals(object.getValue())) {
                    changed.computeIfAbsent(container.getKey(), any -> new TreeSet<>())
                            .add(object.getKey());
                }
            });
        });
        return changed;
    }

    private static JsonNode read(JsonNode template) {
        try {
            return MAPPER.readTree(template.path("metadata")
                    .path("annotations")
                    .path(ANNOTATION)
                    .asText("{}"));
        } catch (JsonProcessingException unreadable) {
            return JsonNodeFactory.instance.objectNode();
        }
    }
}
