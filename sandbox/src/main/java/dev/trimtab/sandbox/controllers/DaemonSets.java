package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The DaemonSet controller: one pod on every node that its template fits. A pod is up to date when its label names the hash of
 * the newest revision. A rolling update removes old pods: those not available at once, the others within maxUnavailable.
 */
final class DaemonSets implements Controller {

    private static final String MANAGER = "kube-controller-manager";
    private static final String HASH = "controller-revision-hash";

    /** What a pod of a DaemonSet puts up with: whatever only says that a node has troubles. */
    private static final Map<String, String> TOLERATED = Map.of(
            "node.kubernetes.io/not-ready", "NoExecute",
            "node.kubernetes.io/unreachable", "NoExecute",
            "node.kubernetes.io/disk-pressure", "NoSchedule",
            "node.kubernetes.io/memory-pressure", "NoSchedule",
            "node.kubernetes.io/pid-pressure", "NoSchedule",
            "node.kubernetes.io/unschedulable", "NoSchedule");

    private final Loop loop;
    private final Informer daemonSets;
    private final Informer pods;
    private final Informer nodes;
    private final Ownership ownership;
    private final TemplateRevisions revisions;

    DaemonSets(Loop loop, Informers informers) {
        this.loop = loop;
        this.daemonSets = informers.of("daemonsets.apps");
        this.pods = informers.of("pods");
        this.nodes = informers.of("nodes");
        this.ownership = new Ownership(daemonSets, pods, "apps/v1", "DaemonSet");
        this.revisions = new TemplateRevisions(informers.of("controllerrevisions.apps"), ownership, HASH);
    }

    void start() {
        daemonSets.onChange((before, after) -> {
            if (after != null) {
                loop.enqueue(this, Key.of(after));
            }
        });
        pods.onChange(this::podChanged);
        nodes.onChange((before, after) -> daemonSets.all().forEach(set -> loop.enqueue(this, Key.of(set))));
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
        daemonSets.get(key).filter(set -> !ObjectMeta.deleting(set)).ifPresent(set -> {
            ownership.claim(set, Selector.of(set.path("spec").path("selector")));
            ObjectNode newest = revisions.newest(set);
            String hash = revisions.hash(newest);
            Set<String> wanted = placement(set, false);
            place(set, wanted, hash);
            if (!set.path("spec").path("updateStrategy").path("type").asText().equals("OnDelete")) {
                roll(set, wanted, hash);
            }
            writeStatus(set, wanted, hash);
            Set<String> inUse = new HashSet<>(List.of(ObjectMeta.name(newest)));
            members(set).forEach(pod -> inUse.add(key.name() + "-" + hash(pod)));
            revisions.prune(set, inUse);
        });
    }

    private List<ObjectNode> members(ObjectNode set) {
        return pods.ownedBy(ObjectMeta.uid(set)).stream()
                .filter(pod -> ObjectMeta.controlledBy(pod, set))
                .toList();
    }

    private Map<String, List<ObjectNode>> byNode(ObjectNode set) {
        Map<String, List<ObjectNode>> byNode = new HashMap<>();
        members(set)
                .forEach(pod -> byNode.computeIfAbsent(node(pod), name -> new ArrayList<>())
                        .add(pod));
        return byNode;
    }

    /** The node a pod was made for, bound already or not. */
    private static String node(JsonNode pod) {
        String bound = pod.path("spec").path("nodeName").asText();
        return bound.isEmpty()
                ? pod.path("spec")
                        .path("affinity")
                        .findPath("matchFields")
                        .path(0)
                        .path("values")
                        .path(0)
                        .asText()
                : bound;
    }

    private static String hash(JsonNode pod) {
        return ObjectMeta.labels(pod).getOrDefault(HASH, "");
    }

    /** @param running whether a pod runs there already: it stays when a node is only closed for new ones */
    private Set<String> placement(ObjectNode set, boolean running) {
        ObjectNode template = set.path("spec").path("template").deepCopy();
        tolerate(template.withObject("spec"));
        if (running) {
            template.withObject("spec")
                    .withArray("tolerations")
                    .addObject()
                    .put("operator", "Exists")
                    .put("effect", "NoSchedule");
        }
        Set<String> wanted = new HashSet<>();
        for (ObjectNode node : nodes.all()) {
            if (NodeFit.refusal(template, node, 0).isEmpty()) {
                wanted.add(ObjectMeta.name(node));
            }
        }
        return wanted;
    }

    private static void tolerate(ObjectNode podSpec) {
        ArrayNode tolerations = podSpec.withArray("tolerations");
        TOLERATED.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(taint -> tolerations
                        .addObject()
                        .put("key", taint.getKey())
                        .put("operator", "Exists")
                        .put("effect", taint.getValue()));
    }

    private void place(ObjectNode set, Set<String> wanted, String hash) {
        Map<String, List<ObjectNode>> byNode = byNode(set);
        for (String node : wanted) {
            List<ObjectNode> there = byNode.getOrDefault(node, List.of());
            if (there.isEmpty()) {
                create(set, node, hash);
            }
            there.stream().filter(PodState::finished).forEach(this::delete);
            there.stream()
                    .filter(PodState::active)
                    .sorted(Comparator.comparing(ObjectMeta::created))
                    .skip(1)
                    .forEach(this::delete);
        }
        Set<String> bearable = placement(set, true);
        byNode.forEach((node, there) -> {
            if (!wanted.contains(node) && !bearable.contains(node)) {
                there.forEach(this::delete);
            }
        });
    }

