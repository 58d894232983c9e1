package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Services. Cluster addresses and node ports are handed out one after the other and not given back. */
final class ServiceStrategy implements Strategy {

    private static final int FIRST_ADDRESS = 10;
    private static final int FIRST_NODE_PORT = 30_000;
    private static final int NODE_PORTS = 2_768;

    private final AtomicInteger addresses = new AtomicInteger(FIRST_ADDRESS);
    private final AtomicInteger nodePorts = new AtomicInteger();

    @Override
    public void defaults(ObjectNode object) {
        ObjectNode spec = Json.child(object, "spec");
        Json.defaultTo(spec, "sessionAffinity", "None");
        Json.defaultTo(spec, "type", "ClusterIP");
        for (ObjectNode port : Json.objects(spec.path("ports"))) {
            Json.defaultTo(port, "protocol", "TCP");
            if (!port.hasNonNull("targetPort")) {
                port.set("targetPort", port.path("port"));
            }
        }
        String type = spec.path("type").asText();
        if (type.equals("ExternalName")) {
            return;
        }
        Json.defaultTo(spec, "internalTrafficPolicy", "Cluster");
        if (exposed(type)) {
            Json.defaultTo(spec, "externalTrafficPolicy", "Cluster");
        }
        if (type.equals("LoadBalancer")) {
            Json.defaultTo(spec, "allocateLoadBalancerNodePorts", true);
        }
        if (spec.path("sessionAffinity").asText().equals("ClientIP")) {
            Json.defaultTo(Json.child(Json.child(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds", 10_800);
        }
    }

    @Override
    public void beforeCreate(ObjectNode object, Instant now) {
        allocate(Json.child(object, "spec"));
        object.putObject("status").putObject("loadBalancer");
    }

    @Override
    public void beforeUpdate(ObjectNode next, ObjectNode live) {
        ObjectNode to = Json.child(next, "spec");
        JsonNode from = live.path("spec");
        if (!to.path("type").asText().equals("ExternalName")
                && !from.path("type").asText().equals("ExternalName")) {
            for (String field : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
                if (!to.hasNonNull(field) && from.has(field)) {
                    to.set(field, from.path(field));
                }
            }
        }
        if (exposed(to.path("type").asText())) {
            keepNodePorts(to, from);
        }
        allocate(to);
    }

    private static void keepNodePorts(ObjectNode to, JsonNode from) {
        for (ObjectNode port : Json.objects(to.path("ports"))) {
            for (JsonNode old : from.path("ports")) {
                if (!port.has("nodePort")
                        && old.has("nodePort")
                        && old.path("port").equals(port.path("port"))
                        && old.path("protocol").equals(port.path("protocol"))) {
                    port.set("nodePort", old.path("nodePort"));
                }
            }
        }
    }

    private void allocate(ObjectNode spec) {
        String type = spec.path("type").asText();
        if (type.equals("ExternalName")) {
            return;
        }
        if (spec.path("clusterIP").asText("").isEmpty()) {
            int number = addresses.getAndIncrement();
            spec.put("clusterIP", "10.96." + (number >> 8 & 0xff) + "." + (number & 0xff));
        }
        if (spec.path("clusterIPs").isEmpty()) {
            spec.putArray("clusterIPs").add(spec.path("clusterIP"));
        }
        if (spec.path("ipFamilies").isEmpty()) {
            spec.putArray("ipFamilies").add("IPv4");
        }
        Json.defaultTo(spec, "ipFamilyPolicy", "SingleStack");
        if (exposed(type)) {
            for (ObjectNode port : Json.objects(spec.path("ports"))) {
                if (port.path("nodePort").asInt() == 0) {
                    port.put("nodePort", FIRST_NODE_PORT + nodePorts.getAndIncrement() % NODE_PORTS);
                }
            }
        }
    }

    private static boolean exposed(String type) {
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }

    @Override
    public void validate(ObjectNode object, List<Cause> causes) {
        JsonNode spec = object.path("spec");
        String type = spec.path("type").asText();
        List<String> types = List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        if (!types.contains(type)) {
            causes.add(Cause.notSupported("spec.type", type, types));
        }
        JsonNode ports = spec.path("ports");
        boolean headless = spec.path("clusterIP").asText().equals("None");
        if (ports.isEmpty() && !headless && !type.equals("ExternalName")) {
            causes.add(Cause.required("spec.ports", ""));
        }
        Set<String> names = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            JsonNode port = ports.get(i);
            String field = "spec.ports[" + i + "]";
            int number = port.path("port").asInt();
            if (number < 1 || number > 65_535) {
                causes.add(Cause.invalidValue(
                        field + ".port", Integer.toString(number), "must be between 1 and 65535, inclusive"));
            }
            String name = port.path("name").asText("");
            if (name.isEmpty() && ports.size() > 1) {
                causes.add(Cause.required(field + ".name", ""));
            } else if (!name.isEmpty() && !names.add(name)) {
                causes.add(Cause.duplicate(field + ".name", name));
            }
            if (!numbers.add(number + "/" + port.path("protocol").asText())) {
                causes.add(new Cause("FieldValueDuplicate", field, "Duplicate value: " + port));
            }
        }
    }

    @Override
    public void validateUpdate(ObjectNode next, ObjectNode live, List<Cause> causes) {
        JsonNode to = next.path("spec").path("clusterIP");
        JsonNode from = live.path("spec").path("clusterIP");
        if (from.isTextual() && to.isTextual() && !to.equals(from)) {
            causes.add(Cause.invalidValue(
                    "spec.clusterIPs[0]", "[]string{\"" + to.asText() + "\"}", "may not change once set"));
        }
    }
}
