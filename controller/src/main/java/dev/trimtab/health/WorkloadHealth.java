package dev.trimtab.health;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.codes.Count;
import dev.trimtab.inplace.RolloutRecord;
import dev.trimtab.inplace.UpdateStrategy;
import java.util.Optional;

/**
 * Workloads: enough pods, all of them of the newest template that the strategy asks for, all of them available, no old ones left.
 * A number that a status leaves out is 0, and a status that was never written says nothing.
 */
final class WorkloadHealth {

    private WorkloadHealth() {}

    static Health of(String group, String kind, JsonNode live) {
        if (group.equals("apps") && RolloutRecord.marks(live.path("metadata"))) {
            // Its own controller is held back, so its status says nothing of the template.
            return RolloutRecord.undone(live)
                    .<Health>map(why -> new Health.Failed("its rollout in place was taken back: " + why))
                    .orElseGet(() -> new Health.Progressing("a rollout in place is under way"));
        }
        return switch (group + "/" + kind) {
            case "apps/Deployment" -> deployment(live);
            case "apps/ReplicaSet" -> replicaSet(live);
            case "apps/StatefulSet" -> statefulSet(live);
            case "apps/DaemonSet" -> daemonSet(live);
            case "apps.kruise.io/CloneSet" -> cloneSet(live);
            default -> ConditionHealth.of(live, group.equals("apps"));
        };
    }

    private static Health deployment(JsonNode live) {
        Optional<Health> obstacle =
                notSeen(live).or(() -> deadlineExceeded(live)).or(() -> cannotCreate(live));
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        int wanted = replicas(live);
        int updated = number(live, "updatedReplicas");
        int all = number(live, "replicas");
        if (updated < wanted) {
            String paused = live.path("spec").path("paused").asBoolean(false) ? "; it is paused" : "";
            return new Health.Progressing(updated + " of " + wanted + " pods are updated" + paused);
        }
        if (all > updated) {
            return new Health.Progressing((all - updated) + " old pods are still there");
        }
        return available(live, "availableReplicas", wanted);
    }

    private static Health replicaSet(JsonNode live) {
        Optional<Health> obstacle = notSeen(live).or(() -> cannotCreate(live));
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        int wanted = replicas(live);
        int all = number(live, "replicas");
        if (all > wanted) {
            return new Health.Progressing(Count.of(all - wanted, "pod") + " too many");
        }
        return available(live, "availableReplicas", wanted);
    }

    private static Health statefulSet(JsonNode live) {
        Optional<Health> obstacle = notSeen(live);
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        int wanted = replicas(live);
        int all = number(live, "replicas");
        if (all > wanted) {
            return new Health.Progressing(Count.of(all - wanted, "pod") + " too many");
        }
        Optional<Health> notUpdated = onDelete(live) ? Optional.empty() : partlyUpdated(live, wanted);
        return notUpdated.orElseGet(() -> available(live, "readyReplicas", wanted));
    }

    private static Optional<Health> partlyUpdated(JsonNode live, int wanted) {
        int kept = UpdateStrategy.of(live).map(s -> s.partition(wanted)).orElse(0);
        JsonNode status = live.path("status");
        boolean oneRevision = status.path("currentRevision")
                .asText("")
                .equals(status.path("updateRevision").asText(""));
        int updated = oneRevision ? wanted : number(live, "updatedReplicas");
        return updated < wanted - kept
                ? Optional.of(new Health.Progressing(updated + " of " + (wanted - kept) + " pods are updated"))
                : Optional.empty();
    }

    private static Health daemonSet(JsonNode live) {
        Optional<Health> obstacle = notSeen(live);
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        int wanted = number(live, "desiredNumberScheduled");
        int updated = number(live, "updatedNumberScheduled");
        if (updated < wanted && !onDelete(live)) {
            return new Health.Progressing(updated + " of " + wanted + " pods are updated");
        }
        return available(live, "numberAvailable", wanted);
    }

    /**
     * {@code expectedUpdatedReplicas} is replicas without the partition; where the status does not hold it, it follows from the
     * strategy, whose fields stand at different places in v1alpha1 and v1beta1. A pod that is updated in place counts as
     * available again only once its readiness gate InPlaceUpdateReady is true.
     */
    private static Health cloneSet(JsonNode live) {
        Optional<Health> obstacle = notSeen(live)
                .or(() -> deadlineExceeded(live))
                .or(() ->
                        RolloutRecord.undone(live).map(why -> new Health.Failed("its update was taken back: " + why)));
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        int wanted = replicas(live);
        Optional<UpdateStrategy> strategy = UpdateStrategy.of(live);
        int computed = wanted - strategy.map(s -> s.partition(wanted)).orElse(0);
        JsonNode status = live.path("status");
        int expected = status.path("expectedUpdatedReplicas").asInt(computed);
        int all = number(live, "replicas");
        if (all < wanted) {
            return new Health.Progressing(all + " of " + wanted + " pods are there");
        }
        int updated = number(live, "updatedReplicas");
        boolean touched =
                strategy.map(s -> s.policy() != UpdateStrategy.Policy.ON_DELETE).orElse(true);
        if (touched && updated < expected) {
            String paused = strategy.filter(UpdateStrategy::paused).isPresent() ? "; it is paused" : "";
            return new Health.Progressing(updated + " of " + expected + " pods are updated" + paused);
        }
        int updatedAvailable = number(live, "updatedAvailableReplicas");
        if (touched && updatedAvailable < expected) {
            return new Health.Progressing(updatedAvailable + " of " + expected + " updated pods are available");
        }
        return available(live, "availableReplicas", wanted);
    }

    private static Optional<Health> notSeen(JsonNode live) {
        return live.path("status").path("observedGeneration").isIntegralNumber()
                ? Optional.empty()
                : Optional.of(new Health.Progressing("its controller has not seen it yet"));
    }

    private static Optional<Health> deadlineExceeded(JsonNode live) {
        return Condition.of(live, "Progressing")
                .filter(condition -> condition.reason().equals("ProgressDeadlineExceeded"))
                .map(condition -> new Health.Failed(condition.told("its rollout makes no progress")));
    }

    private static Optional<Health> cannotCreate(JsonNode live) {
        return Condition.of(live, "ReplicaFailure")
                .filter(condition -> condition.status().equals("True"))
                .map(condition -> new Health.Progressing(condition.told("pods cannot be created or deleted")));
    }

    private static Health available(JsonNode live, String field, int wanted) {
        int available = number(live, field);
        return available < wanted
                ? new Health.Progressing(available + " of " + wanted + " pods are available")
                : new Health.Healthy();
    }

    private static boolean onDelete(JsonNode live) {
        return UpdateStrategy.of(live)
                .filter(strategy -> strategy.policy() == UpdateStrategy.Policy.ON_DELETE)
                .isPresent();
    }

    private static int replicas(JsonNode live) {
        return live.path("spec").path("replicas").asInt(1);
    }

    private static int number(JsonNode live, String field) {
        return live.path("status").path(field).asInt(0);
    }
}
