package dev.trimtab.inplace.prepull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A pod that exists to bring images to a node, read. {@link PullPodSpec} writes it. */
record PullPod(ObjectNode json) {

    /** Label that marks it; its value is the uid of the workload. */
    static final String LABEL = "trimtab.dev/pre-pull";

    /** Label: the template it pulls for. */
    static final String REVISION = "trimtab.dev/pre-pull-revision";

    /** Annotation of the one pod that stays when all nodes are done, to tell so. */
    static final String DONE = "trimtab.dev/pre-pull-done";

    /** Containers of it are called this and a number; what others inject is called something else. */
    static final String CONTAINER = "image-";

    /** A kubelet tries again 10 s after a failure: one hiccup of a registry is over by then, or has shown twice. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A kubelet that lives takes note of a pod within seconds. */
    static final Duration UNHEARD = Duration.ofMinutes(1);

    /** A node that takes longer must not hold up the others. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    /** What a kubelet says before it has an image. Any other reason it gives only once it has. */
    private static final Set<String> BEFORE_PULLED = Set.of("", "ContainerCreating", "PodInitializing");

    private static final Set<String> NOT_PULLED = Set.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "ImageInspectError",
            "RegistryUnavailable",
            "SignatureValidationFailed",
            "InvalidImageName",
            "ErrImageNeverPull");

    /** Waiting does not help these. */
    private static final Set<String> FOR_GOOD = Set.of("InvalidImageName", "ErrImageNeverPull");

    /** Where the pod is at. */
    enum Stage {
        PULLING,
        /** The images are on the node. Whether anything of them could be run does not matter. */
        PULLED,
        /** The node does not take the pod or does not answer: it has no say. */
        PASSED_OVER,
        FAILED,
        /** Its time is over while it tried in vain; a new one starts over. */
        SPENT
    }

    String name() {
        return json.path("metadata").path("name").asText();
    }

    String uid() {
        return json.path("metadata").path("uid").asText();
    }

    String node() {
        return PrePullOrder.nodeOf(json);
    }

    String workloadUid() {
        return json.path("metadata").path("labels").path(LABEL).asText();
    }

    String revision() {
        return json.path("metadata").path("labels").path(REVISION).asText();
    }

    boolean deleting() {
        return json.path("metadata").hasNonNull("deletionTimestamp");
    }

    boolean tellsDone() {
        return json.path("metadata").path("annotations").has(DONE);
    }

    /** The workload it pulls for; empty where the owner was taken off. */
    Optional<ObjectKey> workload() {
        JsonNode owner = json.path("metadata").path("ownerReferences").path(0);
        String kind = owner.path("kind").asText("");
        return kind.isEmpty()
                ? Optional.empty()
                : Optional.of(new ObjectKey(
                        ObjectKey.groupOf(owner.path("apiVersion").asText("")),
                        kind,
                        Optional.of(json.path("metadata").path("namespace").asText()),
                        owner.path("name").asText("")));
    }

    Stage stage(Instant now) {
        String phase = json.path("status").path("phase").asText("");
        if (phase.equals("Succeeded") || pulledAll()) {
            return Stage.PULLED;
        }
        if (phase.equals("Failed")) {
            return json.path("status").path("reason").asText("").equals("DeadlineExceeded")
                    ? Stage.SPENT
                    : Stage.PASSED_OVER;
        }
        Optional<JsonNode> failure = failure();
        if (failure.isPresent() && (FOR_GOOD.contains(reason(failure.get())) || age(now).compareTo(PATIENCE) >= 0)) {
            return Stage.FAILED;
        }
        return failure.isEmpty() && age(now).compareTo(patience()) >= 0 ? Stage.PASSED_OVER : Stage.PULLING;
    }

    /** Until the stage is another though nothing happens. */
    Optional<Duration> again(Instant now) {
        if (stage(now) != Stage.PULLING) {
            return Optional.empty();
        }
        return Optional.of((failure().isPresent() ? PATIENCE : patience()).minus(age(now)));
    }

    /** The status of the first container whose image could not be pulled. */
    Optional<JsonNode> failure() {
        for (JsonNode status : json.path("status").path("containerStatuses")) {
            if (isOurs(status) && NOT_PULLED.contains(reason(status))) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    /** The image of a container, as the template writes it. */
    String image(JsonNode status) {
        for (JsonNode container : json.path("spec").path("containers")) {
            if (container.path("name").equals(status.path("name"))) {
                return container.path("image").asText();
            }
        }
        return status.path("image").asText();
    }

    /** As people read it. */
    String line() {
        List<String> images = new ArrayList<>();
        json.path("spec")
                .path("containers")
                .forEach(container -> images.add(container.path("image").asText()));
        return node() + " " + String.join(" ", images) + ": "
                + failure().map(PullPod::told).orElseGet(() -> pulledAll() ? "pulled" : "being pulled");
    }

    /** Of one failure a kubelet says the same while it waits as when it came, with a few words before. */
    static String told(JsonNode status) {
        String message =
                status.path("state").path("waiting").path("message").asText("").strip();
        int cause = message.indexOf("ErrImagePull: ");
        if (cause >= 0) {
            return message.substring(cause);
        }
        return message.isEmpty() ? reason(status) : reason(status) + ": " + message;
    }

    private Duration patience() {
        JsonNode status = json.path("status");
        boolean heard = status.hasNonNull("startTime")
                || !status.path("containerStatuses").isEmpty();
        return heard ? LONGEST : UNHEARD;
    }

    private boolean pulledAll() {
        int wanted = 0;
        for (JsonNode container : json.path("spec").path("containers")) {
            wanted += isOurs(container) ? 1 : 0;
        }
        int pulled = 0;
        for (JsonNode status : json.path("status").path("containerStatuses")) {
            pulled += isOurs(status) && pulled(status) ? 1 : 0;
        }
        return wanted > 0 && pulled == wanted;
    }

    private static boolean pulled(JsonNode status) {
        JsonNode state = status.path("state");
        return !status.path("imageID").asText("").isEmpty()
                || state.path("running").isObject()
                // Not what a kubelet makes up for a container it never saw.
                || (state.path("terminated").isObject()
                        && !state.path("terminated").path("reason").asText("").equals("ContainerStatusUnknown"))
                || (state.path("waiting").isObject()
                        && !BEFORE_PULLED.contains(reason(status))
                        && !NOT_PULLED.contains(reason(status)));
    }

    private static boolean isOurs(JsonNode container) {
        return container.path("name").asText().startsWith(CONTAINER);
    }

    private static String reason(JsonNode status) {
        return status.path("state").path("waiting").path("reason").asText("");
    }

    private Duration age(Instant now) {
        try {
            Instant created = Instant.parse(
                    json.path("metadata").path("creationTimestamp").asText(""));
            return Duration.between(created, now);
        } catch (DateTimeParseException unset) {
            return Duration.ZERO;
        }
    }

    @Override
    public String toString() {
        return "Pod " + json.path("metadata").path("namespace").asText() + "/" + name();
    }
}
