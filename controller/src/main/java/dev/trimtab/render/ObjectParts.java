package dev.trimtab.render;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.SecretRef;

/** Parts of objects that several add-ons are made of. */
final class ObjectParts {

    static final String RBAC = "rbac.authorization.k8s.io/v1";

    private ObjectParts() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ObjectNode clusterScoped(String apiVersion, String kind, String name) {
        ObjectNode object = object().put("apiVersion", apiVersion).put("kind", kind);
        object.putObject("metadata").put("name", name);
        return object;
    }

    static ObjectNode namespaced(String apiVersion, String kind, String namespace, String name) {
        ObjectNode object = clusterScoped(apiVersion, kind, name);
        object.withObjectProperty("metadata").put("namespace", namespace);
        return object;
    }

    static ObjectNode labels(ObjectNode object) {
        return object.withObjectProperty("metadata").withObjectProperty("labels");
    }

    static ObjectNode annotations(ObjectNode object) {
        return object.withObjectProperty("metadata").withObjectProperty("annotations");
    }

    /** Of the core group. */
    static void rule(ArrayNode rules, String resource, String... verbs) {
        ObjectNode rule = rules.addObject();
        texts(rule, "apiGroups", "");
        texts(rule, "resources", resource);
        texts(rule, "verbs", verbs);
    }

    /** Gives a ServiceAccount the rights of a ClusterRole everywhere. */
    static ObjectNode clusterRoleBinding(String name, String role, String namespace, String account) {
        ObjectNode binding = clusterScoped(RBAC, "ClusterRoleBinding", name);
        binding.putObject("roleRef")
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", "ClusterRole")
                .put("name", role);
        binding.putArray("subjects")
                .addObject()
                .put("kind", "ServiceAccount")
                .put("name", account)
                .put("namespace", namespace);
        return binding;
    }

    /** Only nodes with this label take the pod. */
    static void required(ObjectNode pod, String label, String value) {
        ObjectNode expression = pod.putObject("affinity")
                .putObject("nodeAffinity")
                .putObject("requiredDuringSchedulingIgnoredDuringExecution")
                .putArray("nodeSelectorTerms")
                .addObject()
                .putArray("matchExpressions")
                .addObject()
                .put("key", label)
                .put("operator", "In");
        texts(expression, "values", value);
    }

    static void secret(ArrayNode env, String name, SecretRef secret) {
        env.addObject()
                .put("name", name)
                .putObject("valueFrom")
                .putObject("secretKeyRef")
                .put("name", secret.name())
                .put("key", secret.key());
    }

    static void fieldRef(ArrayNode env, String name, String path) {
        env.addObject()
                .put("name", name)
                .putObject("valueFrom")
                .putObject("fieldRef")
                .put("fieldPath", path);
    }

    static void texts(ObjectNode holder, String name, String... values) {
        ArrayNode list = holder.putArray(name);
        for (String value : values) {
            list.add(value);
        }
    }
}
