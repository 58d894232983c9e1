package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Checks that a body is about what its path is about. */
final class Bodies {

    private Bodies() {}

    /** Fills in a missing apiVersion and kind, refuses others. */
    static void checkKind(Endpoint endpoint, Catalog catalog, ObjectNode body) {
        String apiVersion = endpoint.apiVersion();
        String kind = endpoint.resource().kind();
        String sentVersion = fill(body, "apiVersion", apiVersion);
        String sentKind = fill(body, "kind", kind);
        if (sentKind.equals(kind)) {
            checkVersion(sentVersion, apiVersion);
        } else if (endpoint.resource().is(Resource.Trait.CUSTOM)) {
            checkVersion(sentVersion, apiVersion);
            throw wrongKind(sentKind, kind);
        } else {
            throw cannotBeHandled(endpoint, catalog, sentVersion, sentKind);
        }
    }

    static void checkKind(ObjectNode body, String apiVersion, String kind) {
        checkVersion(fill(body, "apiVersion", apiVersion), apiVersion);
        String sent = fill(body, "kind", kind);
        if (!sent.equals(kind)) {
            throw wrongKind(sent, kind);
        }
    }

    private static String fill(ObjectNode body, String field, String expected) {
        String sent = body.path(field).asText("");
        if (sent.isEmpty()) {
            body.put(field, expected);
            return expected;
        }
        return sent;
    }

    private static void checkVersion(String sent, String expected) {
        if (!sent.equals(expected)) {
            throw Failures.badRequest("the API version in the data (" + sent
                    + ") does not match the expected API version (" + expected + ")");
        }
    }

    private static StatusException wrongKind(String sent, String expected) {
        return Failures.badRequest(
                "the kind in the data (" + sent + ") does not match the expected kind (" + expected + ")");
    }

    /** Built-in kinds are converted rather than compared, so it is the conversion that fails. */
    private static StatusException cannotBeHandled(Endpoint endpoint, Catalog catalog, String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        String group = apiVersion.substring(0, Math.max(slash, 0));
        String version = apiVersion.substring(slash + 1);
        boolean known = catalog.all().stream()
                .anyMatch(resource -> resource.group().equals(group)
                        && resource.kind().equals(kind)
                        && !resource.is(Resource.Trait.CUSTOM));
        String expected = endpoint.resource().kind();
        return Failures.badRequest(kind + " in version \"" + version + "\" cannot be handled as a " + expected + ": "
                + (known
                        ? "converting (" + version + "." + kind + ") to ("
                                + goPackage(endpoint.resource().group()) + "." + expected + "): unknown conversion"
                        : "no kind \"" + kind + "\" is registered for version \"" + apiVersion
                                + "\" in scheme \"pkg/api/legacyscheme/scheme.go:30\""));
    }

    private static String goPackage(String group) {
        return group.isEmpty() ? "core" : group.split("\\.", 2)[0];
    }

    /** The body of an apply says its kind and version. */
    static void checkApplied(Endpoint endpoint, ObjectNode body) {
        String apiVersion = body.path("apiVersion").asText("");
        String kind = body.path("kind").asText("");
        if (!apiVersion.equals(endpoint.apiVersion())
                || !kind.equals(endpoint.resource().kind())) {
            throw Failures.badRequest("invalid object type: "
                    + (apiVersion.contains("/") ? apiVersion : "/" + apiVersion) + ", Kind=" + kind);
        }
    }

    static void checkNamespace(Resource resource, String namespace, ObjectNode body) {
        String sent = Json.namespace(body);
        if (resource.namespaced() ? !sent.isEmpty() && !sent.equals(namespace) : !sent.isEmpty()) {
            throw Failures.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    static void checkName(String name, ObjectNode body) {
        String sent = Json.name(body);
        if (sent.isEmpty()) {
            Json.metadata(body).put("name", name);
        } else if (!sent.equals(name)) {
            throw Failures.badRequest(
                    "the name of the object (" + sent + ") does not match the name on the URL (" + name + ")");
        }
    }
}
