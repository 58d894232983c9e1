package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One pod of a workload as the decisions see it. */
public record PodView(ObjectNode json) {

    /** A pod template, of which the specification can be asked like that of a pod. */
    public static PodView ofTemplate(JsonNode template) {
        return new PodView(template instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode());
    }

    public JsonNode metadata() {
        return json.path("metadata");
    }

    public String name() {
        return metadata().path("name").asText();
    }

    public String uid() {
        return metadata().path("uid").asText();
    }

    public String resourceVersion() {
        return metadata().path("resourceVersion").asText();
    }

    JsonNode labels() {
        return metadata().path("labels");
    }

    public String label(String key) {
        return labels().path(key).asText("");
    }

    String annotation(String key) {
        return metadata().path("annotations").path(key).asText("");
    }

    /** Name or hash of the revision the pod was made from or patched to. */
    String revision() {
        return label(CloneSetKeys.REVISION);
    }

    String node() {
        return json.path("spec").path("nodeName").asText("");
    }

    String phase() {
        return json.path("status").path("phase").asText("");
    }

    /** Terminating and finished pods are replaced at once and counted no more. */
    public boolean active() {
        return !metadata().hasNonNull("deletionTimestamp") && !phase().equals("Succeeded") && !phase().equals("Failed");
    }

    /** Where the hooks of its CloneSet have brought it; empty is as good as Normal. */
    String lifecycle() {
        return label(CloneSetKeys.LIFECYCLE_STATE);
    }

    boolean preparingDelete() {
        return lifecycle().equals(CloneSetKeys.PREPARING_DELETE);
    }

    Set<String> finalizers() {
        Set<String> finalizers = new TreeSet<>();
        metadata().path("finalizers").forEach(finalizer -> finalizers.add(finalizer.asText()));
        return finalizers;
    }

    Optional<JsonNode> condition(String type) {
        return Containers.stream(json.path("status").path("conditions"))
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst();
    }

    private boolean is(String type, String status) {
        return condition(type)
                .filter(condition -> condition.path("status").asText().equals(status))
                .isPresent();
    }

    /** True when the pod was created with the gate; it cannot be added later. */
    boolean gated() {
        return Containers.stream(json.path("spec").path("readinessGates"))
                .anyMatch(gate -> gate.path("conditionType").asText().equals(CloneSetKeys.GATE));
    }

    boolean gateOpen() {
        return is(CloneSetKeys.GATE, "True");
    }

    boolean gateClosed() {
        return is(CloneSetKeys.GATE, "False");
    }

    public boolean ready() {
        return active() && phase().equals("Running") && is("Ready", "True") && !gateClosed();
    }

    public boolean available(Duration minReady, Instant now) {
        return availableIn(minReady, now).filter(Duration::isZero).isPresent();
    }

    /** How long until the pod is available if it stays ready; empty while it is not ready. */
    public Optional<Duration> availableIn(Duration minReady, Instant now) {
        if (!ready() || !(lifecycle().isEmpty() || lifecycle().equals(CloneSetKeys.NORMAL))) {
            return Optional.empty();
        }
        Duration left = Duration.between(now, since("Ready").plus(minReady));
        return Optional.of(minReady.isZero() || left.isNegative() ? Duration.ZERO : left);
    }

    /** When a condition took its present status; the epoch where nobody wrote it down. */
    Instant since(String condition) {
        return condition(condition)
                .map(found -> instant(found.path("lastTransitionTime")))
                .orElse(Instant.EPOCH);
    }

    public Instant created() {
        return instant(metadata().path("creationTimestamp"));
    }

    /** Negative and positive costs order a scale-in; anything that is not a plain number counts as 0. */
    int deletionCost() {
        String cost =
                metadata().path("annotations").path(CloneSetKeys.DELETION_COST).asText("0");
        return cost.matches("0|-?[1-9]\\d{0,8}") ? Integer.parseInt(cost) : 0;
    }

    int restarts() {
        return Containers.stream(json.path("status").path("containerStatuses"))
                .mapToInt(status -> status.path("restartCount").asInt())
                .sum();
    }

    /** The status of an ordinary or a restartable init container. */
    public Optional<JsonNode> containerStatus(String container) {
        return named("status", "containerStatuses", container)
                .or(() -> named("status", "initContainerStatuses", container));
    }

    /** As the pod says, an ordinary or an init container. */
    public Optional<JsonNode> container(String container) {
        return named("spec", "containers", container).or(() -> named("spec", "initContainers", container));
    }

    public String image(String container) {
        return named("spec", "containers", container)
                .or(() -> named("spec", "initContainers", container))
                .map(found -> found.path("image").asText(""))
                .orElse("");
    }

    private Optional<JsonNode> named(String part, String list, String name) {
        return Containers.stream(json.path(part).path(list))
                .filter(entry -> entry.path("name").asText().equals(name))
                .findFirst();
    }

    private static Instant instant(JsonNode text) {
        try {
            return Instant.parse(text.asText(""));
        } catch (DateTimeParseException unset) {
            return Instant.EPOCH;
        }
    }

    @Override
    public String toString() {
        return "Pod " + metadata().path("namespace").asText() + "/" + name();
    }
}
