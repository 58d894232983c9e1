package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Deployment controller: rolling updates, Recreate, pausing, proportional scaling. A paused Deployment creates no
 * ReplicaSet, but is scaled and keeps its status true.
 */
final class Deployments implements Controller {

    private final Loop loop;
    private final Informer deployments;
    private final Informer replicaSets;
    private final Informer pods;
    private final Ownership ownership;
    private final Revisions revisions;

    Deployments(Loop loop, Informers informers) {
        this.loop = loop;
        this.deployments = informers.of("deployments.apps");
        this.replicaSets = informers.of("replicasets.apps");
        this.pods = informers.of("pods");
        this.ownership = new Ownership(deployments, replicaSets, "apps/v1", "Deployment");
        this.revisions = new Revisions(deployments, replicaSets, ownership);
    }

    void start() {
        deployments.onChange((before, after) -> {
            if (after != null) {
                loop.enqueue(this, Key.of(after));
            }
        });
        replicaSets.onChange(this::replicaSetChanged);
        pods.onChange(this::podChanged);
    }

    private void replicaSetChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        for (ObjectNode set : new @Nullable ObjectNode[] {before, after}) {
            if (set != null) {
                ownership.forOwnersOf(set, key -> loop.enqueue(this, key));
            }
        }
    }

    /** Recreate waits for the last old pod to be gone, and only the pod itself tells that. */
    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (after == null && before != null) {
            String namespace = Key.of(before).namespace();
            for (JsonNode owner : ObjectMeta.owners(before)) {
                replicaSets
                        .get(new Key(namespace, owner.path("name").asText()))
                        .ifPresent(set -> ownership.forOwnersOf(set, key -> loop.enqueue(this, key)));
            }
        }
    }

    @Override
    public void reconcile(Key key) {
        Optional<ObjectNode> deployment = deployments.get(key);
        if (deployment.isEmpty()) {
            return;
        }
        Selector selector = Selector.of(deployment.get().path("spec").path("selector"));
        if (selector.isEmpty()) {
            return;
        }
        ownership.claim(deployment.get(), selector);
        if (ObjectMeta.deleting(deployment.get())) {
            writeStatus(key, false);
            return;
        }
        notePause(key);
        if (current(key).path("spec").path("paused").asBoolean() || resized(key)) {
            revisions.sync(key, sets(key), loop.now());
            scale(key);
            if (current(key).path("spec").path("paused").asBoolean()) {
                prune(key);
            }
            writeStatus(key, false);
        } else if (RolloutStrategy.of(current(key)).rolling()) {
            roll(key);
        } else {
            recreate(key);
        }
    }

    private ObjectNode current(Key key) {
        return deployments.get(key).orElseThrow();
    }

    private List<ReplicaSetView> sets(Key key) {
        ObjectNode deployment = current(key);
        return replicaSets.ownedBy(ObjectMeta.uid(deployment)).stream()
                .filter(set -> ObjectMeta.controlledBy(set, deployment))
                .map(ReplicaSetView::new)
                .sorted(ReplicaSetView.OLDEST_FIRST)
                .toList();
    }

    private List<ReplicaSetView> oldSets(Key key) {
        List<ReplicaSetView> all = sets(key);
        return Revisions.old(all, Revisions.current(current(key), all));
    }

    private static int size(List<ReplicaSetView> sets) {
        return sets.stream().mapToInt(ReplicaSetView::size).sum();
    }

    /** While paused the progress deadline does not run; after that it starts anew. */
    private void notePause(Key key) {
        ObjectNode deployment = current(key);
        String reason = DeploymentStatus.reason(Conditions.find(deployment, DeploymentStatus.PROGRESSING));
        boolean paused = deployment.path("spec").path("paused").asBoolean();
        boolean noted = reason.equals(DeploymentStatus.PAUSED);
        if (DeploymentStatus.deadline(deployment).isEmpty()
                || reason.equals(DeploymentStatus.TIMED_OUT)
                || paused == noted) {
            return;
        }
        ObjectNode status = DeploymentStatus.present(deployment);
        DeploymentStatus.setCondition(
                status,
                Conditions.condition(
                        DeploymentStatus.PROGRESSING,
                        "Unknown",
                        paused ? DeploymentStatus.PAUSED : DeploymentStatus.RESUMED,
                        paused ? "Deployment is paused" : "Deployment is resumed"),
                loop.now());
        write(deployment, status);
    }

    /** Whether the Deployment's size changed since its ReplicaSets were last sized. */
    private boolean resized(Key key) {
        int replicas = RolloutStrategy.of(current(key)).replicas();
        return sets(key).stream()
                .filter(set -> set.size() > 0 && set.desiredReplicas() > 0)
                .anyMatch(set -> set.desiredReplicas() != replicas);
    }

    private void scale(Key key) {
        ObjectNode deployment = current(key);
        RolloutStrategy strategy = RolloutStrategy.of(deployment);
        List<ReplicaSetView> all = sets(key);
        Optional<ReplicaSetView> newest = Revisions.current(deployment, all);
        List<ReplicaSetView> active = all.stream().filter(set -> set.size() > 0).toList();
        if (active.size() <= 1) {
            Optional<ReplicaSetView> target = active.stream()
                    .findFirst()
                    .or(() -> newest)
                    .or(() -> all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1)));
            target.ifPresent(set -> revisions.resize(set.key(), strategy.replicas(), strategy));
        } else if (newest.filter(set -> saturated(set, strategy)).isPresent()) {
            Revisions.old(active, newest).forEach(set -> revisions.resize(set.key(), 0, strategy));
        } else if (strategy.rolling()) {
            int statusReplicas = deployment.path("status").path("replicas").asInt();
            RollingUpdate.proportional(strategy, active, statusReplicas)
                    .forEach((set, size) -> revisions.resize(set, size, strategy));
        }
    }

    private static boolean saturated(ReplicaSetView set, RolloutStrategy strategy) {
        return set.size() == strategy.replicas()
                && set.desiredReplicas() == strategy.replicas()
                && set.available() == strategy.replicas();
    }

    private void roll(Key key) {
        Instant now = loop.now();
        ReplicaSetView newest =
                revisions.sync(key, sets(key), now).orElseGet(() -> revisions.create(key, sets(key), now));
        RolloutStrategy strategy = RolloutStrategy.of(current(key));
        int next = RollingUpdate.newSize(strategy, newest.size(), size(sets(key)));
        if (next != newest.size()) {
            revisions.resize(newest.key(), next, strategy);
        } else {
            Map<Key, Integer> smaller = RollingUpdate.shrinkOld(strategy, newest, oldSets(key));
            oldSets(key).forEach(set -> {
                int size = smaller.getOrDefault(set.key(), set.size());
                if (size != set.size()) {
                    revisions.resize(set.key(), size, strategy);
                }
            });
        }
        finish(key);
    }

    private void recreate(Key key) {
        Instant now = loop.now();
        Optional<ReplicaSetView> newest = revisions.sync(key, sets(key), now);
        RolloutStrategy strategy = RolloutStrategy.of(current(key));
        List<ReplicaSetView> old = oldSets(key);
        if (size(old) > 0) {
            old.forEach(set -> revisions.resize(set.key(), 0, strategy));
        } else if (old.stream().noneMatch(this::hasPods)) {
            ReplicaSetView set = newest.orElseGet(() -> revisions.create(key, sets(key), now));
            if (set.size() != strategy.replicas()) {
                revisions.resize(set.key(), strategy.replicas(), strategy);
            }
        }
        finish(key);
    }

    /** Pods on their way out included: Recreate promises that old and new never run side by side. */
    private boolean hasPods(ReplicaSetView set) {
        return pods.ownedBy(ObjectMeta.uid(set.json())).stream().anyMatch(pod -> !PodState.finished(pod));
    }

    private void finish(Key key) {
        ObjectNode deployment = current(key);
        if (DeploymentStatus.complete(deployment, deployment.path("status"))) {
            prune(key);
        }
        writeStatus(key, true);
        DeploymentStatus.deadlineAt(current(key)).ifPresent(at -> {
            if (at.isAfter(loop.now())) {
                loop.enqueueAt(this, key, at);
            }
        });
    }

    private void prune(Key key) {
        revisions.prune(current(key), oldSets(key));
    }

    private void writeStatus(Key key, boolean rolling) {
        ObjectNode deployment = current(key);
        List<ReplicaSetView> all = sets(key);
        Optional<ReplicaSetView> newest = Revisions.current(deployment, all);
        ObjectNode status = DeploymentStatus.counts(deployment, all, newest, loop.now());
        if (rolling) {
            DeploymentStatus.progress(status, deployment, all, newest, loop.now());
        }
        write(deployment, status);
    }

    private void write(ObjectNode deployment, ObjectNode status) {
        if (!Trees.same(status, deployment.path("status"))) {
            ObjectNode changed = deployment.deepCopy();
            changed.set("status", status);
            deployments.updateStatus(changed, Revisions.MANAGER);
        }
    }
}
