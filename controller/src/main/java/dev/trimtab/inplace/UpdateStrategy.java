package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kube.ObjectKey;
import java.util.Optional;

/**
 * How a workload says its pods are to be updated, with the defaults and the rounding of the controller that does it: OpenKruise's
 * for a CloneSet, kube-controller-manager's for the kinds of group {@code apps}.
 */
public final class UpdateStrategy {

    /** What may happen to a pod whose template changed. */
    public enum Policy {
        /** Replaced, whatever changed. */
        RECREATE,
        /** Patched where it runs if that is possible, else replaced. */
        IN_PLACE_IF_POSSIBLE,
        /** Patched where it runs; what cannot be patched is refused. */
        IN_PLACE_ONLY,
        /** Left alone until somebody deletes it. */
        ON_DELETE,
        /** Replaced by a controller of Kubernetes itself. */
        NATIVE
    }

    private final String kind;
    private final Policy policy;
    private final String policyField;
    private final IntOrPercent partition;
    private final IntOrPercent maxUnavailable;
    private final IntOrPercent maxSurge;
    private final boolean paused;
    private final Optional<Hindrance> hindrance;

    /**
     * Why containers do not restart in place though the policy would let them.
     *
     * @param advice how to have it otherwise
     */
    record Hindrance(String text, Optional<String> advice) {}

    private UpdateStrategy(
            String kind,
            Policy policy,
            String policyField,
            IntOrPercent partition,
            IntOrPercent maxUnavailable,
            IntOrPercent maxSurge,
            boolean paused) {
        this(kind, policy, policyField, partition, maxUnavailable, maxSurge, paused, Optional.empty());
    }

    private UpdateStrategy(
            String kind,
            Policy policy,
            String policyField,
            IntOrPercent partition,
            IntOrPercent maxUnavailable,
            IntOrPercent maxSurge,
            boolean paused,
            Optional<Hindrance> hindrance) {
        this.kind = kind;
        this.policy = policy;
        this.policyField = policyField;
        this.partition = partition;
        this.maxUnavailable = maxUnavailable;
        this.maxSurge = maxSurge;
        this.paused = paused;
        this.hindrance = hindrance;
    }

    /** The same, paused by a person. */
    UpdateStrategy held() {
        return new UpdateStrategy(kind, policy, policyField, partition, maxUnavailable, maxSurge, true, hindrance);
    }

    /** The same for a workload of Kubernetes' own kinds of which somebody said how running pods may be changed. */
    UpdateStrategy inPlace(Policy other, int budget, Optional<Hindrance> why) {
        return new UpdateStrategy(
                kind,
                other,
                RolloutTerms.POLICY,
                partition,
                IntOrPercent.count(budget),
                IntOrPercent.ZERO,
                paused,
                why);
    }

    /** The same for a workload that asks for new pods itself, so that nobody is to be told to have it otherwise. */
    UpdateStrategy recreating() {
        return new UpdateStrategy(
                kind,
                policy,
                policyField,
                partition,
                maxUnavailable,
                maxSurge,
                paused,
                Optional.of(new Hindrance(
                        "its annotation " + RolloutTerms.POLICY + ": ReCreate asks for new pods", Optional.empty())));
    }

    /** Empty for kinds that keep no pods from a template. */
    public static Optional<UpdateStrategy> of(JsonNode workload) {
        String kind = workload.path("kind").asText("");
        JsonNode spec = workload.path("spec");
        return switch (ObjectKey.groupOf(workload.path("apiVersion").asText("")) + "/" + kind) {
            case "apps.kruise.io/CloneSet" -> Optional.of(ofCloneSet(spec));
            case "apps/Deployment" -> Optional.of(deployment(spec));
            case "apps/StatefulSet" -> Optional.of(statefulSet(spec.path("updateStrategy")));
            case "apps/DaemonSet" -> Optional.of(daemonSet(spec.path("updateStrategy")));
            case "apps/ReplicaSet" -> Optional.of(untouched(kind, Policy.ON_DELETE));
            case "batch/Job" -> Optional.of(untouched(kind, Policy.NATIVE));
            default -> Optional.empty();
        };
    }

