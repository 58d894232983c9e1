package dev.trimtab.health;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kube.ObjectKey;
import java.util.Set;

/**
 * How an object does, by what its own status says. For Kubernetes' kinds these are the rules that kstatus made common, and for
 * other kinds the conditions Ready, Reconciling and Stalled of the API conventions. Two rules are stricter, because a wait is
 * meant to be over when the work is done: a Job is healthy when it is complete, and a Service of type LoadBalancer when it has an
 * address.
 */
public sealed interface Health {

    /** It does what it is there for. */
    record Healthy() implements Health {}

    /** It is on its way, as far as can be seen. */
    record Progressing(String reason) implements Health {}

    /** It will not get there without somebody's help. */
    record Failed(String reason) implements Health {}

    /** Nothing in the object tells. */
    record Unknown(String reason) implements Health {}

    /** Kinds without a status that says more than that the object is there; Secrets among them, which nobody has to read for it. */
    static boolean isJustThere(ObjectKey key) {
        return JUST_THERE.contains(key.kind());
    }

    /** See {@link #isJustThere}. */
    Set<String> JUST_THERE = Set.of(
            "ConfigMap",
            "Secret",
            "ServiceAccount",
            "Role",
            "RoleBinding",
            "ClusterRole",
            "ClusterRoleBinding",
            "LimitRange",
            "ResourceQuota",
            "NetworkPolicy",
            "PriorityClass",
            "StorageClass",
            "IngressClass",
            "RuntimeClass");

    /**
     * Judges a live object.
     *
     * @param live as the API server sent it, with {@code metadata} and {@code status}
     */
    static Health of(JsonNode live) {
        JsonNode metadata = live.path("metadata");
        if (metadata.hasNonNull("deletionTimestamp")) {
            return new Progressing(
                    metadata.path("finalizers").isEmpty()
                            ? "it is being deleted"
                            : "it is being deleted; finalizers: " + metadata.path("finalizers"));
        }
        JsonNode observed = live.path("status").path("observedGeneration");
        long generation = metadata.path("generation").asLong(0);
        if (observed.isIntegralNumber() && observed.asLong() < generation) {
            return new Progressing(
                    "its controller has seen generation " + observed.asLong() + ", not yet " + generation);
        }
        String group = ObjectKey.groupOf(live.path("apiVersion").asText(""));
        String kind = live.path("kind").asText("");
        return switch (group) {
            case "apps", "apps.kruise.io" -> WorkloadHealth.of(group, kind, live);
            case "batch", "autoscaling", "policy", "", "apiextensions.k8s.io", "apiregistration.k8s.io" ->
                BuiltInHealth.of(kind, live);
            default -> ConditionHealth.of(live, group.endsWith(".k8s.io"));
        };
    }

    /** Whether a wait for this object has nothing left to wait for: it is well, or it has no way to say so. */
    default boolean settled() {
        return this instanceof Healthy || this instanceof Unknown;
    }

    /** Why it is not healthy, in words; empty when it is. */
    default String reason() {
        if (this instanceof Progressing progressing) {
            return progressing.reason;
        } else if (this instanceof Failed failed) {
            return failed.reason;
        } else if (this instanceof Unknown unknown) {
            return unknown.reason;
        }
        return "";
    }
}
