package dev.trimtab.sandbox.api.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.api.LocalApi;
import java.util.List;

/** The roles without which nobody could find their way; those of the components and of {@code admin}, {@code edit} and {@code view} are not made. */
public final class BuiltinRoles {

    private static final String API_VERSION = "rbac.authorization.k8s.io/v1";

    private static final String HEALTH = "\"/healthz\", \"/livez\", \"/readyz\", \"/version\", \"/version/\"";

    /** Name, rules, and the groups that it is bound to. */
    private record Role(String name, String rules, List<String> groups) {}

    private static final List<Role> ROLES = List.of(
            new Role("cluster-admin", """
                    [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]},
                     {"nonResourceURLs": ["*"], "verbs": ["*"]}]
                    """, List.of("system:masters")),
            new Role("system:basic-user", """
                    [{"apiGroups": ["authorization.k8s.io"], "verbs": ["create"],
                      "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]},
                     {"apiGroups": ["authentication.k8s.io"], "verbs": ["create"], "resources": ["selfsubjectreviews"]}]
                    """, List.of("system:authenticated")),
            new Role("system:discovery", """
                    [{"nonResourceURLs": ["/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*", %s],
                      "verbs": ["get"]}]
                    """.formatted(HEALTH), List.of("system:authenticated")),
            new Role(
                    "system:public-info-viewer",
                    "[{\"nonResourceURLs\": [" + HEALTH + "], \"verbs\": [\"get\"]}]",
                    List.of("system:authenticated", "system:unauthenticated")));

    private BuiltinRoles() {}

    public static void create(LocalApi api) {
        for (Role role : ROLES) {
            ObjectNode clusterRole = object("ClusterRole", role.name());
            try {
                clusterRole.set("rules", Json.MAPPER.readTree(role.rules()));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
            api.create("clusterroles.rbac.authorization.k8s.io", clusterRole, "kube-apiserver");
            ObjectNode binding = object("ClusterRoleBinding", role.name());
            binding.putObject("roleRef")
                    .put("apiGroup", "rbac.authorization.k8s.io")
                    .put("kind", "ClusterRole")
                    .put("name", role.name());
            var subjects = binding.putArray("subjects");
            role.groups()
                    .forEach(group -> subjects.addObject()
                            .put("apiGroup", "rbac.authorization.k8s.io")
                            .put("kind", "Group")
                            .put("name", group));
            api.create("clusterrolebindings.rbac.authorization.k8s.io", binding, "kube-apiserver");
        }
    }

    private static ObjectNode object(String kind, String name) {
        ObjectNode object = Json.object();
        object.put("apiVersion", API_VERSION).put("kind", kind);
        Json.metadata(object).put("name", name);
        return object;
    }
}
