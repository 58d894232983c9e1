package dev.trimtab.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells a refusal because of fields that never change from one because of a mistake: the server's code is 422 for both. The words of
 * every cause must say so, and every field must be known to be one of these (Kubernetes API reference, validation of updates).
 */
final class ImmutableFields {

    private static final Pattern WORDS =
            Pattern.compile("immutable|may not (be changed|change)|cannot change|updates to .* are forbidden");

    private static final List<String> SELECTOR = List.of("spec.selector");
    private static final List<String> STATEFUL =
            List.of("spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates");
    private static final List<String> CONFIG = List.of("data", "binaryData", "immutable");

    private static final Map<String, List<String>> KNOWN = Map.ofEntries(
            Map.entry("apps/Deployment", SELECTOR),
            Map.entry("apps/DaemonSet", SELECTOR),
            Map.entry("apps/ReplicaSet", SELECTOR),
            Map.entry("apps/StatefulSet", STATEFUL),
            Map.entry("apps.kruise.io/CloneSet", List.of("spec.selector", "spec.volumeClaimTemplates")),
            Map.entry("apps.kruise.io/DaemonSet", SELECTOR),
            Map.entry("apps.kruise.io/StatefulSet", STATEFUL),
            Map.entry(
                    "batch/Job", List.of("spec.template", "spec.selector", "spec.completions", "spec.completionMode")),
            Map.entry("/ConfigMap", CONFIG),
            Map.entry("/Secret", List.of("data", "immutable", "type")),
            Map.entry("/Service", List.of("spec.clusterIP", "spec.clusterIPs")),
            Map.entry("/PersistentVolumeClaim", List.of("spec")),
            Map.entry("/PersistentVolume", List.of("spec")),
            Map.entry("rbac.authorization.k8s.io/RoleBinding", List.of("roleRef")),
            Map.entry("rbac.authorization.k8s.io/ClusterRoleBinding", List.of("roleRef")),
            Map.entry(
                    "storage.k8s.io/StorageClass",
                    List.of("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode")));

    private ImmutableFields() {}

    /**
     * Which known fields the refusal is about.
     *
     * @param wanted how the object would be if it were new
     * @return empty when anything else is wrong too, or may be
     */
    static List<String> of(ApiException refusal, ObjectNode live, ObjectNode wanted) {
        ObjectKey key = ObjectKey.of(live);
        List<String> known = KNOWN.getOrDefault(key.group() + "/" + key.kind(), List.of());
        List<String> found = new ArrayList<>();
        for (ApiException.Cause cause : refusal.causes()) {
            List<String> meant = known.stream()
                    .filter(path -> isAt(cause.field(), path)
                            // Of some kinds the server names nothing more exact than the specification.
                            || (cause.field().equals("spec") && !same(path, live, wanted)))
                    .filter(path -> !found.contains(path))
                    .toList();
            boolean repeated = found.stream().anyMatch(path -> isAt(cause.field(), path));
            if (!WORDS.matcher(cause.message()).find() || (meant.isEmpty() && !repeated)) {
                return List.of();
            }
            found.addAll(meant);
        }
        return refusal.errorClass() == ErrorClass.INVALID ? List.copyOf(found) : List.of();
    }

    /** A volume holds what nobody can make again. */
    static boolean isNeverRecreated(ObjectKey key) {
        return key.group().isEmpty()
                && (key.kind().equals("PersistentVolumeClaim") || key.kind().equals("PersistentVolume"));
    }

    private static boolean isAt(String field, String path) {
        return field.equals(path) || field.startsWith(path + ".") || field.startsWith(path + "[");
    }

    private static boolean same(String path, ObjectNode live, ObjectNode wanted) {
        return value(path, live).equals(value(path, wanted));
    }

    private static Optional<JsonNode> value(String path, ObjectNode object) {
        return Optional.of(object.at("/" + path.replace('.', '/'))).filter(value -> !value.isMissingNode());
    }
}
