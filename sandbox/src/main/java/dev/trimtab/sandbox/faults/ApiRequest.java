package dev.trimtab.sandbox.faults;

/**
 * What a request asks for, in the words of RBAC.
 *
 * @param verb get, list, watch, create, update, patch, delete or deletecollection
 * @param resource plural, with its subresource if there is one: {@code deployments}, {@code pods/status}
 * @param namespace empty where the path names none
 * @param name empty for a collection
 */
public record ApiRequest(String verb, String resource, String namespace, String name) {

    /** @param httpMethod in capitals, as on the wire */
    public static ApiRequest of(
            String httpMethod, boolean watch, String plural, String subresource, String namespace, String name) {
        boolean collection = name.isEmpty();
        String verb = switch (httpMethod) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> collection ? "deletecollection" : "delete";
            default -> watch ? "watch" : collection ? "list" : "get";
        };
        return new ApiRequest(verb, subresource.isEmpty() ? plural : plural + "/" + subresource, namespace, name);
    }
}
