package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Set operations on FieldsV1 trees. A path is in the set where its node is empty or holds {@code "."}; a path and its parent are in
 * it independently of each other.
 */
final class FieldSets {

    private static final String SELF = ".";

    private FieldSets() {}

    static ObjectNode union(JsonNode left, JsonNode right) {
        return combine(left, right, (a, b) -> isMember(a) || isMember(b));
    }

    static ObjectNode intersection(JsonNode left, JsonNode right) {
        return combine(left, right, (a, b) -> isMember(a) && isMember(b));
    }

    /** The paths that are not in {@code right}; what is below a path of {@code right} stays. */
    static ObjectNode difference(JsonNode left, JsonNode right) {
        return combine(left, right, (a, b) -> isMember(a) && !isMember(b));
    }

    /** As {@link #difference}, and without the parents of paths of {@code right}: nobody else needs the shell of a map. */
    static ObjectNode without(JsonNode left, JsonNode right) {
        return combine(left, right, (a, b) -> isMember(a) && b.isMissingNode());
    }

    /** Whether the path that leads to this node is in the set. */
    static boolean isMember(JsonNode node) {
        return node.isObject() && (node.isEmpty() || node.has(SELF));
    }

    private static ObjectNode combine(JsonNode left, JsonNode right, BiPredicate<JsonNode, JsonNode> rule) {
        return level(left, right, false, rule).orElseGet(JsonNodeFactory.instance::objectNode);
    }

    /** Empty when neither the path nor anything below it is in the result. */
    private static Optional<ObjectNode> level(
            JsonNode left, JsonNode right, boolean member, BiPredicate<JsonNode, JsonNode> rule) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        Set<String> names = new LinkedHashSet<>();
        left.fieldNames().forEachRemaining(names::add);
        right.fieldNames().forEachRemaining(names::add);
        names.remove(SELF);
        for (String name : names) {
            JsonNode a = left.path(name);
            JsonNode b = right.path(name);
            level(a, b, rule.test(a, b), rule).ifPresent(child -> result.set(name, child));
        }
        if (result.isEmpty()) {
            return member ? Optional.of(result) : Optional.empty();
        }
        if (member) {
            result.putObject(SELF);
        }
        return Optional.of(result);
    }
}
