package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.TemplateDiff.Difference;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Cpu and memory of running containers, which the API server lets change through {@code pods/resize} (Kubernetes documentation, "Resize
 * CPU and Memory Resources assigned to Containers"): amounts that are there become others, and the pod's quality of service stays.
 */
public final class Resizing {

    private static final Pattern PATH =
            Pattern.compile("(containers|initContainers)\\[(.+)]\\.resources\\.(limits|requests)\\.(cpu|memory)");

    private static final String[] BOUNDS = {"limits", "requests"};
    private static final String[] RESOURCES = {"cpu", "memory"};

    private Resizing() {}

    /** Whether running containers can follow this difference without a restart. */
    static boolean follows(Difference difference, JsonNode was, JsonNode is) {
        Matcher path = PATH.matcher(difference.path().value());
        if (difference.code() != VerdictCode.RESOURCES || !path.matches()) {
            return false;
        }
        Optional<JsonNode> before = container(was, path.group(1), path.group(2));
        Optional<JsonNode> after = container(is, path.group(1), path.group(2));
        String at = "/resources/" + path.group(3) + "/" + path.group(4);
        return before.isPresent()
                && after.isPresent()
                && before.get().at(at).isValueNode()
                && after.get().at(at).isValueNode()
                && !restarts(after.get(), path.group(4))
                && (path.group(1).equals("containers") || Containers.restartable(after.get()));
    }

    private static boolean restarts(JsonNode container, String resource) {
        return Containers.stream(container.path("resizePolicy"))
                .anyMatch(policy -> policy.path("resourceName").asText().equals(resource)
                        && policy.path("restartPolicy").asText().equals("RestartContainer"));
    }

    private static Optional<JsonNode> container(JsonNode template, String list, String name) {
        return Containers.stream(template.path("spec").path(list))
                .filter(container -> container.path("name").asText().equals(name))
                .findFirst();
    }

    /** Guaranteed, Burstable or BestEffort (Kubernetes documentation, "Pod Quality of Service Classes"). */
    static String quality(JsonNode template) {
        boolean any = false;
        boolean guaranteed = true;
        JsonNode spec = template.path("spec");
        for (JsonNode container : Stream.concat(
                        Containers.stream(spec.path("containers")), Containers.stream(spec.path("initContainers")))
                .toList()) {
            for (String resource : RESOURCES) {
                JsonNode limit = container.at("/resources/limits/" + resource);
                JsonNode request = container.at("/resources/requests/" + resource);
                any |= limit.isValueNode() || request.isValueNode();
                guaranteed &= limit.isValueNode()
                        && (!request.isValueNode() || TemplateDiff.sameQuantity(limit.asText(), request.asText()));
            }
        }
        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    /** The cpu and memory that a container is given; other resources are left out. */
    public static ObjectNode amounts(JsonNode resources) {
        ObjectNode amounts = JsonNodeFactory.instance.objectNode();
        for (String bound : BOUNDS) {
            for (String resource : RESOURCES) {
                JsonNode amount = resources.path(bound).path(resource);
                if (amount.isValueNode()) {
                    amounts.withObjectProperty(bound).set(resource, amount);
                }
            }
        }
        return amounts;
    }

    /** Whether two containers are given the same cpu and memory. */
    public static boolean same(JsonNode one, JsonNode other) {
        for (String bound : BOUNDS) {
            for (String resource : RESOURCES) {
                String left = one.path(bound).path(resource).asText("");
                String right = other.path(bound).path(resource).asText("");
                if (!left.equals(right) && !TemplateDiff.sameQuantity(left, right)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Why the node will never give a pod what it is to have. */
    public static Optional<String> infeasible(PodView pod) {
        return pod.condition("PodResizePending")
                .filter(condition -> condition.path("reason").asText().equals("Infeasible")
                        && condition.path("status").asText().equals("True"))
                .map(condition -> "node " + pod.node() + " cannot give " + pod.name() + " what it is to have: "
                        + condition.path("message").asText(""));
    }

    /** Why the node cannot give a pod what it is to have as long as other pods are there. */
    static Optional<String> deferred(PodView pod) {
        return pod.condition("PodResizePending")
                .filter(condition -> condition.path("reason").asText().equals("Deferred")
                        && condition.path("status").asText().equals("True"))
                .map(condition -> "node " + pod.node() + " cannot give " + pod.name() + " what it is to have yet: "
                        + condition.path("message").asText(""));
    }

    /** The containers of a template whose cpu or memory is another one. */
    public static Set<String> changed(JsonNode was, JsonNode is) {
        return Stream.of("containers", "initContainers")
                .flatMap(list -> Containers.stream(is.path("spec").path(list))
                        .filter(container -> container(
                                        was, list, container.path("name").asText())
                                .filter(before -> !same(before.path("resources"), container.path("resources")))
                                .isPresent()))
                .map(container -> container.path("name").asText())
                .collect(Collectors.toUnmodifiableSet());
    }
}
