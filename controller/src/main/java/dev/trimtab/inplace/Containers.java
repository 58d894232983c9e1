package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What containers of a pod template say about themselves. */
final class Containers {

    private static final Pattern METADATA_FIELD = Pattern.compile("metadata\\.(labels|annotations)\\['(.+)'\\]");

    private Containers() {}

    /** True for an init container that runs beside the others all the pod's life and is restarted like them. */
    static boolean restartable(JsonNode initContainer) {
        return initContainer.path("restartPolicy").asText("").equals("Always");
    }

    static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    /** The labels and annotations that the container's environment takes its values from, as {@code metadata.labels[key]}. */
    static Set<String> metadataRead(JsonNode container) {
        Set<String> read = new TreeSet<>();
        for (JsonNode variable : container.path("env")) {
            Matcher field = METADATA_FIELD.matcher(variable.path("valueFrom")
                    .path("fieldRef")
                    .path("fieldPath")
                    .asText(""));
            if (field.matches()) {
                read.add("metadata." + field.group(1) + "[" + field.group(2) + "]");
            }
        }
        return read;
    }
}
