package dev.trimtab.kube;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Paths of the Kubernetes API. */
final class ResourcePath {

    private ResourcePath() {}

    /** {@code /api/v1} or {@code /apis/GROUP/VERSION}. */
    static String groupVersion(String apiVersion) {
        return apiVersion.indexOf('/') < 0 ? "/api/" + segment(apiVersion) : "/apis/" + apiVersion;
    }

    static String collection(ResourceType type, Optional<String> namespace) {
        return groupVersion(type.apiVersion())
                + (type.namespaced()
                        ? namespace.map(ns -> "/namespaces/" + segment(ns)).orElse("")
                        : "")
                + "/" + type.plural();
    }

    /** Where an object is created: of a namespaced kind only in a namespace. */
    static String home(ResourceType type, Optional<String> namespace, String name) {
        if (type.namespaced() && namespace.isEmpty()) {
            throw new ApiException(
                    400,
                    ErrorClass.INVALID,
                    type.kind() + " " + name + ": objects of this kind live in a namespace, and none is named; set"
                            + " metadata.namespace",
                    List.of(),
                    Optional.empty());
        }
        return collection(type, namespace);
    }

    static String object(ResourceType type, Optional<String> namespace, String name, String subresource) {
        return home(type, namespace, name) + "/" + segment(name) + (subresource.isEmpty() ? "" : "/" + subresource);
    }

    /** {@code ?a=b&c=d}, without the empty ones. */
    static String query(Map<String, String> parameters) {
        String query = parameters.entrySet().stream()
                .filter(parameter -> !parameter.getValue().isEmpty())
                .map(parameter -> parameter.getKey() + "=" + segment(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
