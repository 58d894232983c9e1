package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.codes.Count;
import dev.trimtab.inplace.LabelSelector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is on a node, as far as its removal is concerned.
 *
 * @param evicted pods to evict
 * @param leaving pods that are being deleted
 * @param orphans pods that nothing would make anew, so that they are left to a person
 * @param left pods of DaemonSets and static pods, which go with the node
 * @param volumes names of persistent volumes that are attached to it
 * @param budgets names of PodDisruptionBudgets, by the pod that they cover
 */
public record NodeLoad(
        List<ObjectNode> evicted,
        List<ObjectNode> leaving,
        List<ObjectNode> orphans,
        List<ObjectNode> left,
        List<String> volumes,
        SortedMap<String, List<String>> budgets) {

    private static final String MIRROR = "kubernetes.io/config.mirror";
    /** How many pods are named before the rest is counted. */
    private static final int NAMED = 5;

    public NodeLoad {
        evicted = List.copyOf(evicted);
        leaving = List.copyOf(leaving);
        orphans = List.copyOf(orphans);
        left = List.copyOf(left);
        volumes = List.copyOf(volumes);
        budgets = Collections.unmodifiableSortedMap(new TreeMap<>(budgets));
    }

    private enum Fate {
        EVICTED,
        LEAVING,
        ORPHAN,
        LEFT
    }

    /** Nothing at all. */
    static NodeLoad none() {
        return of(List.of(), List.of(), List.of());
    }

    /**
     * @param attachments VolumeAttachments of the node
     * @param budgets all PodDisruptionBudgets
     */
    static NodeLoad of(List<ObjectNode> pods, List<ObjectNode> attachments, List<ObjectNode> budgets) {
        SortedMap<String, List<String>> covering = new TreeMap<>();
        with(Fate.EVICTED, pods).forEach(pod -> {
            List<String> names = budgets.stream()
                    .filter(budget -> covers(budget, pod))
                    .map(budget -> budget.path("metadata").path("name").asText(""))
                    .toList();
            if (!names.isEmpty()) {
                covering.put(name(pod), names);
            }
        });
        return new NodeLoad(
                with(Fate.EVICTED, pods),
                with(Fate.LEAVING, pods),
                with(Fate.ORPHAN, pods),
                with(Fate.LEFT, pods),
                attachments.stream()
                        .map(one -> one.path("spec")
                                .path("source")
                                .path("persistentVolumeName")
                                .asText(one.path("metadata").path("name").asText("")))
                        .sorted()
                        .toList(),
                covering);
    }

    private static boolean covers(ObjectNode budget, ObjectNode pod) {
        return budget.path("metadata")
                        .path("namespace")
                        .equals(pod.path("metadata").path("namespace"))
                && LabelSelector.matches(
                        budget.path("spec").path("selector"),
                        pod.path("metadata").path("labels"));
    }

    /** Whether nothing is on the node any more that has to go before it. */
    boolean isDrained() {
        return evicted.isEmpty() && leaving.isEmpty() && orphans.isEmpty() && volumes.isEmpty();
    }

    /** What has to go before the node can, for people. */
    String words() {
        List<String> parts = new ArrayList<>();
        part(parts, "pods to evict: ", evicted.stream().map(this::withBudget).toList());
        part(parts, "pods being deleted: ", leaving.stream().map(NodeLoad::name).toList());
        part(
                parts,
                "pods that nothing would make anew: ",
                orphans.stream().map(NodeLoad::name).toList());
        part(parts, "attached volumes: ", volumes);
        return parts.isEmpty() ? "nothing" : String.join("; ", parts);
    }

    /** What a drain will do, for people. */
    List<String> announcement() {
        List<String> lines = new ArrayList<>();
        part(
                lines,
                Count.are(evicted.size(), "pod") + " evicted: ",
                evicted.stream().map(this::withBudget).toList());
        if (!left.isEmpty()) {
            lines.add(Count.all(left.size(), "pod", "stay") + ": of DaemonSets, or static");
        }
        part(
                lines,
                "waits for pods that nothing would make anew, move or delete them: ",
                orphans.stream().map(NodeLoad::name).toList());
        part(lines, "waits for attached volumes: ", volumes);
        lines.add("the node is not deleted: that takes trimtab node remove");
        return lines;
    }

    private static void part(List<String> parts, String what, List<String> names) {
        if (!names.isEmpty()) {
            String some = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
            parts.add(what + some + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : ""));
        }
    }

    private String withBudget(ObjectNode pod) {
        List<String> covering = budgets.getOrDefault(name(pod), List.of());
        return name(pod) + (covering.isEmpty() ? "" : " (PodDisruptionBudget " + String.join(", ", covering) + ")");
    }

    static String name(ObjectNode pod) {
        JsonNode metadata = pod.path("metadata");
        return metadata.path("namespace").asText("") + "/"
                + metadata.path("name").asText("");
    }

    private static List<ObjectNode> with(Fate fate, List<ObjectNode> pods) {
        return pods.stream().filter(pod -> fate(pod) == fate).toList();
    }

    private static Fate fate(ObjectNode pod) {
        JsonNode metadata = pod.path("metadata");
        JsonNode controller = controller(metadata);
        if (metadata.path("annotations").has(MIRROR)
                || controller.path("kind").asText("").equals("DaemonSet")) {
            return Fate.LEFT;
        }
        if (metadata.hasNonNull("deletionTimestamp")) {
            return Fate.LEAVING;
        }
        String phase = pod.path("status").path("phase").asText("");
        boolean over = phase.equals("Succeeded") || phase.equals("Failed");
        return controller.isObject() || over ? Fate.EVICTED : Fate.ORPHAN;
    }

    private static JsonNode controller(JsonNode metadata) {
        for (JsonNode owner : metadata.path("ownerReferences")) {
            if (owner.path("controller").asBoolean(false)) {
                return owner;
            }
        }
        return metadata.path("ownerReferences").path("none");
    }
}
