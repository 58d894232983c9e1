package dev.trimtab.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.definition.Manifest;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which kinds live in a namespace. Known without a cluster for the kinds of Kubernetes itself, of OpenKruise and of this
 * project, and for every kind whose CustomResourceDefinition is in the same set.
 */
final class Scopes {

    enum Scope {
        NAMESPACED,
        CLUSTER
    }

    record GroupKind(String group, String kind) {}

    /** Group to its cluster-scoped kinds; every other kind of a group named here is namespaced (Kubernetes 1.36). */
    private static final Map<String, Set<String>> CLUSTER_SCOPED = Map.ofEntries(
            Map.entry("", Set.of("ComponentStatus", "Namespace", "Node", "PersistentVolume")),
            Map.entry(
                    "admissionregistration.k8s.io",
                    Set.of(
                            "MutatingAdmissionPolicy",
                            "MutatingAdmissionPolicyBinding",
                            "MutatingWebhookConfiguration",
                            "ValidatingAdmissionPolicy",
                            "ValidatingAdmissionPolicyBinding",
                            "ValidatingWebhookConfiguration")),
            Map.entry("apiextensions.k8s.io", Set.of("CustomResourceDefinition")),
            Map.entry("apiregistration.k8s.io", Set.of("APIService")),
            Map.entry("apps", Set.of()),
            Map.entry("autoscaling", Set.of()),
            Map.entry("batch", Set.of()),
            Map.entry("certificates.k8s.io", Set.of("CertificateSigningRequest", "ClusterTrustBundle")),
            Map.entry("coordination.k8s.io", Set.of()),
            Map.entry("discovery.k8s.io", Set.of()),
            Map.entry("events.k8s.io", Set.of()),
            Map.entry("flowcontrol.apiserver.k8s.io", Set.of("FlowSchema", "PriorityLevelConfiguration")),
            Map.entry("networking.k8s.io", Set.of("IPAddress", "IngressClass", "ServiceCIDR")),
            Map.entry("node.k8s.io", Set.of("RuntimeClass")),
            Map.entry("policy", Set.of()),
            Map.entry("rbac.authorization.k8s.io", Set.of("ClusterRole", "ClusterRoleBinding")),
            Map.entry("resource.k8s.io", Set.of("DeviceClass", "DeviceTaintRule", "ResourceSlice")),
            Map.entry("scheduling.k8s.io", Set.of("PriorityClass")),
            Map.entry(
                    "storage.k8s.io",
                    Set.of("CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass")),
            Map.entry("apps.kruise.io", Set.of("NodeImage", "NodePodProbe", "ResourceDistribution", "SidecarSet")),
            Map.entry("sync.trimtab.dev", Set.of()));

    private final Map<GroupKind, Scope> defined = new HashMap<>();

    Scopes(Collection<Manifest> manifests) {
        for (Manifest manifest : manifests) {
            if (isDefinition(manifest)) {
                JsonNode spec = manifest.json().path("spec");
                defined.put(
                        new GroupKind(
                                spec.path("group").asText(),
                                spec.path("names").path("kind").asText()),
                        spec.path("scope").asText().equals("Cluster") ? Scope.CLUSTER : Scope.NAMESPACED);
            }
        }
    }

    /** Empty when only a cluster could tell. */
    Optional<Scope> of(String group, String kind) {
        Scope scope = defined.get(new GroupKind(group, kind));
        if (scope == null && CLUSTER_SCOPED.containsKey(group)) {
            scope = CLUSTER_SCOPED.get(group).contains(kind) ? Scope.CLUSTER : Scope.NAMESPACED;
        }
        return Optional.ofNullable(scope);
    }

    static boolean isDefinition(Manifest manifest) {
        return manifest.key().kind().equals("CustomResourceDefinition")
                && manifest.key().group().equals("apiextensions.k8s.io");
    }
}
