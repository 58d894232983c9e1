package dev.trimtab.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.kube.ResourceType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Plans what becomes of an object that left Git: one GET. */
final class DeletePlanner {

    private final ClusterClient cluster;
    private final String syncName;
    private final RunningPods pods;

    DeletePlanner(ClusterClient cluster, String syncName) {
        this.cluster = cluster;
        this.syncName = syncName;
        this.pods = new RunningPods(cluster, PodDetail.NAMES);
    }

    /**
     * @param staying everything that Git still holds
     * @param kept whether Git last said that the object stays
     * @throws ApiException when the server does not answer at all
     */
    Finding plan(ObjectKey key, Set<ObjectKey> staying, boolean kept) {
        try {
            Optional<ResourceType> type = cluster.preferredResource(key.group(), key.kind());
            if (type.isEmpty()) {
                // The kind went, and its objects with it.
                return new Finding.Released(key, PlanCode.GONE_EVERYWHERE);
            }
            return cluster.get(type.get(), key.namespace(), key.name())
                    .map(live -> stays(key, live, kept)
                            .or(() -> needed(key, live, staying))
                            .orElseGet(() -> delete(key, type.get(), live)))
                    .orElseGet(() -> new Finding.Released(key, PlanCode.GONE_EVERYWHERE));
        } catch (ApiException e) {
            if (e.errorClass() == ErrorClass.UNREACHABLE) {
                throw e;
            }
            return e.errorClass() == ErrorClass.KIND_MISSING || e.errorClass() == ErrorClass.NAMESPACE_MISSING
                    ? new Finding.Released(key, PlanCode.GONE_EVERYWHERE)
                    : new Finding.Unknown(new Plan.ObjectProblem(
                            key, Optional.empty(), PlanCode.of(e.errorClass()), String.valueOf(e.getMessage())));
        }
    }

    /** What must not be deleted, and what need not be. */
    private Optional<Finding> stays(ObjectKey key, ObjectNode live, boolean kept) {
        JsonNode metadata = live.path("metadata");
        if (!Ownership.belongsTo(metadata, syncName)) {
            return Optional.of(new Finding.Released(key, PlanCode.NOT_OURS_ANY_MORE));
        }
        if (metadata.hasNonNull("deletionTimestamp")) {
            JsonNode finalizers = metadata.path("finalizers");
            return Optional.of(new Finding.Unknown(new Plan.ObjectProblem(
                    key,
                    Optional.empty(),
                    PlanCode.LEAVING,
                    finalizers.isEmpty()
                            ? "it is being deleted"
                            : "it is being deleted and waits for its finalizers " + finalizers)));
        }
        return kept || Ownership.keptWhenGone(metadata)
                ? Optional.of(new Finding.Released(key, PlanCode.KEPT))
                : Optional.empty();
    }

    /** With a namespace or a definition the server deletes all that is in it, whatever Git says of that. */
    private static Optional<Finding> needed(ObjectKey key, ObjectNode live, Set<ObjectKey> staying) {
        Predicate<ObjectKey> inIt;
        if (key.group().isEmpty() && key.kind().equals("Namespace")) {
            inIt = other -> other.namespace().equals(Optional.of(key.name()));
        } else if (key.group().equals("apiextensions.k8s.io") && key.kind().equals("CustomResourceDefinition")) {
            String group = live.path("spec").path("group").asText("");
            String kind = live.path("spec").path("names").path("kind").asText("");
            inIt = other -> other.group().equals(group) && other.kind().equals(kind);
        } else {
            return Optional.empty();
        }
        List<ObjectKey> left = staying.stream().filter(inIt).sorted().toList();
        if (left.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Finding.Unknown(new Plan.ObjectProblem(
                key,
                Optional.empty(),
                PlanCode.STILL_NEEDED,
                "it is gone from Git, but " + left.get(0)
                        + (left.size() == 1 ? " is" : " and " + (left.size() - 1) + " more are")
                        + " still there and would be deleted with it; put its file back, or annotate it in the cluster with "
                        + Ownership.PRUNE_ANNOTATION + "=disabled to leave it alone")));
    }

    private Finding delete(ObjectKey key, ResourceType type, ObjectNode live) {
        Change change = new Change(
                key,
                type.apiVersion(),
                Optional.empty(),
                Optional.of(live.path("metadata").path("uid").asText()),
                Action.DELETE,
                Operation.DELETE,
                List.of(),
                new Reason(PlanCode.GONE_FROM_GIT, "the file is gone from Git", List.of(), Optional.empty()),
                WorkloadEffect.removed(pods.names(live)));
        return new Finding.Differs(change, List.of());
    }
}
