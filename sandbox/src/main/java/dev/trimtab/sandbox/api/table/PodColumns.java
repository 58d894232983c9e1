package dev.trimtab.sandbox.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Pods as {@code kubectl get pods} shows them. */
final class PodColumns {

    static final List<Column> COLUMNS = List.of(
            Column.objectName(),
            Column.text("Ready", PodColumns::ready),
            Column.text("Status", PodColumns::status),
            new Column("Restarts", "string", "", 0, "", PodColumns::restarts),
            Column.age(),
            Column.text("IP", pod -> orNone(pod.at("/status/podIP"))).wide(),
            Column.text("Node", pod -> orNone(pod.at("/spec/nodeName"))).wide(),
            Column.text("Nominated Node", pod -> orNone(pod.at("/status/nominatedNodeName")))
                    .wide(),
            Column.text("Readiness Gates", PodColumns::gates).wide());

    private PodColumns() {}

    static String orNone(JsonNode value) {
        return value.asText("").isEmpty() ? "<none>" : value.asText();
    }

    private static String ready(ObjectNode pod) {
        int ready = 0;
        for (JsonNode status : pod.at("/status/containerStatuses")) {
            ready += status.path("ready").asBoolean() && status.path("state").has("running") ? 1 : 0;
        }
        return ready + "/" + pod.at("/spec/containers").size();
    }

    private static String restarts(ObjectNode pod, Instant now) {
        int count = 0;
        Instant last = Instant.MIN;
        for (JsonNode status : pod.at("/status/containerStatuses")) {
            count += status.path("restartCount").asInt();
            JsonNode finished = status.at("/lastState/terminated/finishedAt");
            if (finished.isTextual() && Instant.parse(finished.asText()).isAfter(last)) {
                last = Instant.parse(finished.asText());
            }
        }
        return count == 0 || last.equals(Instant.MIN)
                ? Integer.toString(count)
                : count + " (" + Ages.text(Duration.between(last, now)) + " ago)";
    }

    /** The one word for the state of a pod: the most telling of its containers' reasons, or its phase. */
    private static String status(ObjectNode pod) {
        JsonNode status = pod.path("status");
        String word = status.path("reason").asText(status.path("phase").asText("Unknown"));
        String waitingForInit = initializing(pod);
        if (!waitingForInit.isEmpty()) {
            word = waitingForInit;
        } else {
            boolean running = false;
            for (int i = status.path("containerStatuses").size() - 1; i >= 0; i--) {
                JsonNode container = status.path("containerStatuses").get(i);
                String reason = reason(container.path("state"));
                if (!reason.isEmpty()) {
                    word = reason;
                } else {
                    running |= container.path("ready").asBoolean();
                }
            }
            if (word.equals("Completed") && running) {
                word = "Running";
            }
        }
        return pod.at("/metadata/deletionTimestamp").isTextual() ? "Terminating" : word;
    }

    private static String initializing(ObjectNode pod) {
        JsonNode statuses = pod.at("/status/initContainerStatuses");
        for (int i = 0; i < statuses.size(); i++) {
            JsonNode container = statuses.get(i);
            JsonNode state = container.path("state");
            boolean done = state.path("terminated").has("exitCode")
                    && state.path("terminated").path("exitCode").asInt() == 0;
            if (done || container.path("started").asBoolean()) {
                continue;
            }
            String reason = reason(state);
            return reason.isEmpty() || reason.equals("PodInitializing")
                    ? "Init:" + i + "/" + pod.at("/spec/initContainers").size()
                    : "Init:" + reason;
        }
        return "";
    }

    private static String reason(JsonNode state) {
        String waiting = state.path("waiting").path("reason").asText("");
        if (!waiting.isEmpty()) {
            return waiting;
        }
        JsonNode terminated = state.path("terminated");
        if (terminated.isMissingNode()) {
            return "";
        }
        return terminated
                .path("reason")
                .asText("ExitCode:" + terminated.path("exitCode").asInt());
    }

    private static String gates(ObjectNode pod) {
        JsonNode gates = pod.at("/spec/readinessGates");
        if (gates.isEmpty()) {
            return "<none>";
        }
        int met = 0;
        for (JsonNode gate : gates) {
            for (JsonNode condition : pod.at("/status/conditions")) {
                met += condition.path("type").equals(gate.path("conditionType"))
                                && condition.path("status").asText().equals("True")
                        ? 1
                        : 0;
            }
        }
        return met + "/" + gates.size();
    }
}
