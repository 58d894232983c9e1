package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The addresses behind each Service with a selector, in one EndpointSlice a Service: pods with an address, ready or on their
 * way out marked as such. Nothing routes traffic here; the slices are for those who look.
 */
final class EndpointSlices implements Controller {

    private static final String MANAGER = "kube-controller-manager";
    private static final String SERVICE = "kubernetes.io/service-name";

    private final Loop loop;
    private final Informer services;
    private final Informer slices;
    private final Informer pods;

    EndpointSlices(Loop loop, Informers informers) {
        this.loop = loop;
        this.services = informers.of("services");
        this.slices = informers.of("endpointslices.discovery.k8s.io");
        this.pods = informers.of("pods");
    }

    void start() {
        services.onChange((before, after) -> {
            if (after != null) {
                loop.enqueue(this, Key.of(after));
            }
        });
        pods.onChange(this::podChanged);
    }

    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        for (ObjectNode pod : new @Nullable ObjectNode[] {before, after}) {
            if (pod != null) {
                services.inNamespace(Key.of(pod).namespace()).stream()
                        .filter(service -> selects(service, pod))
                        .forEach(service -> loop.enqueue(this, Key.of(service)));
            }
        }
    }

    private static boolean selects(JsonNode service, JsonNode pod) {
        Map<String, String> selector = ObjectMeta.strings(service.path("spec").path("selector"));
        return !selector.isEmpty() && ObjectMeta.labels(pod).entrySet().containsAll(selector.entrySet());
    }

    @Override
    public void reconcile(Key key) {
        services.get(key)
                .filter(service -> !ObjectMeta.deleting(service))
                .filter(service -> !service.path("spec").path("selector").isEmpty())
                .ifPresent(this::publish);
    }

    private void publish(ObjectNode service) {
        List<ObjectNode> endpoints = pods.inNamespace(Key.of(service).namespace()).stream()
                .filter(pod -> selects(service, pod) && !PodState.finished(pod))
                .filter(pod -> pod.path("status").path("podIP").isTextual())
                .toList();
        ObjectNode present =
                slices.ownedBy(ObjectMeta.uid(service)).stream().findFirst().orElseGet(() -> empty(service));
        ObjectNode wanted = present.deepCopy();
        ArrayNode list = wanted.putArray("endpoints");
        endpoints.forEach(pod -> list.add(endpoint(service, pod)));
        wanted.set("ports", ports(service, endpoints));
        if (ObjectMeta.resourceVersion(present) == 0) {
            slices.create(wanted, MANAGER);
        } else if (!Trees.same(wanted, present)) {
            slices.update(wanted, MANAGER);
        }
    }

    private static ObjectNode empty(ObjectNode service) {
        ObjectNode slice = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "discovery.k8s.io/v1")
                .put("kind", "EndpointSlice")
                .put("addressType", "IPv4");
        ObjectNode metadata = slice.putObject("metadata");
        metadata.put("namespace", Key.of(service).namespace()).put("generateName", ObjectMeta.name(service) + "-");
        metadata.putObject("labels")
                .put("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io")
                .put(SERVICE, ObjectMeta.name(service));
        metadata.putArray("ownerReferences").add(ObjectMeta.controllerReference(service, "v1", "Service"));
        return slice;
    }

    private static ObjectNode endpoint(JsonNode service, ObjectNode pod) {
        boolean serving = PodState.ready(pod);
        boolean terminating = ObjectMeta.deleting(pod);
        boolean always = service.path("spec").path("publishNotReadyAddresses").asBoolean();
        ObjectNode endpoint = JsonNodeFactory.instance.objectNode();
        endpoint.putArray("addresses").add(pod.path("status").path("podIP"));
        endpoint.putObject("conditions")
                .put("ready", always || (serving && !terminating))
                .put("serving", serving)
                .put("terminating", terminating);
        endpoint.putObject("targetRef")
                .put("kind", "Pod")
                .put("namespace", Key.of(pod).namespace())
                .put("name", ObjectMeta.name(pod))
                .put("uid", ObjectMeta.uid(pod));
        return endpoint.put("nodeName", pod.path("spec").path("nodeName").asText());
    }

    private static ArrayNode ports(JsonNode service, List<ObjectNode> pods) {
        ArrayNode ports = JsonNodeFactory.instance.arrayNode();
        for (JsonNode port : service.path("spec").path("ports")) {
            int number = target(port, pods);
            if (number > 0) {
                ports.addObject()
                        .put("name", port.path("name").asText())
                        .put("port", number)
                        .put("protocol", port.path("protocol").asText("TCP"));
            }
        }
        return ports;
    }

    /** A named target port is looked up in the pods, which are taken to agree; 0 if none has it. */
    private static int target(JsonNode port, List<ObjectNode> pods) {
        JsonNode target = port.path("targetPort");
        if (!target.isTextual()) {
            return target.asInt(port.path("port").asInt());
        }
        return pods.stream()
                .flatMap(PodRun::containers)
                .flatMap(container ->
                        StreamSupport.stream(container.path("ports").spliterator(), false))
                .filter(declared -> declared.path("name").equals(target))
                .mapToInt(declared -> declared.path("containerPort").asInt())
                .findFirst()
                .orElse(0);
    }
}
