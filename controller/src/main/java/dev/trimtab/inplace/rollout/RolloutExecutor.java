package dev.trimtab.inplace.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.RolloutFinished;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventSubject;
import dev.trimtab.kube.ResourceType;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the writes of rollouts. Decides nothing. */
final class RolloutExecutor {

    /** Field manager of what rollouts write. */
    static final String FIELD_MANAGER = "trimtab-rollout";

    private static final Logger LOG = LoggerFactory.getLogger(RolloutExecutor.class);

    private final ClusterClient cluster;
    private final EventRecorder events;

    RolloutExecutor(ClusterClient cluster, Clock clock) {
        this.cluster = cluster;
        this.events = new EventRecorder(cluster, clock, FIELD_MANAGER);
    }

    /**
     * @return the object as the server has it now; empty after a delete
     * @throws dev.trimtab.kube.ApiException when the server refuses it
     */
    Optional<ObjectNode> run(Rollout rollout, RolloutStep step) {
        if (step instanceof RolloutStep.PatchPod patch) {
            LOG.info("{}: patching {}: {}", rollout, patch.pod(), patch.why());
            return Optional.of(patch("v1", patch.pod().json(), "Pod", PatchType.STRATEGIC, patch.patch()));
        }
        if (step instanceof RolloutStep.ResizePod resize) {
            LOG.info("{}: resizing {}", rollout, resize.pod());
            return Optional.of(patch("v1", resize.pod().json(), "Pod", "resize", PatchType.STRATEGIC, resize.patch()));
        }
        if (step instanceof RolloutStep.PatchReplicaSet patch) {
            LOG.info("{}: its ReplicaSet takes over the template", rollout);
            return Optional.of(patch("apps/v1", patch.replicaSet(), "ReplicaSet", PatchType.JSON, patch.patch()));
        }
        if (step instanceof RolloutStep.DeleteReplicaSet delete) {
            JsonNode metadata = delete.replicaSet().path("metadata");
            LOG.info("{}: deleting the empty ReplicaSet {} of the same template", rollout, metadata.path("name"));
            var unused = cluster.delete(
                    type("apps/v1", "ReplicaSet"),
                    namespace(metadata),
                    metadata.path("name").asText(),
                    metadata.path("uid").asText(),
                    Propagation.BACKGROUND);
            return Optional.empty();
        }
        if (step instanceof RolloutStep.Undo undo) {
            LOG.warn("{}: taken back: {}", rollout, undo.why());
            warn(rollout, "RolloutUndone", "its pods go back to the template before: " + undo.why());
            return Optional.of(patch("apps/v1", rollout.workload(), rollout.kind(), PatchType.MERGE, undo.patch()));
        }
        RolloutStep.End end = (RolloutStep.End) step;
        if (end.fallback().isPresent()) {
            LOG.warn("{}: left to its own controller, which replaces pods: {}", rollout, end.why());
        } else {
            LOG.info("{}: done, {}", rollout, end.why());
        }
        ObjectNode ended = patch("apps/v1", rollout.workload(), rollout.kind(), PatchType.MERGE, end.patch());
        if (end.fallback().isPresent()) {
            warn(rollout, "RolloutFellBack", "its own controller goes on, and replaces pods: " + end.why());
        } else {
            tell(
                    rollout,
                    EventRecorder.Type.NORMAL,
                    RolloutFinished.REASON,
                    rollout.finished().text());
        }
        return Optional.of(ended);
    }

    /** Puts a Kubernetes Event on the workload, for {@code kubectl describe}. */
    void warn(Rollout rollout, String reason, String message) {
        tell(rollout, EventRecorder.Type.WARNING, reason, message);
    }

    private void tell(Rollout rollout, EventRecorder.Type type, String reason, String message) {
        events.record(EventSubject.of(rollout.workload()), type, reason, message);
    }

    private ObjectNode patch(String apiVersion, ObjectNode object, String kind, PatchType patchType, JsonNode body) {
        return patch(apiVersion, object, kind, "", patchType, body);
    }

    private ObjectNode patch(
            String apiVersion, ObjectNode object, String kind, String subresource, PatchType patchType, JsonNode body) {
        JsonNode metadata = object.path("metadata");
        return cluster.patch(
                type(apiVersion, kind),
                namespace(metadata),
                metadata.path("name").asText(),
                subresource,
                patchType,
                body,
                FIELD_MANAGER);
    }

    private static Optional<String> namespace(JsonNode metadata) {
        return Optional.of(metadata.path("namespace").asText());
    }

    private ResourceType type(String apiVersion, String kind) {
        return cluster.resource(apiVersion, kind)
                .orElseThrow(() -> new IllegalStateException(cluster.name() + " serves no " + kind));
    }
}
