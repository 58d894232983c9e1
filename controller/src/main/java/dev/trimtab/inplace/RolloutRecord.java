package dev.trimtab.inplace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.FieldPointer;
import dev.trimtab.kube.IgnoredFields;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A rollout in place that is under way, written on its Deployment, StatefulSet or DaemonSet in the same request that brings the new
 * template: whoever starts next goes on from it. While it is there, the workload's own controller is kept from replacing pods.
 *
 * @param maxUnavailable how many pods may be unavailable, at least 1
 * @param containers that restart
 * @param restarts those of them that restart with the image they have
 * @param resizes containers whose cpu or memory changes
 * @param droppedLabels keys that the template no longer has
 * @param strategy what {@code spec.updateStrategy} is put back to; empty for a Deployment
 * @param begun when it was written first
 */
public record RolloutRecord(
        int maxUnavailable,
        Set<String> containers,
        Set<String> restarts,
        Set<String> resizes,
        Set<String> droppedLabels,
        Set<String> droppedAnnotations,
        Optional<ObjectNode> strategy,
        Instant begun) {

    /** Label by which rollouts are found; its value is {@value #IN_PLACE}. */
    public static final String LABEL = "trimtab.dev/rollout";

    /** Annotation that holds the record. */
    public static final String ANNOTATION = "trimtab.dev/rollout-state";

    /** Annotation that a person puts on a workload: no further pod is touched, and this is why. */
    public static final String PAUSED = "trimtab.dev/rollout-paused";

    /**
     * Annotation of a workload whose rollout is taken back: to which template it is, by {@link #target}, and why. It says nothing of
     * any other template, so the next commit ends it.
     */
    public static final String UNDONE = "trimtab.dev/rollout-undone";

    /** Annotation of a workload: {@code halt} or {@code rollback} when pods of a rollout do not come up. */
    public static final String ON_FAILURE = "trimtab.dev/on-failure";

    private static final String IN_PLACE = "in-place";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final List<FieldPointer> MARKS = List.of(
            FieldPointer.parse("/metadata/labels/" + LABEL.replace("/", "~1")),
            FieldPointer.parse("/metadata/annotations/" + ANNOTATION.replace("/", "~1")));

    public RolloutRecord {
        containers = Set.copyOf(containers);
        restarts = Set.copyOf(restarts);
        resizes = Set.copyOf(resizes);
        droppedLabels = Set.copyOf(droppedLabels);
        droppedAnnotations = Set.copyOf(droppedAnnotations);
    }

    /** Whether the object with this metadata is in a rollout. */
    public static boolean marks(JsonNode metadata) {
        return metadata.path("labels").path(LABEL).asText("").equals(IN_PLACE);
    }

    /** Why a person paused the rollouts of the workload with this metadata. */
    public static Optional<String> paused(JsonNode metadata) {
        JsonNode why = metadata.path("annotations").path(PAUSED);
        return why.isMissingNode() ? Optional.empty() : Optional.of(why.asText());
    }

    /** By which a template is told from others. The server always writes one the same way. */
    public static String target(JsonNode template) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(MAPPER.writeValueAsString(template).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException | JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Why the rollout to the template that the workload has is taken back. */
    public static Optional<String> undone(JsonNode workload) {
        String text = workload.path("metadata").path("annotations").path(UNDONE).asText("");
        String prefix = target(workload.path("spec").path("template")) + " ";
        return text.startsWith(prefix) ? Optional.of(text.substring(prefix.length())) : Optional.empty();
    }

    /** The merge patch that takes the rollout of {@code live} back; locked by its version. */
    public static ObjectNode undo(JsonNode live, String why) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.set("resourceVersion", live.path("metadata").path("resourceVersion"));
        metadata.putObject("annotations").put(UNDONE, target(live.path("spec").path("template")) + " " + why);
        return patch;
    }

    /** The same rollout the other way: keys that only {@code left} has go. */
    public RolloutRecord back(JsonNode left, JsonNode to) {
        return new RolloutRecord(
                maxUnavailable,
                containers,
                restarts,
                resizes,
                without(left, to, "labels"),
                without(left, to, "annotations"),
                strategy,
                begun);
    }

    /** What begins when the template of {@code live} changes to that of {@code answer}. */
    public static RolloutRecord begin(
            ObjectNode live,
            ObjectNode answer,
            int maxUnavailable,
            Set<String> containers,
            Set<String> restarts,
            Set<String> resizes,
            Instant now) {
        Optional<RolloutRecord> running = of(live);
        Optional<ObjectNode> strategy = live.path("kind").asText().equals("Deployment")
                ? Optional.empty()
                // As the change wants it: Git may have changed it in the same commit.
                : running.map(RolloutRecord::strategy)
                        .orElse(Optional.of(
                                answer.path("spec").path("updateStrategy").deepCopy()));
        RolloutRecord next = new RolloutRecord(
                Math.max(1, maxUnavailable),
                containers,
                restarts,
                resizes,
                dropped(live, answer, "labels"),
                dropped(live, answer, "annotations"),
                strategy,
                now);
        return running.map(next::after).orElse(next);
    }

    /** Pods may still be at what the rollout before this one came from. */
    private RolloutRecord after(RolloutRecord running) {
        return new RolloutRecord(
                maxUnavailable,
                union(containers, running.containers),
                union(restarts, running.restarts),
                union(resizes, running.resizes),
                union(droppedLabels, running.droppedLabels),
                union(droppedAnnotations, running.droppedAnnotations),
                running.strategy,
                running.begun);
    }

    /** Empty where there is none, or none that can be read. */
    public static Optional<RolloutRecord> of(JsonNode workload) {
        JsonNode metadata = workload.path("metadata");
        if (!marks(metadata)) {
            return Optional.empty();
        }
        try {
            JsonNode json = MAPPER.readTree(
                    metadata.path("annotations").path(ANNOTATION).asText(""));
            return Optional.of(new RolloutRecord(
                    Math.max(1, json.path("maxUnavailable").asInt(1)),
                    texts(json.path("containers")),
                    texts(json.path("restarts")),
                    texts(json.path("resizes")),
                    texts(json.path("droppedLabels")),
                    texts(json.path("droppedAnnotations")),
                    json.path("strategy") instanceof ObjectNode strategy ? Optional.of(strategy) : Optional.empty(),
                    Instant.parse(json.path("begun").asText(""))));
        } catch (JsonProcessingException | DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }

    /** The workload as Git has it, held back from rolling on its own. */
    public ObjectNode holding(ObjectNode desired) {
        ObjectNode held = desired.deepCopy();
        ObjectNode metadata = held.withObjectProperty("metadata");
        metadata.withObjectProperty("labels").put(LABEL, IN_PLACE);
        metadata.withObjectProperty("annotations").put(ANNOTATION, text());
        ObjectNode spec = held.withObjectProperty("spec");
        switch (held.path("kind").asText()) {
            case "StatefulSet" ->
                // Above every ordinal, so that its controller replaces none, whatever it is scaled to. Nothing else is
                // written:
                // what the end of the rollout leaves as it is would stay with the sync, which has to own just what Git
                // says.
                spec.withObjectProperty("updateStrategy")
                        .withObjectProperty("rollingUpdate")
                        .put("partition", Integer.MAX_VALUE);
            case "DaemonSet" -> spec.withObjectProperty("updateStrategy").put("type", "OnDelete");
            default -> spec.put("paused", true);
        }
        return held;
    }

    /** What Git says, and of what a rollout holds just as much as {@code manager} has to send for it to stay. */
    public static ObjectNode sustaining(ObjectNode live, ObjectNode desired, String manager) {
        List<FieldPointer> fields = switch (live.path("kind").asText()) {
            case "StatefulSet" ->
                List.of(
                        MARKS.get(0),
                        MARKS.get(1),
                        FieldPointer.parse("/spec/updateStrategy/type"),
                        FieldPointer.parse("/spec/updateStrategy/rollingUpdate/partition"));
            case "DaemonSet" -> List.of(MARKS.get(0), MARKS.get(1), FieldPointer.parse("/spec/updateStrategy/type"));
            default -> List.of(MARKS.get(0), MARKS.get(1), FieldPointer.parse("/spec/paused"));
        };
        List<FieldPointer> ours = new IgnoredFields(fields).ownedBy(live.path("metadata"), manager);
        return new IgnoredFields(ours).asIn(live, new IgnoredFields(fields).without(desired));
    }

    /**
     * The merge patch that ends it: the marks go and the workload's own controller is let go. Locked by the version of {@code live}.
     */
    public ObjectNode end(ObjectNode live) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.set("resourceVersion", live.path("metadata").path("resourceVersion"));
        metadata.putObject("labels").putNull(LABEL);
        metadata.putObject("annotations").putNull(ANNOTATION).putNull(UNDONE);
        ObjectNode spec = patch.putObject("spec");
        if (strategy.isPresent()) {
            spec.set("updateStrategy", strategy.get());
        } else {
            spec.putNull("paused");
        }
        return patch;
    }

    /** From which ordinal on the pods of a StatefulSet are to be updated. */
    public int partition() {
        return strategy.map(
                        field -> field.path("rollingUpdate").path("partition").asInt(0))
                .orElse(0);
    }

    private String text() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("maxUnavailable", maxUnavailable);
        new TreeSet<>(containers).forEach(json.putArray("containers")::add);
        new TreeSet<>(restarts).forEach(json.putArray("restarts")::add);
        new TreeSet<>(resizes).forEach(json.putArray("resizes")::add);
        new TreeSet<>(droppedLabels).forEach(json.putArray("droppedLabels")::add);
        new TreeSet<>(droppedAnnotations).forEach(json.putArray("droppedAnnotations")::add);
        strategy.ifPresent(field -> json.set("strategy", field));
        return json.put("begun", begun.toString()).toString();
    }

    private static Set<String> dropped(ObjectNode live, ObjectNode answer, String field) {
        return without(live.at("/spec/template"), answer.at("/spec/template"), field);
    }

    /** Keys of {@code template} that {@code other} does not have. */
    private static Set<String> without(JsonNode template, JsonNode other, String field) {
        Set<String> keys = new TreeSet<>();
        template.path("metadata").path(field).fieldNames().forEachRemaining(keys::add);
        other.path("metadata").path(field).fieldNames().forEachRemaining(keys::remove);
        return keys;
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> both = new TreeSet<>(one);
        both.addAll(other);
        return both;
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new TreeSet<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
