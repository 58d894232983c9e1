package dev.trimtab.sandbox.api.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;

/** One rule of a role, and what it covers; see {@code pkg/apis/rbac/v1/evaluation_helpers.go} of Kubernetes. */
record Rule(JsonNode json) {

    boolean covers(Action action) {
        if (!any("verbs", verb -> verb.equals("*") || verb.equals(action.verb()))) {
            return false;
        }
        return action.path().isEmpty()
                ? any("apiGroups", group -> group.equals("*") || group.equals(action.group()))
                        && any("resources", resource -> coversResource(resource, action))
                        && (json.path("resourceNames").isEmpty() || any("resourceNames", action.name()::equals))
                : any("nonResourceURLs", url -> coversPath(url, action.path()));
    }

    private static boolean coversResource(String resource, Action action) {
        return resource.equals("*")
                || resource.equals(action.what())
                || (!action.subresource().isEmpty() && resource.equals("*/" + action.subresource()));
    }

    private static boolean coversPath(String url, String path) {
        return url.equals("*")
                || url.equals(path)
                || (url.endsWith("*") && path.startsWith(url.substring(0, url.length() - 1)));
    }

    private boolean any(String field, Predicate<String> matches) {
        for (JsonNode value : json.path(field)) {
            if (matches.test(value.asText())) {
                return true;
            }
        }
        return false;
    }
}
