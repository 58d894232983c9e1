package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Json;
import java.util.ArrayList;
import java.util.List;

/** The {@code qosClass} of a pod; a rule of the Kubernetes documentation on pod quality of service. */
final class QualityOfService {

    private QualityOfService() {}

    static String of(ObjectNode spec) {
        List<ObjectNode> containers = new ArrayList<>(Json.objects(spec.path("initContainers")));
        containers.addAll(Json.objects(spec.path("containers")));
        boolean any = false;
        boolean guaranteed = true;
        for (ObjectNode container : containers) {
            JsonNode limits = container.path("resources").path("limits");
            JsonNode requests = container.path("resources").path("requests");
            for (String resource : List.of("cpu", "memory")) {
                any |= limits.has(resource) || requests.has(resource);
                guaranteed &= limits.has(resource) && limits.path(resource).equals(requests.path(resource));
            }
        }
        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }
}
