package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;

/** One write to the cluster. What has to follow it is decided anew from what the cluster then looks like. */
sealed interface Step {

    /** Remembers a template under a new name. */
    record CreateRevision(TemplateRevision revision) implements Step {}

    /** Makes an older template the wanted one again. */
    record RenumberRevision(TemplateRevision revision, long number) implements Step {}

    record DeleteRevision(TemplateRevision revision) implements Step {}

    record CreatePod(TemplateRevision revision) implements Step {}

    record DeletePod(PodView pod, String why) implements Step {}

    /** Closes or opens the readiness gate. */
    record PatchStatus(PodView pod, JsonNode patch, String why) implements Step {}

    /** Brings a running pod to another revision. */
    record PatchPod(PodView pod, JsonNode patch, String why) implements Step {}
}
