package dev.trimtab.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.BroughtKind;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.Baseline;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.IgnoredFields;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.kube.Takeover;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Operation;
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

    /** How often more others may be faster when a new object's ignored fields are given up. */
    private static final int RELEASES = 3;

    private final ClusterClient cluster;
    private final String syncName;
    private final Retries retries;
    private final String manager;
    private final ApplyOptions options;

    ObjectWriter(ClusterClient cluster, String syncName, Retries retries) {
        this.cluster = cluster;
        this.syncName = syncName;
        this.retries = retries;
        this.manager = Ownership.fieldManager(syncName);
        this.options = new ApplyOptions(manager, true, false);
    }

    /**
     * One PATCH, and a few more requests where the object has to be taken over from somebody.
     *
     * @param placeIsNew whether this run created the object's namespace or kind, so that the server may need a moment to know it
     */
    Result apply(Change change, DesiredObject desired, boolean placeIsNew) {
        boolean create = change.operation() == Operation.CREATE;
        try {
            return retries.call(
                    e -> (AGAIN.contains(e.errorClass()) && !(create && e.errorClass() == ErrorClass.CONFLICT))
                            || (placeIsNew && isMissingPlace(e)),
                    () -> create
                            ? create(change, desired.json())
                            : change.operation().recreates() ? recreate(change, desired) : patch(change, desired));
        } catch (ApiException e) {
            return create && e.errorClass() == ErrorClass.CONFLICT ? cameBetween(desired, e) : failed(e);
        }
    }

    /**
     * Deletes the object that was planned, and only that: it must still have the same uid and belong to us.
     */
    Result delete(Change change) {
        try {
            return retries.call(e -> AGAIN.contains(e.errorClass()), () -> deleteOnce(change, Propagation.BACKGROUND));
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

    /** Without force: of two syncs that create one object at the same time only the first can, as their labels differ. */
    private Result create(Change change, ObjectNode json) {
        ResourceType type = type(change.apiVersion(), change.object());
        ObjectNode answer = cluster.apply(type, json, new ApplyOptions(manager, false, false))
                .object();
        return applied(type, change, answer, false);
    }

    /**
     * Deletes the planned object and makes it anew once it is gone. A process that dies in between leaves it in the inventory and out of
     * the cluster: the next plan creates it.
     */
    private Result recreate(Change change, DesiredObject desired) {
        Optional<ObjectNode> live = change.ignored().isEmpty() ? Optional.empty() : live(change);
        Result deleted = deleteOnce(
                change,
                change.operation() == Operation.RECREATE_KEEPING_PODS ? Propagation.ORPHAN : Propagation.BACKGROUND);
        Result gone = retries.untilGone(deleted, () -> leaving(change));
        if (!(gone instanceof Result.Deleted)) {
            return gone;
        }
        return create(
                change,
                live.map(old -> change.ignored().asIn(old, desired.json())).orElse(desired.json()));
    }

    private Result patch(Change change, DesiredObject desired) {
        ResourceType type = type(desired.apiVersion(), desired.key());
        IgnoredFields ignored = change.ignored();
        ObjectNode json = change.sent().orElse(desired.json());
        if (change.adoption().isEmpty() && !ignored.needsLive()) {
            ObjectNode sent = ignored.without(json);
            return applied(type, change, cluster.apply(type, sent, options).object(), false);
        }
        ObjectKey key = desired.key();
        Optional<ObjectNode> live = cluster.get(type, key.namespace(), key.name());
        if (live.isEmpty()) {
            return create(change, desired.json());
        }
        return adopt(type, change, desired, live.get());
    }

    /** Every step names the version that the one before it saw: a second sync that adopts the same object fails with a conflict. */
    private Result adopt(ResourceType type, Change change, DesiredObject desired, ObjectNode found) {
        ObjectKey key = desired.key();
        Set<String> from =
                change.adoption().map(adoption -> Set.copyOf(adoption.from())).orElse(Set.of());
        Takeover takeover = new Takeover(manager, from);
        ObjectNode live = found;
        Optional<String> other = Ownership.otherSync(live.path("metadata"), syncName)
                .filter(name -> !from.contains(Ownership.fieldManager(name)));
        if (other.isPresent()) {
            return otherSync(other.get());
        }
        boolean adopting = ManagedFields.ownedBy(live.path("metadata"), manager).isEmpty();
        Optional<ArrayNode> rewrite = takeover.before(
                live,
                desired.apiVersion(),
                version -> cluster.resource(version, key.kind()).isEmpty());
        if (rewrite.isPresent() && (adopting || namesStaleVersion(live))) {
            live = cluster.patch(type, key.namespace(), key.name(), "", PatchType.JSON, rewrite.get(), manager);
        }
        Optional<ArrayNode> release = change.ignored().release(live, manager);
        if (release.isPresent()) {
            live = cluster.patch(type, key.namespace(), key.name(), "", PatchType.JSON, release.get(), manager);
        }
        ObjectNode locked = change.ignored()
                .toApply(live, change.sent().orElse(desired.json()), manager)
                .deepCopy();
        locked.withObjectProperty("metadata")
                .set("resourceVersion", live.path("metadata").path("resourceVersion"));
        return applied(type, change, cluster.apply(type, locked, options).object(), adopting);
    }

    private boolean namesStaleVersion(ObjectNode live) {
        String kind = live.path("kind").asText();
        return ManagedFields.entries(live.path("metadata")).stream()
                .anyMatch(entry -> cluster.resource(entry.apiVersion(), kind).isEmpty());
    }

    /** The server's answer shows who else owns what we applied. Nobody must whose claim would keep it alive when Git drops it. */
    private Result applied(ResourceType type, Change change, ObjectNode answer, boolean adopting) {
        ObjectKey key = change.object();
        ObjectNode last = new Takeover(manager, Set.of())
                .after(answer, adopting)
                .map(patch -> cluster.patch(type, key.namespace(), key.name(), "", PatchType.JSON, patch, manager))
                .orElse(answer);
        last = released(type, change, last);
        return new Result.Applied(last.withObjectProperty("metadata"), Baseline.of(last, manager));
    }

    /** What is ignored is ours until here only where the object is new. Whoever writes at the same time is waited for. */
    private ObjectNode released(ResourceType type, Change change, ObjectNode written) {
        ObjectKey key = change.object();
        ObjectNode last = written;
        for (int attempt = 0; ; attempt++) {
            Optional<ArrayNode> release = change.ignored().release(last, manager);
            if (release.isEmpty()) {
                return last;
            }
            try {
                return cluster.patch(type, key.namespace(), key.name(), "", PatchType.JSON, release.get(), manager);
            } catch (ApiException e) {
                Optional<ObjectNode> live = cluster.get(type, key.namespace(), key.name());
                if (attempt == RELEASES || e.errorClass() != ErrorClass.CONFLICT || live.isEmpty()) {
                    // It is written; the next plan finds what is still ours.
                    return last;
                }
                last = live.get();
            }
        }
    }

    /** The plan said that nothing was there. */
    private Result cameBetween(DesiredObject desired, ApiException conflict) {
        try {
            ObjectKey key = desired.key();
            return cluster.get(type(desired.apiVersion(), key), key.namespace(), key.name())
                    .flatMap(live -> Ownership.otherSync(live.path("metadata"), syncName))
                    .map(this::otherSync)
                    .orElseGet(() -> failed(conflict));
        } catch (ApiException e) {
            return failed(e);
        }
    }

    private Result otherSync(String other) {
        return new Result.Failed(
                ApplyCode.OTHER_SYNC,
                "sync " + other + " was faster, and sync " + syncName
                        + " holds the object too; take it out of one of the two",
                true);
    }

    private Result deleteOnce(Change change, Propagation propagation) {
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
                        propagation)
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
                        "the cluster serves no " + key.kind() + " of " + apiVersion
                                + (BroughtKind.is(apiVersion, key.kind()) ? "; " + BroughtKind.ADVICE : ""),
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
