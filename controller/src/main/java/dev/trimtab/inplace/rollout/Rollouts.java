package dev.trimtab.inplace.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.PodView;
import dev.trimtab.inplace.RolloutRecord;
import dev.trimtab.inplace.Verdicts;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The next step of a rollout, from what the cluster shows: a pure function, so that any process goes on where another died.
 *
 * <p>A Deployment is paused with the new template, its pods are patched, then its one ReplicaSet takes over the template, and when the
 * Deployment's controller has counted the ReplicaSet as the new one it is let go. The ReplicaSet comes last, so that
 * {@code kubectl rollout status} waits for the pods, and so that at any moment before it letting go means an ordinary rollout.
 *
 * <p>A StatefulSet's partition, or a DaemonSet's strategy OnDelete, keeps its controller from replacing pods; each pod is patched
 * together with the label by which the controller tells its revision.
 */
final class Rollouts {

    static final String HASH = "pod-template-hash";

    /** For the template to arrive, where the record is there before it. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private Rollouts() {}

    static RolloutDecision next(Rollout rollout) {
        if (!rollout.observed()) {
            return RolloutDecision.WAIT;
        }
        Optional<RolloutDecision> back =
                RolloutRecord.undone(rollout.workload()).flatMap(why -> Undoing.next(rollout, why));
        return back.orElseGet(() -> Undoing.wanted(rollout, forward(rollout)));
    }

    private static RolloutDecision forward(Rollout rollout) {
        return switch (rollout.kind()) {
            case "Deployment" -> deployment(rollout);
            case "StatefulSet" ->
                revision(
                        rollout,
                        rollout.status().path("updateRevision").asText(""),
                        rollout.record().partition(),
                        rollout.workload().path("spec").path("replicas").asInt(1),
                        rollout.status().path("updatedReplicas").asInt(0));
            default ->
                daemonSetRevision(rollout)
                        .map(hash -> revision(
                                rollout,
                                hash,
                                0,
                                rollout.status().path("desiredNumberScheduled").asInt(0),
                                rollout.status().path("updatedNumberScheduled").asInt(0)))
                        .orElse(RolloutDecision.WAIT);
        };
    }

    private static RolloutDecision deployment(Rollout rollout) {
        if (!rollout.workload().path("spec").path("paused").asBoolean(false)) {
            // Somebody let it go: its controller rolls, or has nothing to do.
            return end(rollout, Optional.of(Fallback.RESUMED), "somebody resumed it");
        }
        List<ObjectNode> running = running(rollout);
        if (running.size() != 1) {
            return end(
                    rollout,
                    Optional.of(Fallback.SEVERAL_REPLICA_SETS),
                    "pods of " + running.size() + " ReplicaSets run");
        }
        ObjectNode set = running.get(0);
        String uid = set.path("metadata").path("uid").asText();
        List<NativePod> pods = rollout.pods().stream()
                .filter(pod -> pod.active() && Rollout.controls(uid, pod.json()))
                .map(pod -> new NativePod(pod, rollout, Optional.empty()))
                .toList();
        PodsToUpdate update = new PodsToUpdate(
                rollout,
                pods,
                List.of(),
                rollout.workload().path("spec").path("replicas").asInt(1));
        boolean taken = isTemplateOf(set, rollout);
        if (!update.done()) {
            return update.impossible()
                    .map(why -> end(rollout, Optional.of(Fallback.IMPOSSIBLE_IN_POD), why))
                    .orElseGet(update::choose);
        }
        if (taken) {
            int counted = rollout.status().path("updatedReplicas").asInt(0);
            return counted == set.path("status").path("replicas").asInt(0)
                    ? end(rollout, Optional.empty(), "all pods are at the new template")
                    : RolloutDecision.WAIT;
        }
        return RolloutDecision.step(rollout.children().stream()
                .filter(other -> !running.contains(other) && isTemplateOf(other, rollout))
                .findFirst()
                .<RolloutStep>map(RolloutStep.DeleteReplicaSet::new)
                .orElseGet(() -> new RolloutStep.PatchReplicaSet(set, takeOver(set, rollout))));
    }

    /** The ReplicaSets of a Deployment that have pods, or are to have some. */
    static List<ObjectNode> running(Rollout rollout) {
        return rollout.children().stream()
                .filter(set -> set.path("spec").path("replicas").asInt(0) > 0
                        || set.path("status").path("replicas").asInt(0) > 0)
                .toList();
    }

