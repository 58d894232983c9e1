package dev.trimtab.sandbox.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.api.LocalApi.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;

/** Where the server serves a resource. What was found once is taken to stay. */
final class Discovery {

    private final Exchange exchange;
    private final Map<String, Endpoint> found = new ConcurrentHashMap<>();

    Discovery(Exchange exchange) {
        this.exchange = exchange;
    }

    /** @param resource for instance {@code pods} or {@code deployments.apps} */
    Endpoint endpoint(String resource) {
        Endpoint known = found.get(resource);
        if (known != null) {
            return known;
        }
        int dot = resource.indexOf('.');
        List<Endpoint> candidates = dot < 0 ? core() : group(exchange.get("/apis/" + resource.substring(dot + 1)));
        candidates.forEach(endpoint -> found.putIfAbsent(endpoint.served().name(), endpoint));
        return Optional.ofNullable(found.get(resource))
                .orElseThrow(() -> new IllegalArgumentException("The server has no resource " + resource));
    }

    /** All that can be listed and watched, each in its group's preferred version if it is there. */
    List<Served> resources() {
        List<Endpoint> all = new ArrayList<>(core());
        exchange.get("/apis").path("groups").forEach(group -> all.addAll(group(group)));
        return all.stream().map(Endpoint::served).toList();
    }

    private List<Endpoint> core() {
        return version("", "v1", "/api/v1");
    }

    private List<Endpoint> group(JsonNode group) {
        String name = group.path("name").asText();
        List<String> versions = new ArrayList<>();
        versions.add(group.path("preferredVersion").path("version").asText());
        group.path("versions")
                .forEach(version -> versions.add(version.path("version").asText()));
        List<Endpoint> endpoints = new ArrayList<>();
        versions.stream().distinct().forEach(version -> {
            for (Endpoint endpoint : version(name, name + "/" + version, "/apis/" + name + "/" + version)) {
                if (endpoints.stream().noneMatch(other -> other.served().equals(endpoint.served()))) {
                    endpoints.add(endpoint);
                }
            }
        });
        return endpoints;
    }

    private List<Endpoint> version(String group, String apiVersion, String path) {
        return StreamSupport.stream(exchange.get(path).path("resources").spliterator(), false)
                .filter(resource -> !resource.path("name").asText().contains("/"))
                .filter(resource -> verbs(resource).containsAll(List.of("list", "watch")))
                .map(resource -> {
                    String plural = resource.path("name").asText();
                    return new Endpoint(
                            new Served(
                                    group.isEmpty() ? plural : plural + "." + group,
                                    group,
                                    resource.path("kind").asText(),
                                    resource.path("namespaced").asBoolean()),
                            apiVersion,
                            path,
                            plural);
                })
                .toList();
    }

    private static List<String> verbs(JsonNode resource) {
        return StreamSupport.stream(resource.path("verbs").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
