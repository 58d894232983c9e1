package dev.trimtab.inplace.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.PodView;
import dev.trimtab.inplace.RolloutRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Takes a rollout back: the pods that were patched get the template they came from. The workload keeps the template that Git says, and is
 * held as before, until the next commit. What its own controller makes meanwhile it makes from the old template, but for a DaemonSet,
 * whose new pods are patched like the others.
 */
final class Undoing {

    /** @param revision what the pods' revision label was; empty where the workload's controller does not go by it */
    private record Origin(JsonNode template, Optional<String> revision) {}

    private Undoing() {}

    /** A rollout that does not come up is taken back where its workload says so. */
    static RolloutDecision wanted(Rollout rollout, RolloutDecision forward) {
        JsonNode policy =
                rollout.workload().path("metadata").path("annotations").path(RolloutRecord.ON_FAILURE);
        if (forward.halted().isEmpty()
                || !policy.asText("").equals("rollback")
                || origin(rollout).isEmpty()) {
            return forward;
        }
        String why = forward.halted().get();
        return RolloutDecision.step(new RolloutStep.Undo(RolloutRecord.undo(rollout.workload(), why), why));
    }

    /** Empty where nothing is left to go back to: then the rollout goes on. */
    static Optional<RolloutDecision> next(Rollout rollout, String why) {
        return origin(rollout).map(origin -> {
            Rollout back = rollout.back(origin.template());
            List<NativePod> pods = pods(rollout).stream()
                    .map(pod -> new NativePod(pod, back, origin.revision()))
                    .toList();
            PodsToUpdate update = new PodsToUpdate(back, pods, List.of(), pods.size());
            return update.done()
                    ? new RolloutDecision(
                            List.of(),
                            Optional.empty(),
                            Optional.of("taken back, its pods are at the template before: " + why))
                    : update.choose();
        });
    }

    private static List<PodView> pods(Rollout rollout) {
        String owner = rollout.kind().equals("Deployment")
                ? Rollouts.running(rollout).get(0).path("metadata").path("uid").asText()
                : rollout.uid();
        int partition = rollout.kind().equals("StatefulSet") ? rollout.record().partition() : 0;
        return rollout.pods().stream()
                .filter(pod -> pod.active() && Rollout.controls(owner, pod.json()) && Rollouts.isAbove(pod, partition))
                .toList();
    }

    private static Optional<Origin> origin(Rollout rollout) {
        Optional<Origin> origin = switch (rollout.kind()) {
            case "Deployment" -> replicaSet(rollout);
            case "StatefulSet" ->
                rollout.children().stream()
                        .filter(revision -> revision.path("metadata")
                                .path("name")
                                .equals(rollout.status().path("currentRevision")))
                        .findFirst()
                        .map(revision -> new Origin(
                                Rollouts.templateOf(revision),
                                Optional.of(
                                        rollout.status().path("currentRevision").asText())));
            default ->
                rollout.children().stream()
                        .sorted(Comparator.comparingLong((ObjectNode revision) ->
                                        revision.path("revision").asLong())
                                .reversed())
                        .skip(1)
                        .findFirst()
                        .map(revision -> new Origin(
                                Rollouts.templateOf(revision),
                                Optional.of(revision.at("/metadata/labels/" + NativePod.REVISION)
                                        .asText(""))));
        };
        return origin.filter(before -> !RolloutRecord.target(before.template()).equals(rollout.target()));
    }

    private static Optional<Origin> replicaSet(Rollout rollout) {
        List<ObjectNode> running = Rollouts.running(rollout);
        if (running.size() != 1) {
            return Optional.empty();
        }
        ObjectNode template = running.get(0).path("spec").path("template").deepCopy();
        if (template.path("metadata").path("labels") instanceof ObjectNode labels) {
            labels.remove(Rollouts.HASH);
        }
        return Optional.of(new Origin(template, Optional.empty()));
    }
}