    /**
     * The field's shape tells its version, not the object's {@code apiVersion}: v1beta1 moved everything but {@code type} below
     * {@code rollingUpdate}.
     */
    static UpdateStrategy ofCloneSet(JsonNode spec) {
        JsonNode field = spec.path("updateStrategy");
        String type = field.path("type").asText("");
        boolean beta = field.has("rollingUpdate") || type.equals("RollingUpdate") || type.equals("OnDelete");
        JsonNode numbers = beta ? field.path("rollingUpdate") : field;
        String named = beta ? numbers.path("podUpdatePolicy").asText("") : type;
        Policy policy = switch (type.equals("OnDelete") ? type : named) {
            case "InPlaceIfPossible" -> Policy.IN_PLACE_IF_POSSIBLE;
            case "InPlaceOnly" -> Policy.IN_PLACE_ONLY;
            case "OnDelete" -> Policy.ON_DELETE;
            default -> Policy.RECREATE;
        };
        return new UpdateStrategy(
                "CloneSet",
                policy,
                beta ? "updateStrategy.rollingUpdate.podUpdatePolicy" : "updateStrategy.type",
                IntOrPercent.of(numbers.path("partition")).orElse(IntOrPercent.ZERO),
                IntOrPercent.of(numbers.path("maxUnavailable")).orElse(IntOrPercent.percent(20)),
                IntOrPercent.of(numbers.path("maxSurge")).orElse(IntOrPercent.ZERO),
                numbers.path("paused").asBoolean(false));
    }

    private static UpdateStrategy deployment(JsonNode spec) {
        JsonNode strategy = spec.path("strategy");
        boolean allAtOnce = strategy.path("type").asText("").equals("Recreate");
        JsonNode numbers = strategy.path("rollingUpdate");
        return new UpdateStrategy(
                "Deployment",
                Policy.NATIVE,
                "",
                IntOrPercent.ZERO,
                allAtOnce
                        ? IntOrPercent.percent(100)
                        : IntOrPercent.of(numbers.path("maxUnavailable")).orElse(IntOrPercent.percent(25)),
                allAtOnce
                        ? IntOrPercent.ZERO
                        : IntOrPercent.of(numbers.path("maxSurge")).orElse(IntOrPercent.percent(25)),
                spec.path("paused").asBoolean(false));
    }

    private static UpdateStrategy statefulSet(JsonNode field) {
        JsonNode numbers = field.path("rollingUpdate");
        return new UpdateStrategy(
                "StatefulSet",
                onDeleteOr(field),
                "",
                IntOrPercent.of(numbers.path("partition")).orElse(IntOrPercent.ZERO),
                IntOrPercent.of(numbers.path("maxUnavailable")).orElse(IntOrPercent.count(1)),
                IntOrPercent.ZERO,
                false);
    }

    private static UpdateStrategy daemonSet(JsonNode field) {
        JsonNode numbers = field.path("rollingUpdate");
        return new UpdateStrategy(
                "DaemonSet",
                onDeleteOr(field),
                "",
                IntOrPercent.ZERO,
                IntOrPercent.of(numbers.path("maxUnavailable")).orElse(IntOrPercent.count(1)),
                IntOrPercent.of(numbers.path("maxSurge")).orElse(IntOrPercent.ZERO),
                false);
    }

    private static Policy onDeleteOr(JsonNode field) {
        return field.path("type").asText("").equals("OnDelete") ? Policy.ON_DELETE : Policy.NATIVE;
    }

    private static UpdateStrategy untouched(String kind, Policy policy) {
        return new UpdateStrategy(kind, policy, "", IntOrPercent.ZERO, IntOrPercent.ZERO, IntOrPercent.ZERO, false);
    }

    /** Present where containers must not restart in running pods; metadata may be patched all the same. */
    Optional<Hindrance> hindrance() {
        return hindrance;
    }

    /** The workload's kind, for instance {@code Deployment}. */
    public String kind() {
        return kind;
    }

    public Policy policy() {
        return policy;
    }

    /** Where the policy is written: below {@code spec} of a CloneSet, an annotation of other kinds; empty where it is fixed. */
    String policyField() {
        return policyField;
    }

    /**
     * How many pods stay at the old revision, from 0 to {@code replicas}. A percentage rounds up, but one below 100 % always leaves
     * a pod to update where there is more than one.
     */
    public int partition(int replicas) {
        int kept = partition.up(replicas);
        if (partition.percent() && partition.value() < 100 && kept >= replicas && replicas > 1) {
            return replicas - 1;
        }
        return Math.min(kept, replicas);
    }

    /**
     * How many pods may be unavailable during an update. A percentage rounds down where surge pods make up for it, else up; a
     * Deployment always rounds down, and takes 1 where that and the surge are both 0.
     */
    public int maxUnavailable(int replicas) {
        if (kind.equals("Deployment") && policy == Policy.NATIVE) {
            int down = maxUnavailable.down(replicas);
            return down == 0 && maxSurge(replicas) == 0 ? 1 : down;
        }
        return maxSurge(replicas) == 0 ? maxUnavailable.up(replicas) : maxUnavailable.down(replicas);
    }

    /** How many pods above {@code replicas} an update may use; a percentage rounds up; 0 while a CloneSet is paused. */
    public int maxSurge(int replicas) {
        return paused && kind.equals("CloneSet") ? 0 : maxSurge.up(replicas);
    }

    /** Updates do not begin; scaling, and updates that have begun, go on. */
    public boolean paused() {
        return paused;
    }
}
