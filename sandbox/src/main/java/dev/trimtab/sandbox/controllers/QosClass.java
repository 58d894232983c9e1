package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A pod's quality of service class, from the requests and limits of its containers. */
final class QosClass {

    private static final List<String> COUNTED = List.of("cpu", "memory");

    private QosClass() {}

    static String of(JsonNode pod) {
        boolean any = false;
        boolean guaranteed = true;
        for (JsonNode spec : PodRun.containers(pod).toList()) {
            JsonNode requests = spec.path("resources").path("requests");
            JsonNode limits = spec.path("resources").path("limits");
            for (String resource : COUNTED) {
                any |= requests.has(resource) || limits.has(resource);
                guaranteed &= limits.has(resource)
                        && (!requests.has(resource) || requests.get(resource).equals(limits.get(resource)));
            }
        }
        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }
}
