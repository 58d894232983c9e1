package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The disruption controller: how many pods of each PodDisruptionBudget may be evicted now. Shares, and everything that may be
 * unavailable, are taken of what the pods' controllers are asked for; a plain minAvailable only of the pods there are.
 */
final class DisruptionBudgets implements Controller {

    private static final String MANAGER = "kube-controller-manager";

    private final Loop loop;
    private final Informer budgets;
    private final Informer pods;
    private final Map<String, Informer> scaled;

    DisruptionBudgets(Loop loop, Informers informers) {
        this.loop = loop;
        this.budgets = informers.of("poddisruptionbudgets.policy");
        this.pods = informers.of("pods");
        this.scaled = Map.of(
                "ReplicaSet", informers.of("replicasets.apps"),
                "Deployment", informers.of("deployments.apps"),
                "StatefulSet", informers.of("statefulsets.apps"));
    }

    void start() {
        budgets.onChange((before, after) -> {
            if (after != null) {
                loop.enqueue(this, Key.of(after));
            }
        });
        pods.onChange(this::podChanged);
        scaled.values()
                .forEach(owners -> owners.onChange((before, after) -> {
                    if (before != null && after != null && size(before) != size(after)) {
                        budgets.inNamespace(Key.of(after).namespace())
                                .forEach(budget -> loop.enqueue(this, Key.of(budget)));
                    }
                }));
    }

    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        for (ObjectNode pod : new @Nullable ObjectNode[] {before, after}) {
            if (pod != null) {
                budgets.inNamespace(Key.of(pod).namespace()).stream()
                        .filter(budget -> covers(budget, pod))
                        .forEach(budget -> loop.enqueue(this, Key.of(budget)));
            }
        }
    }

    /** No selector covers no pod; an empty one covers all. */
    private static boolean covers(JsonNode budget, JsonNode pod) {
        JsonNode selector = budget.path("spec").path("selector");
        return selector.isObject() && Selector.of(selector).matches(ObjectMeta.labels(pod));
    }

    private static int size(JsonNode scaled) {
        return scaled.path("spec").path("replicas").asInt(1);
    }

    @Override
    public void reconcile(Key key) {
        budgets.get(key).ifPresent(this::count);
    }

    private void count(ObjectNode budget) {
        List<ObjectNode> covered = pods.inNamespace(Key.of(budget).namespace()).stream()
                .filter(pod -> covers(budget, pod))
                .toList();
        JsonNode spec = budget.path("spec");
        int expected;
        int desired;
        if (spec.has("maxUnavailable")) {
            expected = askedFor(covered);
            desired = Math.max(0, expected - amount(spec.path("maxUnavailable"), expected));
        } else {
            boolean share = spec.path("minAvailable").asText().endsWith("%");
            expected = share ? askedFor(covered) : covered.size();
            desired = amount(spec.path("minAvailable"), expected);
        }
        int healthy = (int) covered.stream()
                .filter(pod -> PodState.ready(pod) && !ObjectMeta.deleting(pod))
                .count();
        int allowed = expected == 0 ? 0 : Math.max(0, healthy - desired);

        ObjectNode changed = budget.deepCopy();
        ObjectNode status = changed.withObject("status");
        status.put("currentHealthy", healthy)
                .put("desiredHealthy", desired)
                .put("disruptionsAllowed", allowed)
                .put("expectedPods", expected)
                .put("observedGeneration", ObjectMeta.generation(budget));
        ObjectNode condition = Conditions.condition(
                "DisruptionAllowed", allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods", "");
        condition.put("message", "").put("observedGeneration", ObjectMeta.generation(budget));
        Conditions.set(status, condition, loop.now());
        if (!Trees.same(status, budget.path("status"))) {
            budgets.updateStatus(changed, MANAGER);
        }
    }

    private int askedFor(List<ObjectNode> covered) {
        Map<String, Integer> sizes = new HashMap<>();
        for (ObjectNode pod : covered) {
            Optional<ObjectNode> owner = scaledOwner(pod);
            sizes.put(
                    ObjectMeta.uid(owner.orElse(pod)),
                    owner.map(DisruptionBudgets::size).orElse(1));
        }
        return sizes.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The outermost controller of known size: of a Deployment's pods the Deployment. */
    private Optional<ObjectNode> scaledOwner(ObjectNode object) {
        for (JsonNode reference : ObjectMeta.owners(object)) {
            Informer owners = scaled.get(reference.path("kind").asText());
            if (reference.path("controller").asBoolean() && owners != null) {
                Key key = new Key(
                        Key.of(object).namespace(), reference.path("name").asText());
                Optional<ObjectNode> owner = owners.get(key).filter(it -> ObjectMeta.controlledBy(object, it));
                return owner.flatMap(this::scaledOwner).or(() -> owner);
            }
        }
        return Optional.empty();
    }

    /** A number, or a share that is rounded up. */
    private static int amount(JsonNode value, int of) {
        String text = value.asText("0");
        return text.endsWith("%")
                ? (int) Math.ceil(Integer.parseInt(text.substring(0, text.length() - 1)) * of / 100.0)
                : Integer.parseInt(text);
    }
}
