package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What a node's own conditions say of it. */
final class NodeConditions {

    /** A restart or a short outage is nobody's business. */
    static final Duration UNREADY_FOR = Duration.ofMinutes(5);

    private static final Map<String, String> PRESSURES = Map.of(
            "MemoryPressure", "memory",
            "DiskPressure", "disk",
            "PIDPressure", "process ids");

    private NodeConditions() {}

    /** @param flannel whether the definition has it, so that it has to report itself */
    static void check(LiveNode node, boolean flannel, Instant now, Findings findings) {
        ready(node, now, findings);
        PRESSURES.forEach((type, what) -> {
            JsonNode condition = node.condition(type);
            if (condition.path("status").asText("").equals("True")) {
                findings.of(
                        node.name(),
                        NodeCode.NODE_UNDER_PRESSURE,
                        Severity.WARNING,
                        type + ": " + said(condition),
                        "free " + what + " on the node; until then its pods are evicted and no others come");
            }
        });
        network(node, flannel, findings);
    }

    /** When a node that is not ready will have been so for too long. */
    static Optional<Instant> overdueAt(LiveNode node) {
        JsonNode ready = node.condition("Ready");
        return node.ready()
                ? Optional.empty()
                : time(ready.path("lastTransitionTime")).map(since -> since.plus(UNREADY_FOR));
    }

    private static void ready(LiveNode node, Instant now, Findings findings) {
        JsonNode ready = node.condition("Ready");
        if (ready.isMissingNode()) {
            findings.of(
                    node.name(),
                    NodeCode.NODE_OUT_OF_REACH,
                    Severity.WARNING,
                    "it has no condition Ready: its kubelet has not reported itself",
                    "look at the kubelet on the machine: systemctl status kubelet, journalctl -u kubelet");
        } else if (!node.ready() && overdueAt(node).map(at -> !now.isBefore(at)).orElse(true)) {
            findings.of(
                    node.name(),
                    NodeCode.NODE_NOT_READY,
                    Severity.WARNING,
                    "not ready since " + ready.path("lastTransitionTime").asText("an unknown time") + ": "
                            + said(ready),
                    "look at the kubelet on the machine: systemctl status kubelet, journalctl -u kubelet");
        }
    }

    private static void network(LiveNode node, boolean flannel, Findings findings) {
        JsonNode condition = node.condition("NetworkUnavailable");
        String status = condition.path("status").asText("");
        String reason = condition.path("reason").asText("");
        String look = "look at the flannel pod of the node: kubectl -n kube-flannel logs -l app=flannel";
        if (!status.isEmpty() && !status.equals("False")) {
            findings.of(
                    node.name(),
                    NodeCode.NETWORK_UNAVAILABLE,
                    Severity.WARNING,
                    "NetworkUnavailable is " + status + ": " + said(condition),
                    flannel ? look : "look at the network plugin's pod of the node");
        } else if (flannel && !reason.equals("FlannelIsUp")) {
            findings.of(
                    node.name(),
                    NodeCode.NETWORK_UNAVAILABLE,
                    Severity.WARNING,
                    status.isEmpty()
                            ? "flannel has not reported itself: there is no condition NetworkUnavailable"
                            : "NetworkUnavailable is False for the reason " + reason + ", not FlannelIsUp",
                    look);
        }
    }

    private static String said(JsonNode condition) {
        String message = condition.path("message").asText("");
        return condition.path("reason").asText("no reason given") + (message.isEmpty() ? "" : ", " + message);
    }

    static Optional<Instant> time(JsonNode text) {
        try {
            return text.isTextual() ? Optional.of(Instant.parse(text.textValue())) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
