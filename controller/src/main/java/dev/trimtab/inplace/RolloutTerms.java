package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.inplace.UpdateStrategy.Hindrance;
import dev.trimtab.inplace.UpdateStrategy.Policy;
import java.util.Optional;
import java.util.Set;

/**
 * What a Deployment, StatefulSet or DaemonSet lets happen to its running pods. A container that restarts where it is makes its pod
 * unavailable for a moment, so what the workload says of that is its budget: the strategy that Git writes, else an annotation, else
 * one pod at a time as long as another is ready.
 */
public final class RolloutTerms {

    /** Annotation of a workload: {@code InPlaceIfPossible}, {@code InPlaceOnly} or {@code ReCreate}. */
    public static final String POLICY = "trimtab.dev/update-policy";

    /** Annotation of a workload: how many of its pods may be unavailable in a rollout in place, a number or a percentage. */
    public static final String MAX_UNAVAILABLE = "trimtab.dev/max-unavailable";

    private static final Set<String> KINDS = Set.of("Deployment", "StatefulSet", "DaemonSet");

    private RolloutTerms() {}

    /**
     * @param written the workload as Git has it: only there it shows what Git says and what the server made up
     * @param answer as the server has it, status included
     * @param policy of the sync, for workloads that do not say
     * @param running whether a rollout in place is under way, so that not all pods are alike
     * @return empty for kinds that keep no pods from a template
     */
    public static Optional<UpdateStrategy> of(JsonNode written, JsonNode answer, Policy policy, boolean running) {
        return UpdateStrategy.of(answer)
                .map(strategy -> KINDS.contains(strategy.kind()) && strategy.policy() == Policy.NATIVE
                        ? terms(written, answer, strategy, policy, running)
                        : strategy);
    }

    private static UpdateStrategy terms(
            JsonNode written, JsonNode answer, UpdateStrategy strategy, Policy policy, boolean running) {
        Policy wanted = switch (annotation(written, POLICY)) {
            case "InPlaceIfPossible" -> Policy.IN_PLACE_IF_POSSIBLE;
            case "InPlaceOnly" -> Policy.IN_PLACE_ONLY;
            case "ReCreate" -> Policy.NATIVE;
            default -> policy;
        };
        if (annotation(written, POLICY).equals("ReCreate")) {
            return strategy.recreating();
        }
        if (wanted == Policy.NATIVE || wanted == Policy.RECREATE) {
            return strategy;
        }
        if (!running && !settled(strategy.kind(), answer)) {
            // Pods of two templates run: only their own controller knows which is which.
            return strategy;
        }
        int replicas = replicas(strategy.kind(), answer);
        Optional<JsonNode> declared = declared(strategy.kind(), written);
        Optional<IntOrPercent> annotated =
                IntOrPercent.of(written.path("metadata").path("annotations").path(MAX_UNAVAILABLE));
        if (annotated.isPresent()) {
            int budget = annotated.get().down(replicas);
            return strategy.inPlace(
                    wanted,
                    budget,
                    budget > 0
                            ? Optional.empty()
                            : Optional.of(new Hindrance(
                                    MAX_UNAVAILABLE + " lets none of its pods be unavailable", Optional.empty())));
        }
        if (declared.isPresent()) {
            return declared(strategy, wanted, declared.get(), replicas);
        }
        return undeclared(strategy, wanted, replicas);
    }

    private static UpdateStrategy declared(UpdateStrategy strategy, Policy wanted, JsonNode declared, int replicas) {
        boolean allAtOnce = declared.path("type").asText("").equals("Recreate");
        if (allAtOnce && replicas > 1) {
            return strategy.inPlace(
                    wanted,
                    replicas,
                    Optional.of(new Hindrance(
                            "strategy.type Recreate says that old and new pods must not run side by side",
                            Optional.of("annotate it with " + MAX_UNAVAILABLE + " to restart in place"))));
        }
        int budget = strategy.maxUnavailable(replicas);
        return strategy.inPlace(
                wanted,
                budget,
                budget > 0
                        ? Optional.empty()
                        : Optional.of(new Hindrance(
                                "its strategy lets none of " + replicas + " pods be unavailable, and a container that"
                                        + " restarts in place is, for a moment",
                                advice())));
    }

    private static UpdateStrategy undeclared(UpdateStrategy strategy, Policy wanted, int replicas) {
        boolean alone = strategy.kind().equals("Deployment") && replicas < 2;
        return strategy.inPlace(
                wanted,
                1,
                alone
                        ? Optional.of(new Hindrance(
                                "no other replica would be ready while the only one restarts in place; its ordinary"
                                        + " rollout brings up a second pod first",
                                advice()))
                        : Optional.empty());
    }

    private static Optional<String> advice() {
        return Optional.of(
                "annotate it with " + MAX_UNAVAILABLE + ": \"1\" to restart in place, one pod after the other");
    }

    private static Optional<JsonNode> declared(String kind, JsonNode written) {
        JsonNode field = written.path("spec").path(kind.equals("Deployment") ? "strategy" : "updateStrategy");
        return field.isObject() && !field.isEmpty() ? Optional.of(field) : Optional.empty();
    }

    private static int replicas(String kind, JsonNode answer) {
        return kind.equals("DaemonSet")
                ? answer.path("status").path("desiredNumberScheduled").asInt(1)
                : answer.path("spec").path("replicas").asInt(1);
    }

    /** Whether all pods are of one template. Says the workload's own controller, of the generation before this change. */
    private static boolean settled(String kind, JsonNode answer) {
        JsonNode status = answer.path("status");
        return switch (kind) {
            case "Deployment" ->
                status.path("replicas").asInt(0) > 0
                        && status.path("replicas").asInt(0)
                                == status.path("updatedReplicas").asInt(0);
            case "StatefulSet" ->
                status.path("replicas").asInt(0) > 0
                        && (status.path("replicas").asInt(0)
                                        == status.path("updatedReplicas").asInt(0)
                                || status.path("currentRevision").equals(status.path("updateRevision")));
            default ->
                status.path("currentNumberScheduled").asInt(0) > 0
                        && status.path("currentNumberScheduled").asInt(0)
                                == status.path("updatedNumberScheduled").asInt(0);
        };
    }

    private static String annotation(JsonNode object, String key) {
        return object.path("metadata").path("annotations").path(key).asText("");
    }
}
