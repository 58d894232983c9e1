package dev.trimtab.inplace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Annotation {@value CloneSetKeys#UPDATE_STATE}: what the containers were when they were told to restart. With it any controller can
 * tell whether a pod has done what it was told, from the pod alone.
 *
 * @param revision the revision the pod was patched to
 * @param told when; empty where nobody wrote it down
 * @param next containers that are to be told when these are ready
 */
public record InPlaceState(String revision, Map<String, Before> containers, Optional<Instant> told, NextBatches next) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * A container before its image was patched; texts are empty where the kubelet had not reported yet.
     *
     * @param image as the pod's spec had it
     */
    public record Before(String imageId, String containerId, int restartCount, String image) {

        static Before of(PodView pod, String container) {
            Optional<JsonNode> status = pod.containerStatus(container);
            return new Before(
                    status.map(s -> s.path("imageID").asText("")).orElse(""),
                    status.map(s -> s.path("containerID").asText("")).orElse(""),
                    status.map(s -> s.path("restartCount").asInt(0)).orElse(0),
                    pod.image(container));
        }
    }

    public InPlaceState {
        containers = Map.copyOf(containers);
    }

    /** Empty when the pod was never updated, or carries an annotation that nobody can read. */
    static Optional<InPlaceState> of(PodView pod) {
        return of(pod, CloneSetKeys.UPDATE_STATE);
    }

    /** @param annotation where the state is kept */
    public static Optional<InPlaceState> of(PodView pod, String annotation) {
        String text = pod.metadata().path("annotations").path(annotation).asText("");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonNode json = MAPPER.readTree(text);
            Map<String, Before> containers = new TreeMap<>();
            json.path("lastContainerStatuses").properties().forEach(entry -> {
                JsonNode last = entry.getValue();
                containers.put(
                        entry.getKey(),
                        new Before(
                                last.path("imageID").asText(""),
                                last.path("containerID").asText(""),
                                last.path("restartCount").asInt(0),
                                last.path("image").asText("")));
            });
            return Optional.of(new InPlaceState(
                    json.path("revision").asText(""),
                    containers,
                    instant(json.path("updateTimestamp").asText("")),
                    NextBatches.of(json)));
        } catch (JsonProcessingException unreadable) {
            return Optional.empty();
        }
    }

    /** The state of a pod whose {@code restarting} containers are about to be patched. */
    static InPlaceState begin(PodView pod, String revision, Collection<String> restarting) {
        return begin(pod, CloneSetKeys.UPDATE_STATE, revision, restarting);
    }

    /** The same where the state is kept in {@code annotation}. */
    public static InPlaceState begin(PodView pod, String annotation, String revision, Collection<String> restarting) {
        Map<String, Before> containers = new TreeMap<>();
        // A container that has not come back from an earlier update is still waited for.
        of(pod, annotation)
                .ifPresent(earlier -> earlier.containers().forEach((name, before) -> {
                    if (!Completion.restarted(pod, name, before)) {
                        containers.put(name, before);
                    }
                }));
        restarting.forEach(name -> containers.put(name, Before.of(pod, name)));
        return new InPlaceState(revision, containers, Optional.empty(), NextBatches.NONE);
    }

    /**
     * The same, with nothing said of the images that stay. OpenKruise would wait for another one, and a pod that it takes over in the
     * middle of a restart would wait for good; the other container is proof enough for us.
     */
    InPlaceState keepingImages(PodView pod, Map<String, String> images) {
        Map<String, Before> all = new TreeMap<>(containers);
        images.forEach((name, image) -> {
            if (ImageName.of(pod.image(name)).isOtherWayToWrite(ImageName.of(image))) {
                all.computeIfPresent(
                        name,
                        (any, before) -> new Before("", before.containerId(), before.restartCount(), before.image()));
            }
        });
        return new InPlaceState(revision, all, told, next);
    }

    /** The same, with containers that have to wait for these. */
    InPlaceState then(NextBatches batches) {
        return new InPlaceState(revision, containers, told, batches);
    }

    /** The state of a pod whose next containers are about to be patched; those before them have done their part. */
    InPlaceState goOn(PodView pod, Collection<String> batch, Instant now) {
        Map<String, Before> all = new TreeMap<>(containers);
        batch.forEach(name -> all.put(name, Before.of(pod, name)));
        return new InPlaceState(revision, all, told, next.without(batch, now));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }

    /** @param now when the pod is told */
    public String text(Instant now) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("revision", revision).put("updateTimestamp", now.toString()).put("updateImages", true);
        ObjectNode last = json.putObject("lastContainerStatuses");
        new TreeMap<>(containers)
                .forEach((name, before) -> last.putObject(name)
                        .put("imageID", before.imageId())
                        .put("containerID", before.containerId())
                        .put("restartCount", before.restartCount())
                        .put("image", before.image()));
        next.write(json);
        return json.toString();
    }
}
