package dev.trimtab.inplace.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.PodView;
import java.util.Optional;

/** One write of a rollout. Each is refused by the server when what it was decided on has changed since. */
sealed interface RolloutStep {

    /** A pod gets what changed of the template. */
    record PatchPod(PodView pod, ObjectNode patch, String why) implements RolloutStep {}

    /** A pod's containers get the cpu and memory of the template. */
    record ResizePod(PodView pod, ObjectNode patch) implements RolloutStep {}

    /** A ReplicaSet takes over the template that its pods have by now; a JSON patch. */
    record PatchReplicaSet(ObjectNode replicaSet, JsonNode patch) implements RolloutStep {}

    /** A ReplicaSet without pods whose template is the wanted one: the Deployment's controller would take it for the new one. */
    record DeleteReplicaSet(ObjectNode replicaSet) implements RolloutStep {}

    /** The rollout is taken back: the patched pods go back to the template they came from. */
    record Undo(ObjectNode patch, String why) implements RolloutStep {}

    /**
     * The workload is given back to its own controller.
     *
     * @param fallback why pods are left to it to replace; empty where it has nothing to do
     */
    record End(ObjectNode patch, Optional<Fallback> fallback, String why) implements RolloutStep {}
}
