package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import dev.trimtab.sandbox.api.StatusException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A Deployment's ReplicaSets as the history of its template. The present one is the oldest whose template is equal to the
 * Deployment's but for the hash label; the hash itself is computed only to name a new one.
 */
final class Revisions {

    static final String MANAGER = "kube-controller-manager";
    private static final String REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
    private static final Set<String> NOT_COPIED = Set.of(
            "kubectl.kubernetes.io/last-applied-configuration",
            ReplicaSetView.REVISION,
            REVISION_HISTORY,
            ReplicaSetView.DESIRED_REPLICAS,
            ReplicaSetView.MAX_REPLICAS,
            "deprecated.deployment.rollback.to");
    private static final int DEFAULT_HISTORY_LIMIT = 10;
    private static final int ALREADY_EXISTS = 409;

    private final Informer deployments;
    private final Informer replicaSets;
    private final Ownership ownership;

    Revisions(Informer deployments, Informer replicaSets, Ownership ownership) {
        this.deployments = deployments;
        this.replicaSets = replicaSets;
        this.ownership = ownership;
    }

    static Optional<ReplicaSetView> current(JsonNode deployment, List<ReplicaSetView> all) {
        JsonNode template = deployment.path("spec").path("template");
        return all.stream()
                .sorted(ReplicaSetView.OLDEST_FIRST)
                .filter(set -> PodTemplateHash.sameButForHash(set.template(), template))
                .findFirst();
    }

    static List<ReplicaSetView> old(List<ReplicaSetView> all, Optional<ReplicaSetView> current) {
        return all.stream()
                .filter(set ->
                        current.isEmpty() || !set.key().equals(current.get().key()))
                .sorted(ReplicaSetView.OLDEST_FIRST)
                .toList();
    }

    /** The present ReplicaSet with annotations and revision numbers, on it and on the Deployment, brought up to date. */
    Optional<ReplicaSetView> sync(Key key, List<ReplicaSetView> all, Instant now) {
        Optional<ReplicaSetView> current = deployments.get(key).flatMap(deployment -> current(deployment, all));
        current.ifPresent(set -> {
            annotate(key, set, nextRevision(all, current));
            boolean newToUs = deployments
                    .get(key)
                    .filter(d ->
                            Conditions.find(d, DeploymentStatus.PROGRESSING).isMissingNode())
                    .isPresent();
            if (newToUs) {
                setProgressing(key, "FoundNewReplicaSet", "Found new replica set \"" + set.name() + "\"", now);
            }
        });
        return current.flatMap(set -> replicaSets.get(set.key())).map(ReplicaSetView::new);
    }

    private static long nextRevision(List<ReplicaSetView> all, Optional<ReplicaSetView> current) {
        return old(all, current).stream()
                        .mapToLong(ReplicaSetView::revision)
                        .max()
                        .orElse(0)
                + 1;
    }

    private void annotate(Key deploymentKey, ReplicaSetView set, long revision) {
        ObjectNode deployment = deployments.get(deploymentKey).orElseThrow();
        ObjectNode changed = set.json().deepCopy();
        ObjectNode annotations = changed.withObject("metadata").withObject("annotations");
        copyAnnotations(deployment, annotations);
        if (set.revision() < revision) {
            if (set.revision() > 0) {
                String history = annotations.path(REVISION_HISTORY).asText();
                annotations.put(
                        REVISION_HISTORY, history.isEmpty() ? "" + set.revision() : history + "," + set.revision());
            }
            annotations.put(ReplicaSetView.REVISION, Long.toString(revision));
        }
        JsonNode minReadySeconds = deployment.path("spec").path("minReadySeconds");
        if (minReadySeconds.asLong()
                != changed.path("spec").path("minReadySeconds").asLong()) {
            changed.withObject("spec").set("minReadySeconds", minReadySeconds);
        }
        ObjectNode written = Trees.same(changed, set.json()) ? set.json() : replicaSets.update(changed, MANAGER);
        numberDeployment(deploymentKey, ObjectMeta.annotation(written, ReplicaSetView.REVISION));
    }

    private static void copyAnnotations(JsonNode deployment, ObjectNode annotations) {
        ObjectMeta.strings(deployment.path("metadata").path("annotations")).forEach((name, value) -> {
            if (!NOT_COPIED.contains(name)) {
                annotations.put(name, value);
            }
        });
    }

    private void numberDeployment(Key key, String revision) {
        deployments.get(key).ifPresent(deployment -> {
            if (!ObjectMeta.annotation(deployment, ReplicaSetView.REVISION).equals(revision)) {
                ObjectNode changed = deployment.deepCopy();
                changed.withObject("metadata").withObject("annotations").put(ReplicaSetView.REVISION, revision);
                deployments.update(changed, MANAGER);
            }
        });
    }

