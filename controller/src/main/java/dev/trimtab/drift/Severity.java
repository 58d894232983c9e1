package dev.trimtab.drift;

import dev.trimtab.kube.ObjectKey;
import java.util.Set;

/** How urgent drift is: what opens or cuts the cluster for others wakes a person, the rest waits for the morning. */
public enum Severity {
    CRITICAL("critical"),
    WARNING("warning");

    private static final Set<String> GROUPS = Set.of(
            "",
            "apiextensions.k8s.io",
            "rbac.authorization.k8s.io",
            "networking.k8s.io",
            "admissionregistration.k8s.io");

    private static final Set<String> KINDS = Set.of(
            "Namespace",
            "Node",
            "CustomResourceDefinition",
            "Role",
            "RoleBinding",
            "ClusterRole",
            "ClusterRoleBinding",
            "NetworkPolicy",
            "MutatingWebhookConfiguration",
            "ValidatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding");

    private static final Set<String> WORKLOADS =
            Set.of("Deployment", "StatefulSet", "DaemonSet", "CloneSet", "ReplicaSet", "Job", "CronJob", "Pod");

    /** Where a cluster runs what it cannot do without. */
    private static final Set<String> NAMESPACES = Set.of("kube-system", "kube-flannel");

    private final String label;

    Severity(String label) {
        this.label = label;
    }

    /** The word in metrics, text and JSON. */
    public String label() {
        return label;
    }

    public static Severity of(Drift drift) {
        ObjectKey object = drift.object();
        boolean critical = (GROUPS.contains(object.group()) && KINDS.contains(object.kind()))
                || object.namespace().filter(NAMESPACES::contains).isPresent()
                || (drift.type() == DriftClass.MISSING && WORKLOADS.contains(object.kind()));
        return critical ? CRITICAL : WARNING;
    }
}
