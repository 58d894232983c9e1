package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** One write to the cluster. What has to follow it is decided anew from what the cluster then looks like. */
sealed interface Step {

    /** Remembers a template under a new name. */
    record CreateRevision(TemplateRevision revision) implements Step {}

    /** Makes an older template the wanted one again. */
    record RenumberRevision(TemplateRevision revision, long number) implements Step {}

    record DeleteRevision(TemplateRevision revision) implements Step {}

    /** @param instance the name of a pod that left claims behind; empty for a new name */
    record CreatePod(TemplateRevision revision, Optional<String> instance) implements Step {}

    /** @param claims they go with the pod: they are given to it before it is deleted, so that nothing can come in between */
    record DeletePod(PodView pod, List<ClaimView> claims, String why) implements Step {
        public DeletePod {
            claims = List.copyOf(claims);
        }
    }

    /** Closes or opens the readiness gate. */
    record PatchStatus(PodView pod, JsonNode patch, String why) implements Step {}

    /** Brings a running pod to another revision. */
    record PatchPod(PodView pod, JsonNode patch, String why) implements Step {}

    /** Changes cpu or memory of a running pod. */
    record ResizePod(PodView pod, JsonNode patch, String why) implements Step {}

    /** Tells whoever takes part by a hook where a pod is. */
    record PatchLifecycle(PodView pod, JsonNode patch, String why) implements Step {}

    /** Changes the spec of the CloneSet itself. */
    record PatchSpec(JsonNode patch, String why) implements Step {}

    /** Changes who owns a claim. */
    record PatchClaim(ClaimView claim, JsonNode patch) implements Step {}

    record DeleteClaim(ClaimView claim) implements Step {}
}
