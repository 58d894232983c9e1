package dev.trimtab.sandbox.api.access;

/**
 * What somebody wants to do: a verb of RBAC, on a resource or, where {@code path} is not empty, on a path that is none.
 *
 * @param group empty for the core group
 * @param subresource empty for the object itself
 * @param namespace empty at the scope of the cluster, and for all namespaces
 * @param name empty where a request names no object
 * @param path empty for a resource
 */
public record Action(
        String verb, String group, String resource, String subresource, String namespace, String name, String path) {

    public static Action onPath(String verb, String path) {
        return new Action(verb, "", "", "", "", "", path);
    }

    /** As roles name it: with its subresource, if there is one. */
    String what() {
        return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }

    /** The same with another verb. */
    public Action with(String otherVerb) {
        return new Action(otherVerb, group, resource, subresource, namespace, name, path);
    }

    /** That somebody cannot do it, in the words of a real API server. */
    String refusalOf(User user) {
        String who = "User \"" + user.name() + "\" cannot " + verb;
        if (!path.isEmpty()) {
            return who + " path \"" + path + '"';
        }
        return who + " resource \"" + what() + "\" in API group \"" + group + '"'
                + (namespace.isEmpty() ? " at the cluster scope" : " in the namespace \"" + namespace + '"');
    }
}
