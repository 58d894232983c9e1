package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Json;
import java.util.List;

/** The defaults of a pod's spec, in a pod as in a template. */
final class PodSpecDefaults {

    private static final int READABLE_BY_ALL = 0644;

    private PodSpecDefaults() {}

    /** Defaults the pod template at {@code template} of a workload's spec, or of a PodTemplate. */
    static void template(ObjectNode holder) {
        if (holder.get("template") instanceof ObjectNode template) {
            spec(Json.child(template, "spec"));
        }
    }

    static void spec(ObjectNode spec) {
        Json.defaultTo(spec, "restartPolicy", "Always");
        Json.defaultTo(spec, "terminationGracePeriodSeconds", 30);
        Json.defaultTo(spec, "dnsPolicy", "ClusterFirst");
        Json.child(spec, "securityContext");
        Json.defaultTo(spec, "schedulerName", "default-scheduler");
        String account = spec.path("serviceAccountName")
                .asText(spec.path("serviceAccount").asText(""));
        if (!account.isEmpty()) {
            spec.put("serviceAccountName", account);
            spec.put("serviceAccount", account);
        }
        boolean hostNetwork = spec.path("hostNetwork").asBoolean();
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            Json.objects(spec.path(list)).forEach(container -> container(container, hostNetwork));
        }
        Json.objects(spec.path("volumes")).forEach(PodSpecDefaults::volume);
    }

    private static void container(ObjectNode container, boolean hostNetwork) {
        Json.defaultTo(container, "terminationMessagePath", "/dev/termination-log");
        Json.defaultTo(container, "terminationMessagePolicy", "File");
        Json.defaultTo(
                container, "imagePullPolicy", pullPolicy(container.path("image").asText("")));
        for (ObjectNode port : Json.objects(container.path("ports"))) {
            Json.defaultTo(port, "protocol", "TCP");
            if (hostNetwork && port.path("hostPort").asInt() == 0) {
                port.set("hostPort", port.path("containerPort"));
            }
        }
        for (ObjectNode variable : Json.objects(container.path("env"))) {
            fieldRef(variable.path("valueFrom").path("fieldRef"));
        }
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.get(probe) instanceof ObjectNode present) {
                probe(present);
            }
        }
        for (String hook : List.of("postStart", "preStop")) {
            httpGet(container.path("lifecycle").path(hook).path("httpGet"));
        }
    }

    /** An image without a tag, or tagged latest, may be another one tomorrow. */
    static String pullPolicy(String image) {
        if (image.contains("@")) {
            return "IfNotPresent";
        }
        int colon = image.lastIndexOf(':');
        String tag = colon > image.lastIndexOf('/') ? image.substring(colon + 1) : "latest";
        return tag.equals("latest") ? "Always" : "IfNotPresent";
    }

    private static void probe(ObjectNode probe) {
        Json.defaultTo(probe, "timeoutSeconds", 1);
        Json.defaultTo(probe, "periodSeconds", 10);
        Json.defaultTo(probe, "successThreshold", 1);
        Json.defaultTo(probe, "failureThreshold", 3);
        httpGet(probe.path("httpGet"));
        if (probe.get("grpc") instanceof ObjectNode grpc) {
            Json.defaultTo(grpc, "service", "");
        }
    }

    private static void httpGet(JsonNode httpGet) {
        if (httpGet instanceof ObjectNode present) {
            Json.defaultTo(present, "path", "/");
            Json.defaultTo(present, "scheme", "HTTP");
        }
    }

    private static void fieldRef(JsonNode fieldRef) {
        if (fieldRef instanceof ObjectNode present) {
            Json.defaultTo(present, "apiVersion", "v1");
        }
    }

    private static void volume(ObjectNode volume) {
        if (volume.size() == 1) {
            volume.putObject("emptyDir");
        }
        for (String source : List.of("configMap", "secret", "projected", "downwardAPI")) {
            if (volume.get(source) instanceof ObjectNode present) {
                Json.defaultTo(present, "defaultMode", READABLE_BY_ALL);
            }
        }
        if (volume.get("hostPath") instanceof ObjectNode hostPath) {
            Json.defaultTo(hostPath, "type", "");
        }
        Json.objects(volume.path("downwardAPI").path("items")).forEach(item -> fieldRef(item.path("fieldRef")));
        for (ObjectNode source : Json.objects(volume.path("projected").path("sources"))) {
            Json.objects(source.path("downwardAPI").path("items")).forEach(item -> fieldRef(item.path("fieldRef")));
            if (source.get("serviceAccountToken") instanceof ObjectNode token) {
                Json.defaultTo(token, "expirationSeconds", 3600);
            }
        }
    }

    /** What only pods get: requests that follow from limits, and service links. */
    static void podOnly(ObjectNode spec) {
        Json.defaultTo(spec, "enableServiceLinks", true);
        for (String list : List.of("initContainers", "containers")) {
            for (ObjectNode container : Json.objects(spec.path(list))) {
                JsonNode limits = container.path("resources").path("limits");
                if (limits.isEmpty()) {
                    continue;
                }
                ObjectNode requests = Json.child(Json.child(container, "resources"), "requests");
                limits.properties().forEach(limit -> {
                    if (!requests.has(limit.getKey())) {
                        requests.set(limit.getKey(), limit.getValue());
                    }
                });
            }
        }
    }
}
