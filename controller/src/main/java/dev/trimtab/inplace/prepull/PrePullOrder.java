package dev.trimtab.inplace.prepull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What has to be on which nodes before pods of a workload restart.
 *
 * @param revision names the template, as a label value
 * @param podSpec of the template
 */
public record PrePullOrder(
        ObjectNode workload, String revision, JsonNode podSpec, SortedSet<String> images, SortedSet<String> nodes) {

    /** Annotation of a workload: {@code "true"} pulls images first however few the pods, {@code "false"} never does. */
    public static final String POLICY = "trimtab.dev/pre-pull";

    /**
     * Where the workload does not say: with fewer pods than this, the pulls cost as much as they save, and a bad image is found out
     * at a pod or two, which the budget stops at.
     */
    private static final int ENOUGH_PODS = 4;

    private static final String[] LISTS = {"containers", "initContainers"};

    public PrePullOrder {
        images = Collections.unmodifiableSortedSet(new TreeSet<>(images));
        nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    }

    /** @param restarting how many pods are about to restart with a new image */
    public static boolean wanted(JsonNode workload, int restarting) {
        return switch (workload.path("metadata")
                .path("annotations")
                .path(POLICY)
                .asText("")) {
            case "true" -> restarting > 0;
            case "false" -> false;
            default -> restarting >= ENOUGH_PODS;
        };
    }

    /**
     * @param restarting the pods that are about to restart with a new image
     * @param supplied nodes that have the images: a pod runs them there
     */
    public static PrePullOrder of(
            ObjectNode workload,
            String revision,
            JsonNode template,
            Collection<? extends JsonNode> restarting,
            Set<String> supplied) {
        SortedSet<String> images = new TreeSet<>();
        SortedSet<String> nodes = new TreeSet<>();
        for (JsonNode pod : restarting) {
            // A pod without a node starts on whichever it gets, and stops no container for that.
            String node = nodeOf(pod);
            if (!node.isEmpty() && !supplied.contains(node)) {
                nodes.add(node);
            }
            for (String list : LISTS) {
                template.path("spec").path(list).forEach(container -> {
                    String image = container.path("image").asText();
                    String runs = image(pod, list, container.path("name").asText());
                    if (!runs.isEmpty() && !runs.equals(image)) {
                        images.add(image);
                    }
                });
            }
        }
        return new PrePullOrder(workload, revision, template.path("spec"), images, nodes);
    }

    public static String nodeOf(JsonNode pod) {
        return pod.path("spec").path("nodeName").asText("");
    }

    private static String image(JsonNode pod, String list, String name) {
        for (JsonNode container : pod.path("spec").path(list)) {
            if (container.path("name").asText().equals(name)) {
                return container.path("image").asText("");
            }
        }
        return "";
    }

    String uid() {
        return workload.path("metadata").path("uid").asText();
    }

    ObjectKey key() {
        return ObjectKey.of(workload);
    }

    @Override
    public String toString() {
        return key().toString();
    }
}
