package dev.trimtab.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which objects an object names in its specification, whether they are in Git or not. References that are marked optional do not
 * count: what names them does without.
 */
final class References {

    private static final String RBAC = "rbac.authorization.k8s.io";

    /** From a ServiceAccount to the bindings that give it rights. */
    private final Map<ObjectKey, Set<ObjectKey>> bindings = new HashMap<>();

    References(Map<ObjectKey, ObjectNode> objects) {
        objects.forEach((key, json) -> {
            if (key.group().equals(RBAC) && key.kind().endsWith("Binding")) {
                for (JsonNode subject : json.path("subjects")) {
                    if (subject.path("kind").asText("").equals("ServiceAccount")) {
                        Optional<String> namespace = Optional.of(
                                        subject.path("namespace").asText(""))
                                .filter(text -> !text.isEmpty())
                                .or(key::namespace);
                        bindings.computeIfAbsent(
                                        new ObjectKey(
                                                "",
                                                "ServiceAccount",
                                                namespace,
                                                subject.path("name").asText("")),
                                        account -> new HashSet<>())
                                .add(key);
                    }
                }
            }
        });
    }

    Set<ObjectKey> of(ObjectKey key, ObjectNode json) {
        Set<ObjectKey> found = new HashSet<>();
        Collector into = new Collector(key, found);
        pods(into, podSpec(json));
        JsonNode spec = json.path("spec");
        for (JsonNode template : spec.path("volumeClaimTemplates")) {
            into.cluster("storage.k8s.io", "StorageClass", template.path("spec").path("storageClassName"));
        }
        switch (key.kind()) {
            case "PersistentVolumeClaim", "PersistentVolume" ->
                into.cluster("storage.k8s.io", "StorageClass", spec.path("storageClassName"));
            case "Ingress" -> into.cluster("networking.k8s.io", "IngressClass", spec.path("ingressClassName"));
            case "Gateway" -> into.cluster("gateway.networking.k8s.io", "GatewayClass", spec.path("gatewayClassName"));
            case "RoleBinding", "ClusterRoleBinding" -> {
                JsonNode role = json.path("roleRef");
                boolean namespaced = role.path("kind").asText("").equals("Role");
                into.add(RBAC, role.path("kind").asText(""), namespaced, role.path("name"));
            }
            default -> {}
        }
        return found;
    }

    private void pods(Collector into, JsonNode pod) {
        if (!pod.isObject()) {
            return;
        }
        String account =
                pod.path("serviceAccountName").asText(pod.path("serviceAccount").asText(""));
        if (!account.isEmpty()) {
            ObjectKey key = new ObjectKey("", "ServiceAccount", into.key.namespace(), account);
            into.found.add(key);
            into.found.addAll(bindings.getOrDefault(key, Set.of()));
        }
        into.cluster("scheduling.k8s.io", "PriorityClass", pod.path("priorityClassName"));
        into.cluster("node.k8s.io", "RuntimeClass", pod.path("runtimeClassName"));
        for (JsonNode secret : pod.path("imagePullSecrets")) {
            into.beside("Secret", secret, "name");
        }
        for (JsonNode volume : pod.path("volumes")) {
            into.beside("ConfigMap", volume.path("configMap"), "name");
            into.beside("Secret", volume.path("secret"), "secretName");
            into.beside("PersistentVolumeClaim", volume.path("persistentVolumeClaim"), "claimName");
            for (JsonNode source : volume.path("projected").path("sources")) {
                into.beside("ConfigMap", source.path("configMap"), "name");
                into.beside("Secret", source.path("secret"), "name");
            }
        }
        for (String list : new String[] {"initContainers", "containers"}) {
            for (JsonNode container : pod.path(list)) {
                for (JsonNode from : container.path("envFrom")) {
                    into.beside("ConfigMap", from.path("configMapRef"), "name");
                    into.beside("Secret", from.path("secretRef"), "name");
                }
                for (JsonNode variable : container.path("env")) {
                    into.beside("ConfigMap", variable.path("valueFrom").path("configMapKeyRef"), "name");
                    into.beside("Secret", variable.path("valueFrom").path("secretKeyRef"), "name");
                }
            }
        }
    }

    /** The pod that a workload makes, wherever the kind keeps it; missing where there is none. */
    static JsonNode podSpec(JsonNode json) {
        JsonNode spec = json.path("spec");
        if (json.path("kind").asText("").equals("Pod")) {
            return spec;
        }
        JsonNode template = spec.path(spec.has("jobTemplate") ? "jobTemplate" : "template");
        JsonNode pod =
                spec.has("jobTemplate") ? template.path("spec").path("template").path("spec") : template.path("spec");
        return pod.path("containers").isArray() ? pod : MissingNode.getInstance();
    }

    /** Gathers what one object names. */
    private record Collector(ObjectKey key, Set<ObjectKey> found) {

        void beside(String kind, JsonNode reference, String field) {
            if (!reference.path("optional").asBoolean(false)) {
                add("", kind, true, reference.path(field));
            }
        }

        void cluster(String group, String kind, JsonNode name) {
            add(group, kind, false, name);
        }

        void add(String group, String kind, boolean namespaced, JsonNode name) {
            if (name.isTextual() && !name.asText().isEmpty()) {
                found.add(new ObjectKey(group, kind, namespaced ? key.namespace() : Optional.empty(), name.asText()));
            }
        }
    }
}
