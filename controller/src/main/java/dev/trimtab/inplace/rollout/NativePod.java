package dev.trimtab.inplace.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.Completion;
import dev.trimtab.inplace.ImageName;
import dev.trimtab.inplace.InPlaceState;
import dev.trimtab.inplace.PodResize;
import dev.trimtab.inplace.PodView;
import dev.trimtab.inplace.Resizing;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One pod of a rollout: whether it is as the template wants it, the patch that makes it so, and whether it has come back.
 *
 * @param revision what the pod's label {@value #REVISION} is to be; empty where the workload's controller does not go by it
 */
record NativePod(PodView view, Rollout rollout, Optional<String> revision) {

    static final String REVISION = "controller-revision-hash";

    /** Annotation of a pod: to which template it was patched, and what its containers were before. */
    static final String STATE = "trimtab.dev/in-place-state";

    /** Labels that the workload's own controller gives its pods. */
    private static final Set<String> RESERVED = Set.of(REVISION, "pod-template-hash");

    /** Nothing of the pod is to change any more; it may still be on its way. */
    boolean current() {
        boolean told = patched();
        boolean labelled = revision.map(view.label(REVISION)::equals).orElse(true);
        // What somebody else makes of an image on its way into the pod is not ours to fight over.
        return labelled
                && resize().left().isEmpty()
                && (told || (images().isEmpty() && metadata().isEmpty()));
    }

    /** Whether it was brought to the template where it runs. */
    boolean patched() {
        return state().filter(state -> state.revision().equals(rollout.target()))
                .isPresent();
    }

    /** Ready, and not with a container that is about to stop. */
    boolean available() {
        return availableIn().filter(Duration::isZero).isPresent();
    }

    /** How long until the pod is available if it stays ready; empty while it is not ready. */
    Optional<Duration> availableIn() {
        Duration minReady = rollout.minReady();
        if (!restarted() || !resize().given()) {
            return Optional.empty();
        }
        return view.availableIn(minReady, rollout.now()).map(left -> {
            Duration since = Duration.between(started(), rollout.now());
            Duration rest = minReady.minus(since);
            return rest.compareTo(left) > 0 ? rest : left;
        });
    }

    /** Whether a patched pod is past its time and still not ready; says why. */
    Optional<String> failed() {
        if (!current() || available() || told().isEmpty()) {
            return Optional.empty();
        }
        return leftUntilDeadline()
                .filter(left -> left.isNegative() || left.isZero())
                .map(over -> trouble());
    }

    /** Until a patched pod has to be available. */
    Optional<Duration> leftUntilDeadline() {
        return told().map(at ->
                Duration.between(rollout.now(), at.plus(rollout.deadline()).plus(rollout.minReady())));
    }

    /** Whether making it current stops a container. */
    boolean restarts() {
        return !images().isEmpty() || !again().isEmpty();
    }

    /** Whether one of its containers gets an image that it does not run, not just another way to write it. */
    boolean takesOtherImage() {
        return images().stream()
                .anyMatch(name -> !ImageName.of(view.image(name)).isOtherWayToWrite(ImageName.of(image(name))));
    }

    /**
     * A container that was told to restart, for an earlier template, and was not stopped yet would start with what that template said:
     * whatever else it is told has to wait for it.
     */
    boolean busy() {
        Set<String> repeated = new TreeSet<>(images());
        repeated.retainAll(rollout.record().restarts());
        repeated.addAll(again());
        return !repeated.isEmpty()
                && state().stream()
                        .flatMap(state -> state.containers().entrySet().stream())
                        .anyMatch(entry -> !Completion.begun(view, entry.getKey(), entry.getValue()));
    }

    /** Why the pod cannot be brought to the template where it runs. */
    Optional<String> impossible() {
        Optional<String> infeasible =
                rollout.record().resizes().isEmpty() ? Optional.empty() : Resizing.infeasible(view);
        return infeasible.isPresent() || current() ? infeasible : unrepeatable();
    }

    private Optional<String> unrepeatable() {
        return again().stream()
                .filter(name -> other(name).isEmpty())
                .findFirst()
                .map(name ->
                        "no other reference is known to the image that container " + name + " of " + view + " runs");
    }

    /** Its cpu and memory on their way to what the template says. */
    PodResize resize() {
        return new PodResize(view, rollout.template(), rollout.record().resizes());
    }

