package dev.trimtab.sandbox.api.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a path like {@code /apis/apps/v1/namespaces/shop/deployments/web/scale} is about.
 *
 * @param group empty for the core group
 * @param namespace empty where the path names none
 * @param name empty for a collection
 * @param subresource empty for the object itself
 */
record ResourcePath(String group, String version, String namespace, String plural, String name, String subresource) {

    /** Empty when the path is not one of a resource. */
    static Optional<ResourcePath> parse(String path) {
        List<String> parts = new ArrayList<>(Arrays.asList(path.substring(1).split("/", -1)));
        if (parts.get(parts.size() - 1).isEmpty()) {
            parts.remove(parts.size() - 1);
        }
        if (parts.size() >= 3 && parts.get(0).equals("api")) {
            return rest("", parts.get(1), parts.subList(2, parts.size()));
        }
        if (parts.size() >= 4 && parts.get(0).equals("apis")) {
            return rest(parts.get(1), parts.get(2), parts.subList(3, parts.size()));
        }
        return Optional.empty();
    }

    private static Optional<ResourcePath> rest(String group, String version, List<String> parts) {
        String namespace = "";
        List<String> left = parts;
        if (parts.size() >= 3 && parts.get(0).equals("namespaces") && !ofNamespace(group, parts)) {
            namespace = parts.get(1);
            left = parts.subList(2, parts.size());
        }
        if (left.size() > 3 || left.stream().anyMatch(String::isEmpty)) {
            return Optional.empty();
        }
        return Optional.of(new ResourcePath(
                group,
                version,
                namespace,
                left.get(0),
                left.size() > 1 ? left.get(1) : "",
                left.size() > 2 ? left.get(2) : ""));
    }

    /** {@code namespaces/shop/status} is about the namespace, not about a resource named status. */
    private static boolean ofNamespace(String group, List<String> parts) {
        return group.isEmpty()
                && parts.size() == 3
                && (parts.get(2).equals("status") || parts.get(2).equals("finalize"));
    }
}
