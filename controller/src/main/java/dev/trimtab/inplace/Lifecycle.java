package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/**
 * The states that hooks lead a pod through, in label {@value CloneSetKeys#LIFECYCLE_STATE}. A pod that no hook holds stays Normal all
 * its life, which saves two writes for each update.
 */
record Lifecycle(Hook preNormal, Hook inPlaceUpdate, Hook preDelete) {

    static Lifecycle of(JsonNode field) {
        return new Lifecycle(
                Hook.of(field.path("preNormal")),
                Hook.of(field.path("inPlaceUpdate")),
                Hook.of(field.path("preDelete")));
    }

    String stateOfNewPods() {
        return preNormal.used() ? CloneSetKeys.PREPARING_NORMAL : CloneSetKeys.NORMAL;
    }

    /**
     * The state a pod goes to by itself, when what it waited for is there.
     *
     * @param atWanted it is at the revision that is wanted, so it does not wait for an update
     */
    Optional<String> next(PodView pod, boolean atWanted) {
        return switch (pod.lifecycle()) {
            case CloneSetKeys.PREPARING_NORMAL ->
                preNormal.complete(pod) ? Optional.of(CloneSetKeys.NORMAL) : Optional.empty();
            case CloneSetKeys.PREPARING_UPDATE -> atWanted ? Optional.of(afterUpdate(pod)) : Optional.empty();
            case CloneSetKeys.UPDATING ->
                Completion.done(pod) && (!pod.gated() || pod.gateOpen())
                        ? Optional.of(afterUpdate(pod))
                        : Optional.empty();
            case CloneSetKeys.UPDATED ->
                inPlaceUpdate.complete(pod) ? Optional.of(CloneSetKeys.NORMAL) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** Normal where the hook was never taken off or is back already. */
    String afterUpdate(PodView pod) {
        return inPlaceUpdate.complete(pod) ? CloneSetKeys.NORMAL : CloneSetKeys.UPDATED;
    }

    /**
     * Whether a hook keeps the pod out of its Services. This is done with the same readiness gate as for an update: OpenKruise's
     * second one, KruisePodReady, would have to be in every pod from the start, and pods of this controller have only the first. A
     * pod without the gate stays in its Services.
     */
    boolean keepsOut(PodView pod) {
        return switch (pod.lifecycle()) {
            case CloneSetKeys.PREPARING_UPDATE -> inPlaceUpdate.notReady();
            case CloneSetKeys.PREPARING_DELETE -> preDelete.notReady();
            default -> false;
        };
    }

    static Step.PatchLifecycle to(String state, PodView pod, Instant now, String why) {
        return new Step.PatchLifecycle(pod, state(PodPatch.locked(pod), state, now), why);
    }

    /** For a pod that has not got its hook back from the update before: whoever takes it off has to be asked again. */
    Step.PatchLifecycle prepareAgain(PodView pod, Instant now) {
        ObjectNode patch = state(PodPatch.locked(pod), CloneSetKeys.PREPARING_UPDATE, now);
        ObjectNode labels = patch.withObjectProperty("metadata").withObjectProperty("labels");
        inPlaceUpdate.labels().forEach(labels::put);
        Set<String> has = pod.finalizers();
        for (String finalizer : inPlaceUpdate.finalizers()) {
            if (!has.contains(finalizer)) {
                patch.withObjectProperty("metadata")
                        .withArrayProperty("finalizers")
                        .add(finalizer);
            }
        }
        return new Step.PatchLifecycle(pod, patch, "its hook was not back from the update before");
    }

    /** @param forGood it is to be replaced, also when there turn out to be too few pods */
    static Step.PatchLifecycle prepareDelete(PodView pod, boolean forGood, Instant now, String why) {
        ObjectNode patch = state(PodPatch.locked(pod), CloneSetKeys.PREPARING_DELETE, now);
        if (forGood) {
            patch.withObjectProperty("metadata")
                    .withObjectProperty("labels")
                    .put(CloneSetKeys.SPECIFIED_DELETE, "true");
        }
        return new Step.PatchLifecycle(pod, patch, why);
    }

    /** Adds a state to a patch of a pod. */
    static ObjectNode state(ObjectNode patch, String state, Instant now) {
        ObjectNode metadata = patch.withObjectProperty("metadata");
        metadata.withObjectProperty("labels").put(CloneSetKeys.LIFECYCLE_STATE, state);
        metadata.withObjectProperty("annotations")
                .put(
                        CloneSetKeys.LIFECYCLE_TIMESTAMP,
                        now.truncatedTo(ChronoUnit.SECONDS).toString());
        return patch;
    }
}