    /** Strategic merge: injected containers, and labels and annotations of others, stay. Locked by the pod's version. */
    ObjectNode patch() {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = patch.putObject("metadata").put("resourceVersion", view.resourceVersion());
        metadata().forEach((path, value) -> {
            int slash = path.indexOf('/');
            metadata.withObjectProperty(path.substring(0, slash)).set(path.substring(slash + 1), value);
        });
        revision.ifPresent(hash -> metadata.withObjectProperty("labels").put(REVISION, hash));
        Set<String> restarting = images();
        Set<String> again = again();
        again.forEach(name -> patch.withObjectProperty("spec")
                .withArrayProperty(isInit(name) ? "initContainers" : "containers")
                .addObject()
                .put("name", name)
                .put("image", other(name).orElse(view.image(name))));
        Set<String> stopped = new TreeSet<>(restarting);
        stopped.addAll(again);
        metadata.withObjectProperty("annotations")
                .put(
                        STATE,
                        InPlaceState.begin(view, STATE, rollout.target(), stopped)
                                .text(rollout.now()));
        for (String list : new String[] {"containers", "initContainers"}) {
            for (JsonNode container : rollout.template().path("spec").path(list)) {
                String name = container.path("name").asText();
                if (restarting.contains(name)) {
                    patch.withObjectProperty("spec")
                            .withArrayProperty(list)
                            .addObject()
                            .put("name", name)
                            .set("image", container.path("image"));
                }
            }
        }
        return patch;
    }

    /** The containers that have to get another image. */
    private Set<String> images() {
        Set<String> names = new TreeSet<>();
        for (String list : new String[] {"containers", "initContainers"}) {
            for (JsonNode container : rollout.template().path("spec").path(list)) {
                String name = container.path("name").asText();
                String runs = view.image(name);
                if (rollout.record().containers().contains(name)
                        && !runs.isEmpty()
                        && !runs.equals(container.path("image").asText())) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /** The containers that have to start again with the image they have; one that never ran will start with what is new. */
    private Set<String> again() {
        if (metadata().isEmpty()) {
            return Set.of();
        }
        Set<String> names = new TreeSet<>(rollout.record().restarts());
        names.removeAll(images());
        names.removeIf(name -> imageId(name).isEmpty());
        return names;
    }

    private Optional<String> other(String container) {
        return ImageName.other(view.image(container), image(container), imageId(container));
    }

    private String image(String container) {
        return PodView.ofTemplate(rollout.template()).image(container);
    }

    private boolean isInit(String container) {
        return Rollout.named(rollout.template().path("spec").path("initContainers"), container);
    }

    private String imageId(String container) {
        return view.containerStatus(container)
                .map(status -> status.path("imageID").asText(""))
                .orElse("");
    }

    /** Keys that have to change, as {@code labels/<key>}, with their values; null for those that have to go. */
    private Map<String, JsonNode> metadata() {
        Map<String, JsonNode> changes = new TreeMap<>();
        JsonNode wanted = rollout.template().path("metadata");
        for (String field : new String[] {"labels", "annotations"}) {
            JsonNode has = view.metadata().path(field);
            wanted.path(field).properties().forEach(entry -> {
                if (!RESERVED.contains(entry.getKey()) && !entry.getValue().equals(has.get(entry.getKey()))) {
                    changes.put(field + "/" + entry.getKey(), entry.getValue());
                }
            });
            Set<String> dropped = field.equals("labels")
                    ? rollout.record().droppedLabels()
                    : rollout.record().droppedAnnotations();
            dropped.stream()
                    .filter(key -> has.has(key) && !wanted.path(field).has(key))
                    .forEach(key -> changes.put(field + "/" + key, JsonNodeFactory.instance.nullNode()));
        }
        return changes;
    }

    private Optional<InPlaceState> state() {
        return InPlaceState.of(view, STATE);
    }

    private boolean restarted() {
        return state().map(state -> state.containers().entrySet().stream()
                        .allMatch(entry -> Completion.restarted(view, entry.getKey(), entry.getValue())))
                .orElse(true);
    }

    private Optional<Instant> told() {
        return state().flatMap(InPlaceState::told);
    }

    /** When the last of the containers that were told to restart did so. */
    private Instant started() {
        return state().stream()
                .flatMap(state -> state.containers().keySet().stream())
                .flatMap(name -> view.containerStatus(name).stream())
                .map(status -> status.at("/state/running/startedAt").asText(""))
                .map(NativePod::instant)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException unset) {
            return Instant.EPOCH;
        }
    }

    private String trouble() {
        for (JsonNode status : view.json().at("/status/containerStatuses")) {
            JsonNode waiting = status.path("state").path("waiting");
            if (waiting.isObject()) {
                String message = waiting.path("message").asText("");
                return view + ": container " + status.path("name").asText() + " waits: "
                        + waiting.path("reason").asText("unknown") + (message.isEmpty() ? "" : ": " + message);
            }
        }
        return view + ": not ready in time; look at its readiness probe and its log";
    }
}