    /** As the Deployment's controller compares them: but for the label that it adds itself. */
    private static boolean isTemplateOf(ObjectNode replicaSet, Rollout rollout) {
        ObjectNode template = replicaSet.path("spec").path("template").deepCopy();
        if (template.path("metadata").path("labels") instanceof ObjectNode labels) {
            labels.remove(HASH);
        }
        return Verdicts.same(template, rollout.template());
    }

    /** The label that the ReplicaSet selects its pods by stays. */
    private static ArrayNode takeOver(ObjectNode replicaSet, Rollout rollout) {
        ObjectNode template = rollout.template().deepCopy();
        template.withObjectProperty("metadata")
                .withObjectProperty("labels")
                .set(HASH, replicaSet.at("/spec/template/metadata/labels/" + HASH));
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        patch.addObject()
                .put("op", "test")
                .put("path", "/metadata/resourceVersion")
                .set("value", replicaSet.path("metadata").path("resourceVersion"));
        patch.addObject().put("op", "replace").put("path", "/spec/template").set("value", template);
        return patch;
    }

    private static RolloutDecision revision(Rollout rollout, String hash, int partition, int wanted, int counted) {
        if (hash.isEmpty()) {
            return RolloutDecision.WAIT;
        }
        List<NativePod> all = rollout.pods().stream()
                .filter(pod -> pod.active() && Rollout.controls(rollout.uid(), pod.json()))
                .map(pod -> new NativePod(pod, rollout, Optional.of(hash)))
                .toList();
        List<NativePod> pods =
                all.stream().filter(pod -> isAbove(pod.view(), partition)).toList();
        List<NativePod> others =
                all.stream().filter(pod -> !isAbove(pod.view(), partition)).toList();
        PodsToUpdate update = new PodsToUpdate(rollout, pods, others, wanted);
        if (!update.done()) {
            return update.impossible()
                    .map(why -> end(rollout, Optional.of(Fallback.IMPOSSIBLE_IN_POD), why))
                    .orElseGet(update::choose);
        }
        // Its controller deletes a pod that it has not yet seen with the label.
        return counted >= pods.size()
                ? end(rollout, Optional.empty(), "all pods are at revision " + hash)
                : RolloutDecision.WAIT;
    }

    static boolean isAbove(PodView pod, int partition) {
        return partition == 0 || PodsToUpdate.ordinal(pod) >= partition;
    }

    /** The hash, not the name, of the newest revision that holds the template. */
    private static Optional<String> daemonSetRevision(Rollout rollout) {
        return rollout.children().stream()
                .max(Comparator.comparingLong(
                        revision -> revision.path("revision").asLong()))
                .filter(revision -> holdsTemplate(revision, rollout.template()))
                .map(revision ->
                        revision.at("/metadata/labels/" + NativePod.REVISION).asText(""))
                .filter(hash -> !hash.isEmpty());
    }

    private static boolean holdsTemplate(JsonNode revision, JsonNode template) {
        return Verdicts.same(templateOf(revision), template);
    }

    /** What a ControllerRevision keeps. */
    static JsonNode templateOf(JsonNode revision) {
        JsonNode kept = revision.at("/data/spec/template").deepCopy();
        if (kept instanceof ObjectNode fields) {
            fields.remove("$patch");
        }
        return kept;
    }

    private static RolloutDecision end(Rollout rollout, Optional<Fallback> fallback, String why) {
        Duration age = Duration.between(rollout.record().begun(), rollout.now());
        if (fallback.isPresent() && age.compareTo(SOON) < 0) {
            // Caches that opened together need not be of one moment.
            return new RolloutDecision(List.of(), Optional.of(SOON), Optional.empty());
        }
        return RolloutDecision.step(new RolloutStep.End(rollout.record().end(rollout.workload()), fallback, why));
    }
}
