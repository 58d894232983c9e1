package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.controllers.JobVerdict.End;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The pods of a Job, and what they mean for it beside what its status has counted already. */
record JobPods(ObjectNode job, List<ObjectNode> all) {

    private static final String INDEX = "batch.kubernetes.io/job-completion-index";
    /** A generated name has room for this much before its random end. */
    private static final int LONGEST_PREFIX = 58;

    static JobPods of(ObjectNode job, List<ObjectNode> all) {
        return new JobPods(job, List.copyOf(all));
    }

    private JsonNode spec() {
        return job.path("spec");
    }

    List<ObjectNode> active() {
        return all.stream().filter(PodState::active).toList();
    }

    int terminating() {
        return (int) all.stream().filter(PodState::terminating).count();
    }

    static boolean succeeded(JsonNode pod) {
        return pod.path("status").path("phase").asText().equals("Succeeded");
    }

    /** A pod that is being deleted has failed at once, unless only ended pods are replaced. */
    boolean isFailed(JsonNode pod) {
        return pod.path("status").path("phase").asText().equals("Failed")
                || (!replacesEndedOnly() && ObjectMeta.deleting(pod) && !succeeded(pod));
    }

    private boolean replacesEndedOnly() {
        return spec().path("podReplacementPolicy").asText().equals("Failed") || spec().has("podFailurePolicy");
    }

    List<ObjectNode> failed() {
        return all.stream().filter(this::isFailed).toList();
    }

    List<ObjectNode> newlySucceeded() {
        return unknown("succeeded").filter(JobPods::succeeded).toList();
    }

    List<ObjectNode> newlyFailed() {
        return unknown("failed").filter(this::isFailed).toList();
    }

    /** Pods that are still held and not yet noted. */
    private Stream<ObjectNode> unknown(String list) {
        Set<String> noted = new HashSet<>();
        job.path("status").path("uncountedTerminatedPods").path(list).forEach(uid -> noted.add(uid.asText()));
        return all.stream()
                .filter(pod -> ObjectMeta.hasFinalizer(pod, Jobs.TRACKING))
                .filter(pod -> !noted.contains(ObjectMeta.uid(pod)))
                .filter(this::valid);
    }

    /** All successes that there have been; of several with one index, one counts. */
    int successes() {
        return indexed()
                ? succeededIndexes().size()
                : known("succeeded") + newlySucceeded().size();
    }

    /** All failures that there have been and that count. */
    int failures() {
        return known("failed")
                + (int) newlyFailed().stream()
                        .filter(pod -> PodFailurePolicy.counts(job, pod))
                        .count();
    }

    private int known(String list) {
        JsonNode status = job.path("status");
        return status.path(list).asInt()
                + status.path("uncountedTerminatedPods").path(list).size();
    }

    int restarts() {
        int restarts = 0;
        for (ObjectNode pod : all) {
            for (String list : PodState.finished(pod)
                    ? List.<String>of()
                    : List.of("initContainerStatuses", "containerStatuses")) {
                for (JsonNode container : pod.path("status").path(list)) {
                    restarts += container.path("restartCount").asInt();
                }
            }
        }
        return restarts;
    }

    /** Pods whose end, or whose Job's end, can be counted now. */
    List<ObjectNode> countable(Optional<End> end) {
        boolean everything = end.isPresent() || ObjectMeta.deleting(job);
        return all.stream()
                .filter(pod -> ObjectMeta.hasFinalizer(pod, Jobs.TRACKING))
                .filter(pod -> everything || succeeded(pod) || isFailed(pod))
                .toList();
    }

    /** How many should be active now. */
    int wanted() {
        if (spec().path("suspend").asBoolean()) {
            return 0;
        }
        int parallelism = spec().path("parallelism").asInt(1);
        if (!spec().path("completions").isNumber()) {
            return successes() > 0 ? active().size() : parallelism;
        }
        return Math.max(0, Math.min(parallelism, spec().path("completions").asInt() - successes()));
    }

    /** Pods on their way out that are not replaced before they have ended. */
    int holdingTheirPlace() {
        return replacesEndedOnly() ? terminating() : 0;
    }

