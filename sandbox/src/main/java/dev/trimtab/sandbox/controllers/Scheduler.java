package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Binds pods: of the nodes that take a pod, the one with the fewest pods. What fits nowhere waits for a change of nodes. */
final class Scheduler implements Controller {

    private static final String MANAGER = "kube-scheduler";

    private final Loop loop;
    private final Informer pods;
    private final Informer nodes;
    private final Index podsByNode;
    private final Set<Key> unschedulable = new LinkedHashSet<>();

    Scheduler(Loop loop, Informers informers, Index podsByNode) {
        this.loop = loop;
        this.pods = informers.of("pods");
        this.nodes = informers.of("nodes");
        this.podsByNode = podsByNode;
    }

    void start() {
        pods.onChange((before, after) -> {
            if (after != null) {
                if (waits(after)) {
                    loop.enqueue(this, Key.of(after));
                }
            } else {
                retryUnschedulable();
            }
        });
        nodes.onChange(this::nodeChanged);
    }

    private void nodeChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        retryUnschedulable();
    }

    private void retryUnschedulable() {
        unschedulable.forEach(key -> loop.enqueue(this, key));
    }

    private static boolean waits(JsonNode pod) {
        JsonNode spec = pod.path("spec");
        return spec.path("nodeName").asText().isEmpty()
                && !ObjectMeta.deleting(pod)
                && spec.path("schedulerName").asText("default-scheduler").equals("default-scheduler");
    }

    @Override
    public void reconcile(Key key) {
        unschedulable.remove(key);
        pods.get(key).filter(Scheduler::waits).ifPresent(this::schedule);
    }

    private void schedule(ObjectNode pod) {
        if (!pod.path("spec").path("schedulingGates").isEmpty()) {
            refuse(pod, "SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates");
            return;
        }
        Map<String, Integer> refusals = new TreeMap<>();
        Collection<ObjectNode> all = nodes.all();
        Optional<ObjectNode> best = Optional.empty();
        int fewest = Integer.MAX_VALUE;
        for (ObjectNode node : all) {
            int there = podsByNode.count(ObjectMeta.name(node));
            Optional<String> refusal = NodeFit.refusal(pod, node, there);
            refusal.ifPresent(why -> refusals.merge(why, 1, Integer::sum));
            if (refusal.isEmpty() && there < fewest) {
                best = Optional.of(node);
                fewest = there;
            }
        }
        if (best.isPresent()) {
            bind(pod, ObjectMeta.name(best.get()));
        } else {
            unschedulable.add(Key.of(pod));
            refuse(pod, "Unschedulable", message(all.size(), refusals));
        }
    }

    private static String message(int nodes, Map<String, Integer> refusals) {
        if (nodes == 0) {
            return "no nodes available to schedule pods";
        }
        String reasons = refusals.entrySet().stream()
                .map(refusal -> refusal.getValue() + " " + refusal.getKey())
                .collect(Collectors.joining(", "));
        return "0/" + nodes + " nodes are available: " + reasons + ". preemption: 0/" + nodes + " nodes are available: "
                + nodes + " Preemption is not helpful for scheduling.";
    }

    private void bind(ObjectNode pod, String node) {
        Key key = Key.of(pod);
        ObjectNode binding =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Binding");
        binding.putObject("metadata")
                .put("namespace", key.namespace())
                .put("name", key.name())
                .put("uid", ObjectMeta.uid(pod));
        binding.putObject("target").put("apiVersion", "v1").put("kind", "Node").put("name", node);
        pods.put(key, "binding", binding, MANAGER);
    }

    private void refuse(ObjectNode pod, String reason, String message) {
        ObjectNode condition = Conditions.condition("PodScheduled", false, reason, message);
        JsonNode present = Conditions.find(pod, "PodScheduled");
        if (present.path("message").equals(condition.path("message"))) {
            return;
        }
        ObjectNode changed = pod.deepCopy();
        Conditions.set(changed.withObject("status"), condition, loop.now());
        pods.updateStatus(changed, MANAGER);
    }
}
