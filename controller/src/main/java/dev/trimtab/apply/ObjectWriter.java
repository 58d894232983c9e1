package dev.trimtab.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.plan.Change;
import dev.trimtab.render.DesiredObject;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes one object, and says what became of it instead of throwing. */
final class ObjectWriter {

    /** What may work in a moment. Everything else stays wrong until Git, RBAC or a person changes it. */
    private static final Set<ErrorClass> AGAIN = EnumSet.of(ErrorClass.RETRY, ErrorClass.CONFLICT);

    private static final Set<ErrorClass> LATER = EnumSet.of(
            ErrorClass.RETRY,
            ErrorClass.CONFLICT,
            ErrorClass.UNREACHABLE,
            ErrorClass.NAMESPACE_MISSING,
            ErrorClass.KIND_MISSING,
            ErrorClass.NOT_FOUND);

    private final ClusterClient cluster;
    private final String syncName;
    private final Retries retries;
    private final ApplyOptions options;

    ObjectWriter(ClusterClient cluster, String syncName, Retries retries) {
        this.cluster = cluster;
        this.syncName = syncName;
        this.retries = retries;
        this.options = new ApplyOptions(Ownership.fieldManager(syncName), true, false);
    }

    /**
     * One PATCH.
     *
     * @param placeIsNew whether this run created the object's namespace or kind, so that the server may need a moment to know it
     */
    Result apply(DesiredObject desired, boolean placeIsNew) {
        try {
            return retries.call(
                    e -> AGAIN.contains(e.errorClass()) || (placeIsNew && isMissingPlace(e)), () -> patch(desired));
        } catch (ApiException e) {
            return failed(e);
        }
    }

    /**
     * Deletes the object that was planned, and only that: it must still have the same uid and belong to us.
     */
    Result delete(Change change) {
        try {
            return retries.call(e -> AGAIN.contains(e.errorClass()), () -> deleteOnce(change));
        } catch (ApiException e) {
            return failed(e);
        }
    }

    /** Whether an object that was deleted is gone now. */
    Result leaving(Change change) {
        try {
            return live(change)
                    .filter(live -> isPlanned(change, live))
                    .<Result>map(ObjectWriter::leaving)
                    .orElseGet(Result.Deleted::new);
        } catch (ApiException e) {
            return failed(e);
        }
    }

    private Result patch(DesiredObject desired) {
        ResourceType type = type(desired.apiVersion(), desired.key());
        ObjectNode answer = cluster.apply(type, desired.json(), options).object();
        return new Result.Applied(answer.withObjectProperty("metadata"));
    }

    private Result deleteOnce(Change change) {
        Optional<ObjectNode> live = live(change);
        if (live.isEmpty()) {
            return new Result.Deleted();
        }
        JsonNode metadata = live.get().path("metadata");
        if (!isPlanned(change, live.get())) {
            return new Result.Failed(
                    ApplyCode.REPLACED, "it was deleted and created again since the plan was made", true);
        }
        if (metadata.hasNonNull("deletionTimestamp")) {
            return leaving(live.get());
        }
        if (!Ownership.belongsTo(metadata, syncName)) {
            return new Result.Held(
                    ApplyCode.NOT_OURS,
                    "it no longer carries the label " + Ownership.selector(syncName) + " and fields of "
                            + Ownership.fieldManager(syncName)
                            + "; it stays, and Trimtab lets go of it with the next plan");
        }
        ObjectKey key = change.object();
        return cluster.delete(
                        type(change.apiVersion(), key),
                        key.namespace(),
                        key.name(),
                        change.uid().orElse(""),
                        Propagation.BACKGROUND)
                .<Result>map(ObjectWriter::leaving)
                .orElseGet(Result.Deleted::new);
    }

    private Optional<ObjectNode> live(Change change) {
        ObjectKey key = change.object();
        return cluster.get(type(change.apiVersion(), key), key.namespace(), key.name());
    }

    private static boolean isPlanned(Change change, ObjectNode live) {
        return change.uid().equals(Optional.of(live.path("metadata").path("uid").asText()));
    }

    private static Result leaving(ObjectNode live) {
        JsonNode finalizers = live.path("metadata").path("finalizers");
        return new Result.Leaving(
                finalizers.isEmpty() ? "it is being deleted" : "it is being deleted and waits for " + finalizers);
    }

    private ResourceType type(String apiVersion, ObjectKey key) {
        return cluster.resource(apiVersion, key.kind())
                .orElseThrow(() -> new ApiException(
                        404,
                        ErrorClass.KIND_MISSING,
                        "the cluster serves no " + key.kind() + " of " + apiVersion,
                        List.of(),
                        Optional.empty()));
    }

    private static boolean isMissingPlace(ApiException e) {
        return e.errorClass() == ErrorClass.NAMESPACE_MISSING || e.errorClass() == ErrorClass.KIND_MISSING;
    }

    private static Result.Failed failed(ApiException e) {
        return new Result.Failed(
                ApplyCode.of(e.errorClass()), String.valueOf(e.getMessage()), LATER.contains(e.errorClass()));
    }
}