    /** Pods beyond {@code wanted}; of an index at most one. */
    List<ObjectNode> superfluous(int wanted, Instant now) {
        List<ObjectNode> sorted = active().stream()
                .sorted(ScaleInOrder.of(List.of(), now).reversed())
                .toList();
        List<ObjectNode> kept = new ArrayList<>();
        List<ObjectNode> superfluous = new ArrayList<>();
        Set<Integer> indexes = new HashSet<>();
        for (ObjectNode pod : sorted) {
            boolean useful =
                    !indexed() || (valid(pod) && index(pod).filter(indexes::add).isPresent());
            (useful && kept.size() < wanted ? kept : superfluous).add(pod);
        }
        return superfluous;
    }

    boolean indexed() {
        return spec().path("completionMode").asText().equals("Indexed");
    }

    Optional<Integer> index(JsonNode pod) {
        try {
            return Optional.of(Integer.valueOf(ObjectMeta.annotation(pod, INDEX)));
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }

    /** A pod of an indexed Job counts only with an index that the Job asks for. */
    boolean valid(JsonNode pod) {
        return !indexed() || index(pod).filter(index -> index < completions()).isPresent();
    }

    private int completions() {
        return spec().path("completions").asInt();
    }

    NavigableSet<Integer> completedIndexes() {
        return JobIndexes.parse(job.path("status").path("completedIndexes").asText(), completions());
    }

    private NavigableSet<Integer> succeededIndexes() {
        NavigableSet<Integer> indexes = new TreeSet<>(completedIndexes());
        newlySucceeded().forEach(pod -> index(pod).ifPresent(indexes::add));
        return indexes;
    }

    /** What the next pods are for; empty elements where they have no indexes. */
    List<Optional<Integer>> nextIndexes(int count) {
        List<Optional<Integer>> next = new ArrayList<>();
        if (!indexed()) {
            for (int i = 0; i < count; i++) {
                next.add(Optional.empty());
            }
            return next;
        }
        Set<Integer> taken = succeededIndexes();
        all.stream()
                .filter(pod -> PodState.active(pod) || (replacesEndedOnly() && PodState.terminating(pod)))
                .forEach(pod -> index(pod).ifPresent(taken::add));
        for (int i = 0; i < completions() && next.size() < count; i++) {
            if (!taken.contains(i)) {
                next.add(Optional.of(i));
            }
        }
        return next;
    }

    static ObjectNode pod(ObjectNode job, ObjectNode reference, Optional<Integer> index) {
        ObjectNode pod = PodTemplate.pod(job.path("spec").path("template"), job, reference);
        ObjectNode metadata = pod.withObject("metadata");
        if (!ObjectMeta.hasFinalizer(pod, Jobs.TRACKING)) {
            metadata.withArray("finalizers").add(Jobs.TRACKING);
        }
        index.ifPresent(number -> {
            String suffix = "-" + number + "-";
            String name = ObjectMeta.name(job);
            metadata.put(
                    "generateName",
                    name.substring(0, Math.min(name.length(), LONGEST_PREFIX - suffix.length())) + suffix);
            metadata.withObject("labels").put(INDEX, number.toString());
            metadata.withObject("annotations").put(INDEX, number.toString());
            ObjectNode spec = pod.withObject("spec");
            spec.put("hostname", name + "-" + number);
            Stream.of("initContainers", "containers")
                    .flatMap(list -> spec.path(list).valueStream())
                    .forEach(container -> tellIndex((ObjectNode) container));
        });
        return pod;
    }

    private static void tellIndex(ObjectNode container) {
        ArrayNode env = container.withArray("env");
        for (JsonNode variable : env) {
            if (variable.path("name").asText().equals("JOB_COMPLETION_INDEX")) {
                return;
            }
        }
        env.addObject()
                .put("name", "JOB_COMPLETION_INDEX")
                .putObject("valueFrom")
                .putObject("fieldRef")
                .put("fieldPath", "metadata.labels['" + INDEX + "']");
    }
}
