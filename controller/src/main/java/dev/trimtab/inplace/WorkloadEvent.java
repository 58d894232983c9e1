package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A Kubernetes Event on a workload, for {@code kubectl describe}. */
public final class WorkloadEvent {

    /** What the API server takes of a message. */
    private static final int MESSAGE = 1024;

    private WorkloadEvent() {}

    /** @param component who says so */
    public static ObjectNode warning(
            ObjectNode workload, String reason, String message, Instant now, String component) {
        JsonNode metadata = workload.path("metadata");
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("apiVersion", "v1").put("kind", "Event").put("type", "Warning");
        event.putObject("metadata")
                .put("name", metadata.path("name").asText() + "." + Long.toHexString(now.toEpochMilli()))
                .set("namespace", metadata.path("namespace"));
        ObjectNode object = event.putObject("involvedObject");
        object.set("apiVersion", workload.path("apiVersion"));
        object.set("kind", workload.path("kind"));
        for (String field : List.of("namespace", "name", "uid", "resourceVersion")) {
            object.set(field, metadata.path(field));
        }
        event.put("reason", reason)
                .put("message", message.substring(0, Math.min(MESSAGE, message.length())))
                .put("firstTimestamp", time)
                .put("lastTimestamp", time)
                .put("count", 1)
                .put("reportingComponent", component)
                .put("reportingInstance", component);
        event.putObject("source").put("component", component);
        return event;
    }
}
