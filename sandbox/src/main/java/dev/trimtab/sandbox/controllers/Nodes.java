package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Registers nodes and gives every Node that someone else creates a machine as well: addresses, capacity, a pod network, Ready.
 * A Ready condition that is there already stays, so that whoever writes one can let a node fail. Cordoned nodes carry the taint
 * that a node lifecycle controller gives them. There are no heartbeats: at rest nothing is written.
 */
final class Nodes implements Controller {

    private static final String MANAGER = "kubelet";
    private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
    static final JsonNode UNSCHEDULABLE_TAINT =
            JsonNodeFactory.instance.objectNode().put("key", UNSCHEDULABLE).put("effect", "NoSchedule");
    private static final String VERSION = "v1.36.2";

    private final Loop loop;
    private final Informer nodes;
    private final Predicate<String> ours;

    /** @param ours names of the nodes that have their machines here */
    Nodes(Loop loop, Informers informers, Predicate<String> ours) {
        this.loop = loop;
        this.nodes = informers.of("nodes");
        this.ours = ours;
    }

    void start(List<String> names) {
        for (String name : names) {
            if (nodes.get(new Key("", name)).isEmpty()) {
                nodes.create(withMachine(registration(name)), MANAGER);
            }
        }
        nodes.onChange(this::changed);
    }

    private void changed(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (after != null && ours.test(ObjectMeta.name(after))) {
            loop.enqueue(this, Key.of(after));
        }
    }

    @Override
    public void reconcile(Key key) {
        nodes.get(key).ifPresent(node -> {
            ObjectNode wanted = withMachine(node);
            if (!wanted.equals(node)) {
                nodes.update(wanted, MANAGER);
                return;
            }
            if (unheard(Conditions.find(node, "Ready"))) {
                ObjectNode ready = node.deepCopy();
                ready.set("status", status(node, loop.now()));
                nodes.updateStatus(ready, MANAGER);
            }
        });
    }

    /** Nobody has written a Ready condition, or a node lifecycle controller did because no kubelet had. */
    private static boolean unheard(JsonNode ready) {
        return ready.isMissingNode() || ready.path("reason").asText().equals("NodeStatusUnknown");
    }

    static boolean ready(JsonNode node) {
        return Conditions.isTrue(node, "Ready");
    }

    static String internalIp(JsonNode node) {
        for (JsonNode address : node.path("status").path("addresses")) {
            if (address.path("type").asText().equals("InternalIP")) {
                return address.path("address").asText();
            }
        }
        return "127.0.0.1";
    }

    private static ObjectNode registration(String name) {
        ObjectNode node =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Node");
        node.putObject("metadata").put("name", name);
        node.putObject("spec");
        return node;
    }

    private ObjectNode withMachine(ObjectNode node) {
        ObjectNode changed = node.deepCopy();
        ObjectNode labels = changed.withObject("metadata").withObject("labels");
        labels.put("kubernetes.io/hostname", ObjectMeta.name(node));
        labels.put("kubernetes.io/os", "linux");
        labels.put("kubernetes.io/arch", "amd64");
        ObjectNode spec = changed.withObject("spec");
        if (!spec.hasNonNull("podCIDR")) {
            String range = unusedRange();
            spec.put("podCIDR", range);
            spec.putArray("podCIDRs").add(range);
        }
        markUnschedulable(spec);
        return changed;
    }

    private static void markUnschedulable(ObjectNode spec) {
        ArrayNode others = JsonNodeFactory.instance.arrayNode();
        JsonNode present = JsonNodeFactory.instance.missingNode();
        for (JsonNode taint : spec.path("taints")) {
            if (taint.path("key").asText().equals(UNSCHEDULABLE)) {
                present = taint;
            } else {
                others.add(taint);
            }
        }
        boolean cordoned = spec.path("unschedulable").asBoolean();
        if (cordoned == present.isObject()) {
            return;
        }
        if (cordoned) {
            others.add(UNSCHEDULABLE_TAINT);
        }
        if (others.isEmpty()) {
            spec.remove("taints");
        } else {
            spec.set("taints", others);
        }
    }

    /** 10.244.n.0/24 for the first n that no node has, as flannel's default network is cut. */
    private String unusedRange() {
        return unused(
                node -> node.path("spec").path("podCIDR").asText(),
                n -> "10." + (244 + n / 256) + "." + n % 256 + ".0/24");
    }

    private String unusedAddress() {
        return unused(Nodes::internalIp, n -> "192.168." + n / 200 + "." + (n % 200 + 10));
    }

    private String unused(Function<ObjectNode, String> property, IntFunction<String> numbered) {
        Set<String> taken = nodes.all().stream().map(property).collect(Collectors.toSet());
        return IntStream.iterate(0, n -> n + 1)
                .mapToObj(numbered)
                .filter(value -> !taken.contains(value))
                .findFirst()
                .orElseThrow();
    }

    private ObjectNode status(JsonNode node, Instant now) {
        ObjectNode status =
                node.path("status").isObject() ? node.path("status").deepCopy() : JsonNodeFactory.instance.objectNode();
        if (status.path("addresses").isEmpty()) {
            ArrayNode addresses = status.putArray("addresses");
            addresses.addObject().put("type", "InternalIP").put("address", unusedAddress());
            addresses.addObject().put("type", "Hostname").put("address", ObjectMeta.name(node));
        }
        capacity(status.putObject("capacity"));
        capacity(status.putObject("allocatable"));
        pressure(
                status, "MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available", now);
        pressure(status, "DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure", now);
        pressure(status, "PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available", now);
        Conditions.set(
                status, Conditions.condition("Ready", true, "KubeletReady", "kubelet is posting ready status"), now);
        status.withArray("conditions").forEach(condition -> {
            if (!condition.has("lastHeartbeatTime")) {
                ((ObjectNode) condition).put("lastHeartbeatTime", ObjectMeta.time(now));
            }
        });
        status.putObject("daemonEndpoints").putObject("kubeletEndpoint").put("Port", 10250);
        String id = ImageReference.sha256(ObjectMeta.uid(node));
        status.putObject("nodeInfo")
                .put("architecture", "amd64")
                .put("bootID", id.substring(0, 32))
                .put("containerRuntimeVersion", "containerd://2.2.1")
                .put("kernelVersion", "6.8.0")
                .put("kubeProxyVersion", "")
                .put("kubeletVersion", VERSION)
                .put("machineID", id.substring(0, 32))
                .put("operatingSystem", "linux")
                .put("osImage", "Sandbox")
                .put("systemUUID", id.substring(32));
        return status;
    }

    private static void pressure(ObjectNode status, String type, String reason, String message, Instant now) {
        Conditions.set(status, Conditions.condition(type, false, reason, message), now);
    }

    /** As many pods as the node's range has addresses, and room for anything that a test asks for. */
    private static void capacity(ObjectNode resources) {
        resources
                .put("cpu", "64")
                .put("memory", "256Gi")
                .put("ephemeral-storage", "1Ti")
                .put("pods", "250");
    }
}
