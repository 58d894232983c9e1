package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.controllers.ContainerRun.Role;
import java.time.Instant;

/** One element of {@code containerStatuses} or {@code initContainerStatuses}, as a kubelet words it. */
final class ContainerStatus {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final JsonNode pod;
    private final JsonNode spec;
    private final ContainerRun run;
    private final Instant now;

    private ContainerStatus(JsonNode pod, JsonNode spec, ContainerRun run, Instant now) {
        this.pod = pod;
        this.spec = spec;
        this.run = run;
        this.now = now;
    }

    static ObjectNode of(JsonNode pod, JsonNode spec, ContainerRun run, Instant now) {
        return new ContainerStatus(pod, spec, run, now).json();
    }

    private ObjectNode json() {
        ObjectNode status = JSON.objectNode();
        status.set("name", spec.path("name"));
        status.set("state", state());
        status.set("lastState", lastState());
        status.put("ready", run.ready(spec, now));
        status.put("restartCount", run.restarts());
        // What last ran, whatever the spec asks for by now: an image that could not be pulled never shows up here.
        status.put(
                "image",
                run.hasRun() ? run.image().normalised() : spec.path("image").asText());
        status.put("imageID", run.hasRun() ? run.image().imageId() : "");
        if (run.hasRun()) {
            status.put("containerID", run.containerId());
        }
        status.put("started", run.started(spec, now));
        JsonNode resources = spec.path("resources");
        if (run.running() && !resources.isEmpty()) {
            status.set("resources", resources);
            if (resources.has("requests")) {
                status.set("allocatedResources", resources.get("requests"));
            }
        }
        return status;
    }

    private ObjectNode state() {
        ObjectNode state = JSON.objectNode();
        if (run.running()) {
            state.putObject("running")
                    .put("startedAt", ObjectMeta.time(run.startedAt().orElse(now)));
        } else if (run.terminated()) {
            run.lastEnd().ifPresent(end -> state.set("terminated", terminated(end)));
        } else if (run.backsOff()) {
            String delay = run.backOffDelay().toSeconds() + "s";
            waiting(
                    state,
                    "CrashLoopBackOff",
                    "back-off " + delay + " restarting failed container=" + name() + " pod=" + ObjectMeta.name(pod)
                            + "_" + Key.of(pod).namespace() + "(" + ObjectMeta.uid(pod) + ")");
        } else if (run.unpullable()) {
            String image = ImageReference.parse(run.wantedImage()).normalised();
            String failure = "failed to pull and unpack image \"" + image + "\": failed to resolve reference \"" + image
                    + "\": " + image + ": not found";
            if (run.pullFailedNow()) {
                waiting(state, "ErrImagePull", failure);
            } else {
                waiting(
                        state,
                        "ImagePullBackOff",
                        "Back-off pulling image \"" + run.wantedImage() + "\": ErrImagePull: " + failure);
            }
        } else {
            boolean main = run.role() == Role.MAIN || run.role() == Role.TASK;
            boolean initContainersFirst =
                    main && !pod.path("spec").path("initContainers").isEmpty();
            waiting(state, initContainersFirst || !main ? "PodInitializing" : "ContainerCreating", "");
        }
        return state;
    }

    private ObjectNode lastState() {
        ObjectNode lastState = JSON.objectNode();
        run.endBeforeState().ifPresent(end -> lastState.set("terminated", terminated(end)));
        return lastState;
    }

    private static ObjectNode terminated(ContainerRun.End end) {
        return JSON.objectNode()
                .put("exitCode", end.exitCode())
                .put("reason", end.exitCode() == 0 ? "Completed" : "Error")
                .put("startedAt", ObjectMeta.time(end.startedAt()))
                .put("finishedAt", ObjectMeta.time(end.finishedAt()))
                .put("containerID", end.containerId());
    }

    private static void waiting(ObjectNode state, String reason, String message) {
        ObjectNode waiting = state.putObject("waiting").put("reason", reason);
        if (!message.isEmpty()) {
            waiting.put("message", message);
        }
    }

    private String name() {
        return spec.path("name").asText();
    }
}
