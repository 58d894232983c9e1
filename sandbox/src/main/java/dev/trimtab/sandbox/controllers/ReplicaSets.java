package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import dev.trimtab.sandbox.api.StatusException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ReplicaSet controller: as many pods as asked for, counted by selector and owner. A pod's spec is never compared with the
 * template, so pods that were patched where they run stay.
 */
final class ReplicaSets implements Controller {

    private static final String MANAGER = "kube-controller-manager";

    private final Loop loop;
    private final Informer replicaSets;
    private final Informer pods;
    private final Ownership ownership;

    ReplicaSets(Loop loop, Informers informers) {
        this.loop = loop;
        this.replicaSets = informers.of("replicasets.apps");
        this.pods = informers.of("pods");
        this.ownership = new Ownership(replicaSets, pods, "apps/v1", "ReplicaSet");
    }

    void start() {
        replicaSets.onChange((before, after) -> {
            if (after != null) {
                loop.enqueue(this, Key.of(after));
            }
        });
        pods.onChange(this::podChanged);
    }

    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        for (ObjectNode pod : new @Nullable ObjectNode[] {before, after}) {
            if (pod != null) {
                ownership.forOwnersOf(pod, key -> loop.enqueue(this, key));
            }
        }
    }

    @Override
    public void reconcile(Key key) {
        Optional<ObjectNode> present = replicaSets.get(key);
        if (present.isEmpty()) {
            return;
        }
        ObjectNode replicaSet = present.get();
        Selector selector = Selector.of(replicaSet.path("spec").path("selector"));
        List<ObjectNode> owned = ownership.claim(replicaSet, selector);
        List<ObjectNode> claimed = owned.stream().filter(PodState::active).toList();
        long terminating = owned.stream().filter(PodState::terminating).count();
        Optional<StatusException> failure = Optional.empty();
        if (!ObjectMeta.deleting(replicaSet)) {
            failure = scale(replicaSet, claimed);
        }
        writeStatus(replicaSet, claimed, terminating, failure);
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private Optional<StatusException> scale(ObjectNode replicaSet, List<ObjectNode> claimed) {
        int missing = replicaSet.path("spec").path("replicas").asInt(1) - claimed.size();
        ObjectNode reference = ownership.reference(replicaSet);
        for (int i = 0; i < missing; i++) {
            try {
                pods.create(PodTemplate.pod(replicaSet.path("spec").path("template"), replicaSet, reference), MANAGER);
            } catch (StatusException e) {
                return Optional.of(e);
            }
        }
        if (missing < 0) {
            Comparator<ObjectNode> order = ScaleInOrder.of(related(replicaSet, claimed), loop.now());
            claimed.stream().sorted(order).limit(-missing).forEach(pod -> pods.delete(pod, Propagation.BACKGROUND));
        }
        return Optional.empty();
    }

    /** Active pods of all ReplicaSets with the same controller. */
    private List<ObjectNode> related(ObjectNode replicaSet, List<ObjectNode> own) {
        Optional<String> controller = ObjectMeta.controllerUid(replicaSet);
        if (controller.isEmpty()) {
            return own;
        }
        return replicaSets.ownedBy(controller.get()).stream()
                .flatMap(sibling -> pods.ownedBy(ObjectMeta.uid(sibling)).stream())
                .filter(PodState::active)
                .toList();
    }

    /**
     * Counts the pods that were claimed, not those created or deleted just now: what came of those is told by the events they
     * cause.
     */
    private void writeStatus(
            ObjectNode replicaSet, List<ObjectNode> claimed, long terminating, Optional<StatusException> failure) {
        Instant now = loop.now();
        long minReadySeconds = replicaSet.path("spec").path("minReadySeconds").asLong();
        Map<String, String> templateLabels =
                ObjectMeta.labels(replicaSet.path("spec").path("template"));
        ObjectNode status = replicaSet.path("status").isObject()
                ? replicaSet.path("status").deepCopy()
                : JsonNodeFactory.instance.objectNode();
        status.put("replicas", claimed.size());
        count(
                status,
                "fullyLabeledReplicas",
                claimed.stream()
                        .filter(pod -> ObjectMeta.labels(pod).entrySet().containsAll(templateLabels.entrySet())));
        count(status, "readyReplicas", claimed.stream().filter(PodState::ready));
        count(
                status,
                "availableReplicas",
                claimed.stream().filter(pod -> PodState.available(pod, minReadySeconds, now)));
        status.put("terminatingReplicas", (int) terminating);
        status.put("observedGeneration", ObjectMeta.generation(replicaSet));
        if (failure.isPresent()) {
            Conditions.set(
                    status,
                    Conditions.condition(
                            "ReplicaFailure",
                            true,
                            "FailedCreate",
                            String.valueOf(failure.get().getMessage())),
                    now);
        } else if (Conditions.isTrue(replicaSet, "ReplicaFailure")) {
            status.remove("conditions");
        }
        if (!Trees.same(status, replicaSet.path("status"))) {
            ObjectNode changed = replicaSet.deepCopy();
            changed.set("status", status);
            replicaSets.updateStatus(changed, MANAGER);
        }
        claimed.stream()
                .filter(PodState::ready)
                .map(pod -> PodState.availableFrom(pod, minReadySeconds))
                .filter(at -> at.isAfter(now))
                .min(Comparator.naturalOrder())
                .ifPresent(at -> loop.enqueueAt(this, Key.of(replicaSet), at));
    }

    /** As the API's types have it: a number that is zero is left out. */
    private static void count(ObjectNode status, String field, Stream<?> counted) {
        long number = counted.count();
        if (number == 0) {
            status.remove(field);
        } else {
            status.put(field, (int) number);
        }
    }
}
