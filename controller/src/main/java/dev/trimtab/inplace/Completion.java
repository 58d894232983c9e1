package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.inplace.InPlaceState.Before;
import java.util.Optional;

/**
 * Whether a pod has done what an in-place update told it. {@code observedGeneration} proves nothing: the kubelet reports the new
 * generation while the old container still runs. A new container does.
 */
public final class Completion {

    private Completion() {}

    /** True as well for a pod that was never told anything. */
    static boolean done(PodView pod) {
        return InPlaceState.of(pod)
                .map(state -> state.next().none() && batchDone(pod, state))
                .orElse(true);
    }

    /** True when every container that was told so far has restarted, though others may have to follow. */
    static boolean batchDone(PodView pod, InPlaceState state) {
        return state.containers().entrySet().stream()
                .allMatch(entry -> restarted(pod, entry.getKey(), entry.getValue()));
    }

    /** True when the containers after these may be told. */
    static boolean nextMayGo(PodView pod, InPlaceState state) {
        return !state.next().none()
                && batchDone(pod, state)
                && state.next().readyFirst().stream()
                        .allMatch(name -> pod.containerStatus(name)
                                .filter(status -> status.path("ready").asBoolean(false))
                                .isPresent());
    }

    /** @param before what the container was when it was told to restart */
    public static boolean restarted(PodView pod, String container, Before before) {
        Optional<JsonNode> found = pod.containerStatus(container);
        if (found.isEmpty() || !found.get().path("state").has("running")) {
            return false;
        }
        JsonNode status = found.get();
        ImageName wanted = ImageName.of(pod.image(container));
        ImageName runs = ImageName.of(status.path("image").asText(""));
        boolean asked =
                !before.image().isEmpty() && ImageName.of(before.image()).isOtherWayToWrite(wanted);
        if (asked) {
            // The same image before and after: only another container tells that it started again.
            return !status.path("containerID").asText("").equals(before.containerId());
        }
        if (runs.same(wanted)) {
            // Also when the pod went there and back before the kubelet saw it: then nothing restarts, and nothing has
            // to.
            return true;
        }
        boolean otherImage = !status.path("imageID").asText("").equals(before.imageId());
        boolean otherContainer = !status.path("containerID").asText("").equals(before.containerId());
        if (otherImage && overtaken(status, before, runs)) {
            return false;
        }
        return otherImage || otherContainer;
    }

    /** Whether the container that was told to restart was stopped, though another need not run yet. */
    public static boolean begun(PodView pod, String container, Before before) {
        return pod.containerStatus(container)
                .map(status -> !status.path("containerID").asText("").equals(before.containerId()))
                .orElse(false);
    }

    /**
     * Patched twice in a row, a pod can report a container of the image in between: new since the second patch was decided, and
     * about to be stopped all the same.
     */
    private static boolean overtaken(JsonNode status, Before before, ImageName runs) {
        return !before.image().isEmpty()
                && runs.same(ImageName.of(before.image()))
                && status.path("restartCount").asInt() < before.restartCount() + 2;
    }
}