    /** Creates the ReplicaSet of a template that none has yet; a name that another template holds counts as a collision. */
    ReplicaSetView create(Key key, List<ReplicaSetView> all, Instant now) {
        ObjectNode deployment = deployments.get(key).orElseThrow();
        JsonNode template = deployment.path("spec").path("template");
        int collisions = deployment.path("status").path("collisionCount").asInt();
        String hash = PodTemplateHash.of(template, collisions);
        String name = key.name() + "-" + hash;
        String revision = Long.toString(nextRevision(all, Optional.empty()));
        ObjectNode created;
        try {
            created = replicaSets.create(replicaSet(deployment, name, hash, revision, all), MANAGER);
        } catch (StatusException e) {
            Optional<ObjectNode> holder = replicaSets.get(new Key(key.namespace(), name));
            boolean ours = holder.filter(set -> ObjectMeta.controlledBy(set, deployment)
                            && PodTemplateHash.sameButForHash(set.path("spec").path("template"), template))
                    .isPresent();
            if (e.code() == ALREADY_EXISTS && holder.isPresent() && ours) {
                created = holder.get();
            } else {
                if (e.code() == ALREADY_EXISTS && holder.isPresent()) {
                    ObjectNode collided = deployment.deepCopy();
                    collided.withObject("status").put("collisionCount", collisions + 1);
                    deployments.updateStatus(collided, MANAGER);
                } else {
                    fail(key, name, e, now);
                }
                throw e;
            }
        }
        numberDeployment(key, ObjectMeta.annotation(created, ReplicaSetView.REVISION));
        setProgressing(key, "NewReplicaSetCreated", "Created new replica set \"" + name + "\"", now);
        return new ReplicaSetView(created);
    }

    private ObjectNode replicaSet(
            ObjectNode deployment, String name, String hash, String revision, List<ReplicaSetView> all) {
        RolloutStrategy strategy = RolloutStrategy.of(deployment);
        ObjectNode set = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "apps/v1")
                .put("kind", "ReplicaSet");
        ObjectNode template = deployment.path("spec").path("template").deepCopy();
        ObjectNode templateLabels = template.withObject("metadata").withObject("labels");
        templateLabels.put(PodTemplateHash.LABEL, hash);

        ObjectNode metadata = set.putObject("metadata");
        metadata.put("name", name).put("namespace", Key.of(deployment).namespace());
        metadata.set("labels", templateLabels.deepCopy());
        ObjectNode annotations = metadata.putObject("annotations");
        copyAnnotations(deployment, annotations);
        annotations.put(ReplicaSetView.REVISION, revision);
        annotateSize(annotations, strategy);
        metadata.putArray("ownerReferences").add(ownership.reference(deployment));

        int others = all.stream().mapToInt(ReplicaSetView::size).sum();
        ObjectNode spec = set.putObject("spec");
        spec.put("replicas", RollingUpdate.newSize(strategy, 0, others));
        long minReadySeconds = deployment.path("spec").path("minReadySeconds").asLong();
        if (minReadySeconds > 0) {
            spec.put("minReadySeconds", minReadySeconds);
        }
        ObjectNode selector = deployment.path("spec").path("selector").deepCopy();
        selector.withObject("matchLabels").put(PodTemplateHash.LABEL, hash);
        spec.set("selector", selector);
        spec.set("template", template);
        return set;
    }

    private void fail(Key key, String name, StatusException failure, Instant now) {
        deployments.get(key).ifPresent(deployment -> {
            ObjectNode changed = deployment.deepCopy();
            ObjectNode condition = Conditions.condition(
                    DeploymentStatus.PROGRESSING,
                    false,
                    "ReplicaSetCreateError",
                    "Failed to create new replica set \"" + name + "\": " + failure.getMessage());
            DeploymentStatus.setCondition(changed.withObject("status"), condition, now);
            deployments.updateStatus(changed, MANAGER);
        });
    }

    private void setProgressing(Key key, String reason, String message, Instant now) {
        deployments
                .get(key)
                .filter(d -> DeploymentStatus.deadline(d).isPresent())
                .ifPresent(deployment -> {
                    ObjectNode changed = deployment.deepCopy();
                    ObjectNode condition = Conditions.condition(DeploymentStatus.PROGRESSING, true, reason, message);
                    DeploymentStatus.setCondition(changed.withObject("status"), condition, now);
                    deployments.updateStatus(changed, MANAGER);
                });
    }

    static boolean sizeAnnotated(ReplicaSetView set, RolloutStrategy strategy) {
        return set.desiredReplicas() == strategy.replicas() && set.maxReplicas() == strategy.maxTotal();
    }

    private static void annotateSize(ObjectNode annotations, RolloutStrategy strategy) {
        annotations.put(ReplicaSetView.DESIRED_REPLICAS, Integer.toString(strategy.replicas()));
        annotations.put(ReplicaSetView.MAX_REPLICAS, Integer.toString(strategy.maxTotal()));
    }

    /** Sets a size, and notes on the ReplicaSet for which size of the Deployment it was meant. */
    void resize(Key replicaSet, int size, RolloutStrategy strategy) {
        ObjectNode json = replicaSets.get(replicaSet).orElseThrow();
        if (new ReplicaSetView(json).size() != size || !sizeAnnotated(new ReplicaSetView(json), strategy)) {
            ObjectNode changed = json.deepCopy();
            changed.withObject("spec").put("replicas", size);
            annotateSize(changed.withObject("metadata").withObject("annotations"), strategy);
            replicaSets.update(changed, MANAGER);
        }
    }

    /** Deletes what is more than the history limit, lowest revisions first; nothing that has or may get pods. */
    void prune(JsonNode deployment, List<ReplicaSetView> old) {
        int limit = deployment.path("spec").path("revisionHistoryLimit").asInt(DEFAULT_HISTORY_LIMIT);
        List<ReplicaSetView> history = new ArrayList<>(old);
        history.removeIf(set -> ObjectMeta.deleting(set.json()));
        history.sort(Comparator.comparingLong(ReplicaSetView::revision));
        for (ReplicaSetView set : history.subList(0, Math.max(0, history.size() - limit))) {
            JsonNode status = set.json().path("status");
            boolean observed = status.path("observedGeneration").asLong() >= ObjectMeta.generation(set.json());
            if (set.replicas() == 0 && set.size() == 0 && observed) {
                replicaSets.delete(set.json(), Propagation.BACKGROUND);
            }
        }
    }
}
