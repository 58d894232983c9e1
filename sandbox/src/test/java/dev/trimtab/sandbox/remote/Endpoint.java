package dev.trimtab.sandbox.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi.Served;

/**
 * A resource in one version.
 *
 * @param versionPath for instance {@code /apis/apps/v1}
 * @param plural for instance {@code deployments}
 */
record Endpoint(Served served, String apiVersion, String versionPath, String plural) {

    /** An empty namespace means all of them, or none for what is cluster-scoped. */
    String collection(String namespace) {
        return served.namespaced() && !namespace.isEmpty()
                ? versionPath + "/namespaces/" + namespace + "/" + plural
                : versionPath + "/" + plural;
    }

    String object(String namespace, String name, String subresource) {
        return collection(namespace) + "/" + name + (subresource.isEmpty() ? "" : "/" + subresource);
    }

    /** Items of a list lack what the list itself says. */
    ObjectNode withType(ObjectNode item) {
        return item.put("apiVersion", apiVersion).put("kind", served.kind());
    }
}
