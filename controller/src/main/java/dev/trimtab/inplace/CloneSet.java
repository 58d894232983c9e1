package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A CloneSet of either version, read. */
record CloneSet(ObjectNode json, UpdateStrategy strategy) {

    static CloneSet of(ObjectNode json) {
        UpdateStrategy strategy = UpdateStrategy.ofCloneSet(json.path("spec"));
        return new CloneSet(json, RolloutRecord.paused(json.path("metadata")).isPresent() ? strategy.held() : strategy);
    }

    String namespace() {
        return json.path("metadata").path("namespace").asText();
    }

    String name() {
        return json.path("metadata").path("name").asText();
    }

    String uid() {
        return json.path("metadata").path("uid").asText();
    }

    long generation() {
        return json.path("metadata").path("generation").asLong();
    }

    boolean deleting() {
        return json.path("metadata").hasNonNull("deletionTimestamp");
    }

    JsonNode spec() {
        return json.path("spec");
    }

    JsonNode status() {
        return json.path("status");
    }

    int replicas() {
        return Math.max(0, spec().path("replicas").asInt(1));
    }

    JsonNode template() {
        return spec().path("template");
    }

    /** How long a pod has to be ready before it counts as available. */
    Duration minReady() {
        return Duration.ofSeconds(Math.max(0, spec().path("minReadySeconds").asLong(0)));
    }

    /** How long a pod is kept out of its Services before its container is stopped. */
    Duration grace() {
        return Duration.ofSeconds(Math.max(
                0,
                updateTerms()
                        .path("inPlaceUpdateStrategy")
                        .path("gracePeriodSeconds")
                        .asLong(0)));
    }

    /** Where the terms of an update stand: v1beta1 has them one level deeper. */
    JsonNode updateTerms() {
        JsonNode field = spec().path("updateStrategy");
        return field.has("rollingUpdate") ? field.path("rollingUpdate") : field;
    }

    /** Empty where progress is not watched; the largest number says the same. */
    Optional<Duration> progressDeadline() {
        JsonNode field = spec().path("progressDeadlineSeconds");
        return field.isIntegralNumber() && field.asLong() < Integer.MAX_VALUE
                ? Optional.of(Duration.ofSeconds(Math.max(0, field.asLong())))
                : Optional.empty();
    }

    int historyLimit() {
        return Math.max(0, spec().path("revisionHistoryLimit").asInt(10));
    }

    /** How many pods may be unavailable while pods are added; without a limit there is no cap. */
    int scaleMaxUnavailable() {
        return IntOrPercent.of(spec().path("scaleStrategy").path("maxUnavailable"))
                .map(limit -> limit.up(replicas()))
                .orElse(Integer.MAX_VALUE);
    }

    List<JsonNode> claimTemplates() {
        return Containers.stream(spec().path("volumeClaimTemplates")).toList();
    }

    /**
     * Whether a new pod takes over claims that a pod before it left behind. v1alpha1 says when it must not, v1beta1 when it may; where
     * neither is said, the shape of the update strategy tells which of the two was meant, and claims are kept where it does not.
     */
    boolean reusesClaims() {
        JsonNode scaleStrategy = spec().path("scaleStrategy");
        if (scaleStrategy.has("enablePVCReuse")) {
            return scaleStrategy.path("enablePVCReuse").asBoolean();
        }
        if (scaleStrategy.has("disablePVCReuse")) {
            return !scaleStrategy.path("disablePVCReuse").asBoolean();
        }
        JsonNode field = spec().path("updateStrategy");
        String type = field.path("type").asText("");
        return !field.has("rollingUpdate") && !type.equals("RollingUpdate") && !type.equals("OnDelete");
    }

    Set<String> podsToDelete() {
        Set<String> names = new TreeSet<>();
        spec().path("scaleStrategy").path("podsToDelete").forEach(name -> names.add(name.asText()));
        return names;
    }

    int collisionCount() {
        return status().path("collisionCount").asInt(0);
    }

    Lifecycle lifecycle() {
        return Lifecycle.of(spec().path("lifecycle"));
    }

    /** Whether pods on their way out are replaced before they are gone. */
    boolean excludesPreparingDelete() {
        return spec().path("scaleStrategy").path("excludePreparingDelete").asBoolean(false)
                || json.path("metadata")
                        .path("labels")
                        .path(CloneSetKeys.EXCLUDE_PREPARING_DELETE)
                        .asText("")
                        .equals("true");
    }

    @Override
    public String toString() {
        return "CloneSet " + namespace() + "/" + name();
    }
}
