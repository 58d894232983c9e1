package dev.trimtab.inplace.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.PodView;
import dev.trimtab.inplace.RolloutFinished;
import dev.trimtab.inplace.RolloutRecord;
import dev.trimtab.kube.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is known of one rollout at one moment.
 *
 * @param children the ReplicaSets of a Deployment, the ControllerRevisions of the other kinds: those that the workload controls
 * @param pods all in the namespace that the workload's selector finds
 * @param disruptionBudgets the PodDisruptionBudgets of the namespace
 * @param target by which a pod tells the template that it was patched to
 */
record Rollout(
        ObjectNode workload,
        RolloutRecord record,
        List<ObjectNode> children,
        List<PodView> pods,
        List<ObjectNode> disruptionBudgets,
        Instant now,
        String target) {

    /** How long a pod may take to be ready again where the workload does not say; Kubernetes' default for a Deployment. */
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    String kind() {
        return workload.path("kind").asText();
    }

    String uid() {
        return workload.path("metadata").path("uid").asText();
    }

    JsonNode template() {
        return workload.path("spec").path("template");
    }

    JsonNode status() {
        return workload.path("status");
    }

    /** Whether the workload's own controller has seen what its pods are to be. */
    boolean observed() {
        return status().path("observedGeneration").asLong(-1)
                >= workload.path("metadata").path("generation").asLong(0);
    }

    Duration minReady() {
        return Duration.ofSeconds(workload.path("spec").path("minReadySeconds").asLong(0));
    }

    Duration deadline() {
        JsonNode seconds = workload.path("spec").path("progressDeadlineSeconds");
        // The largest number means that there is none.
        return seconds.isIntegralNumber() && seconds.asLong() < Integer.MAX_VALUE
                ? Duration.ofSeconds(seconds.asLong())
                : DEADLINE;
    }

    Rollout(
            ObjectNode workload,
            RolloutRecord record,
            List<ObjectNode> children,
            List<PodView> pods,
            List<ObjectNode> disruptionBudgets,
            Instant now) {
        this(
                workload,
                record,
                children,
                pods,
                disruptionBudgets,
                now,
                RolloutRecord.target(workload.path("spec").path("template")));
    }

    /** The same pods on their way back to the template they came from. */
    Rollout back(JsonNode template) {
        ObjectNode before = workload.deepCopy();
        before.withObjectProperty("spec").set("template", template);
        return new Rollout(before, record.back(template(), template), children, pods, disruptionBudgets, now);
    }

    /** Those of its pods that are to have its template in the end. */
    List<NativePod> ofTheTemplate() {
        return pods.stream()
                .filter(pod -> pod.active() && isOurs(pod) && Rollouts.isAbove(pod, record.partition()))
                .map(pod -> new NativePod(pod, this, Optional.empty()))
                .toList();
    }

    private boolean isOurs(PodView pod) {
        return controls(uid(), pod.json())
                || children.stream()
                        .anyMatch(child ->
                                controls(child.path("metadata").path("uid").asText(), pod.json()));
    }

    /** What is to be told of it now that it is over. */
    RolloutFinished finished() {
        Set<String> images = new TreeSet<>(record.containers());
        images.removeAll(record.restarts());
        return RolloutFinished.of(
                ObjectKey.of(workload),
                ofTheTemplate().stream().map(NativePod::view).toList(),
                pod -> new NativePod(pod, this, Optional.empty()).patched(),
                images.size(),
                Optional.of(record.begun()),
                now);
    }

    static boolean named(JsonNode containers, String name) {
        for (JsonNode container : containers) {
            if (container.path("name").asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    static boolean controls(String ownerUid, JsonNode object) {
        for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
            if (owner.path("controller").asBoolean(false)
                    && owner.path("uid").asText().equals(ownerUid)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        JsonNode metadata = workload.path("metadata");
        return kind() + " " + metadata.path("namespace").asText() + "/"
                + metadata.path("name").asText();
    }
}