    private void delete(ObjectNode pod) {
        if (!ObjectMeta.deleting(pod)) {
            pods.delete(pod, Propagation.BACKGROUND);
        }
    }

    /** The scheduler binds it, but only this node matches. */
    private void create(ObjectNode set, String node, String hash) {
        ObjectNode pod = PodTemplate.pod(set.path("spec").path("template"), set, ownership.reference(set));
        pod.withObject("metadata").withObject("labels").put(HASH, hash);
        ObjectNode spec = pod.withObject("spec");
        tolerate(spec);
        ObjectNode here = JsonNodeFactory.instance
                .objectNode()
                .put("key", "metadata.name")
                .put("operator", "In");
        here.putArray("values").add(node);
        ObjectNode required = spec.withObject("affinity")
                .withObject("nodeAffinity")
                .withObject("requiredDuringSchedulingIgnoredDuringExecution");
        ArrayNode terms = required.withArray("nodeSelectorTerms");
        if (terms.isEmpty()) {
            terms.addObject();
        }
        terms.forEach(term -> ((ObjectNode) term).putArray("matchFields").add(here));
        pods.create(pod, MANAGER);
    }

    private void roll(ObjectNode set, Set<String> wanted, String hash) {
        Map<String, List<ObjectNode>> byNode = byNode(set);
        List<ObjectNode> old = new ArrayList<>();
        int unavailable = 0;
        for (String node : wanted) {
            List<ObjectNode> active = byNode.getOrDefault(node, List.of()).stream()
                    .filter(PodState::active)
                    .toList();
            boolean up = active.stream().anyMatch(pod -> available(set, pod));
            unavailable += up ? 0 : 1;
            for (ObjectNode pod : active) {
                if (!hash(pod).equals(hash)) {
                    if (up) {
                        old.add(pod);
                    } else {
                        delete(pod);
                    }
                }
            }
        }
        int budget = Math.max(0, maxUnavailable(set, wanted.size()) - unavailable);
        old.stream().limit(budget).forEach(this::delete);
    }

    private static int maxUnavailable(JsonNode set, int desired) {
        String text = set.path("spec")
                .path("updateStrategy")
                .path("rollingUpdate")
                .path("maxUnavailable")
                .asText("1");
        return text.endsWith("%")
                ? (int) Math.ceil(Integer.parseInt(text.substring(0, text.length() - 1)) * desired / 100.0)
                : Integer.parseInt(text);
    }

    private boolean available(JsonNode set, JsonNode pod) {
        return PodState.available(pod, set.path("spec").path("minReadySeconds").asLong(), loop.now());
    }

    private void writeStatus(ObjectNode set, Set<String> wanted, String hash) {
        Map<String, List<ObjectNode>> byNode = byNode(set);
        int current = 0;
        int ready = 0;
        int available = 0;
        int updated = 0;
        for (String node : wanted) {
            List<ObjectNode> active = byNode.getOrDefault(node, List.of()).stream()
                    .filter(PodState::active)
                    .toList();
            current += active.isEmpty() ? 0 : 1;
            ready += active.stream().anyMatch(PodState::ready) ? 1 : 0;
            available += active.stream().anyMatch(pod -> available(set, pod)) ? 1 : 0;
            updated += active.stream().anyMatch(pod -> hash(pod).equals(hash)) ? 1 : 0;
        }
        int misplaced = (int) byNode.entrySet().stream()
                .filter(entry -> !wanted.contains(entry.getKey())
                        && entry.getValue().stream().anyMatch(PodState::active))
                .count();
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("currentNumberScheduled", current);
        status.put("numberMisscheduled", misplaced);
        status.put("desiredNumberScheduled", wanted.size());
        status.put("numberReady", ready);
        status.put("observedGeneration", ObjectMeta.generation(set));
        count(status, "updatedNumberScheduled", updated);
        count(status, "numberAvailable", available);
        count(status, "numberUnavailable", wanted.size() - available);
        if (!Trees.same(status, set.path("status"))) {
            ObjectNode changed = set.deepCopy();
            changed.set("status", status);
            daemonSets.updateStatus(changed, MANAGER);
        }
        comeBackWhenAvailable(set);
    }

    private void comeBackWhenAvailable(ObjectNode set) {
        long minReadySeconds = set.path("spec").path("minReadySeconds").asLong();
        Instant now = loop.now();
        members(set).stream()
                .filter(PodState::ready)
                .map(pod -> PodState.availableFrom(pod, minReadySeconds))
                .filter(at -> minReadySeconds > 0 && at.isAfter(now))
                .min(Comparator.naturalOrder())
                .ifPresent(at -> loop.enqueueAt(this, Key.of(set), at));
    }

    private static void count(ObjectNode status, String field, int number) {
        if (number > 0) {
            status.put(field, number);
        }
    }
}
