package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Inventory.Taint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Node as the server has it. */
record LiveNode(ObjectNode json) {

    String name() {
        return metadata().path("name").asText("");
    }

    String uid() {
        return metadata().path("uid").asText("");
    }

    JsonNode metadata() {
        return json.path("metadata");
    }

    Optional<String> annotation(String key) {
        return Optional.ofNullable(metadata().path("annotations").path(key).textValue());
    }

    JsonNode labels() {
        return metadata().path("labels");
    }

    boolean hasLabel(String key) {
        return labels().has(key);
    }

    boolean isControlPlane() {
        return hasLabel(RoleLabels.CONTROL_PLANE);
    }

    boolean cordoned() {
        return json.path("spec").path("unschedulable").asBoolean(false);
    }

    JsonNode taints() {
        return json.path("spec").path("taints");
    }

    /** Whether it waits for its first labels. */
    boolean isUninitialized() {
        for (JsonNode taint : taints()) {
            if (TaintDiff.isRegistration(taint)) {
                return true;
            }
        }
        return false;
    }

    /** As a Node's taint and one of Git are the same: by key and effect. */
    static boolean isSame(JsonNode live, Taint taint) {
        return live.path("key").asText("").equals(taint.key())
                && live.path("effect").asText("").equals(taint.effect().written());
    }

    List<String> internalAddresses() {
        List<String> addresses = new ArrayList<>();
        for (JsonNode address : json.path("status").path("addresses")) {
            if (address.path("type").asText("").equals("InternalIP")) {
                addresses.add(address.path("address").asText(""));
            }
        }
        return addresses;
    }

    JsonNode info(String field) {
        return json.path("status").path("nodeInfo").path(field);
    }

    String kubeletVersion() {
        return info("kubeletVersion").asText("");
    }

    /** What tells one machine from another, whatever its name; empty until the kubelet has reported it. */
    Optional<String> machine() {
        String machine = info("machineID").asText("");
        String system = info("systemUUID").asText("");
        return machine.isEmpty() && system.isEmpty() ? Optional.empty() : Optional.of(machine + "/" + system);
    }

    JsonNode condition(String type) {
        for (JsonNode condition : json.path("status").path("conditions")) {
            if (condition.path("type").asText("").equals(type)) {
                return condition;
            }
        }
        return json.path("status").path("conditions").path("none");
    }

    boolean ready() {
        return condition("Ready").path("status").asText("").equals("True");
    }

    List<String> podCidrs() {
        List<String> ranges = new ArrayList<>();
        json.path("spec").path("podCIDRs").forEach(range -> ranges.add(range.asText("")));
        if (ranges.isEmpty() && json.path("spec").hasNonNull("podCIDR")) {
            ranges.add(json.path("spec").path("podCIDR").asText(""));
        }
        ranges.removeIf(String::isEmpty);
        return ranges;
    }
}
