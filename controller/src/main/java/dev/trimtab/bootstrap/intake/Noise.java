package dev.trimtab.bootstrap.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Takes out what programs write into their configuration without anybody having meant it: kubeadm stores the kubelet's and
 * kube-proxy's with every field of their type.
 */
final class Noise {

    private Noise() {}

    /** A copy without values that mean the default in every configuration of Kubernetes: nothing, and a duration of zero. */
    static ObjectNode without(ObjectNode configuration) {
        return without(configuration, value -> false, Set.of());
    }

    /**
     * A copy that also lacks whatever {@code more} says of a single value.
     *
     * @param meant JSON pointers of fields that are null when nobody meant them: any other value stays
     */
    static ObjectNode without(ObjectNode configuration, Predicate<JsonNode> more, Set<String> meant) {
        ObjectNode copy = configuration.deepCopy();
        prune(copy, "", more, meant);
        return copy;
    }

    private static boolean prune(JsonNode tree, String pointer, Predicate<JsonNode> more, Set<String> meant) {
        if (tree instanceof ObjectNode object) {
            boolean empty = object.isEmpty();
            object.properties().removeIf(field -> prune(field.getValue(), pointer + "/" + field.getKey(), more, meant));
            return empty || object.isEmpty();
        }
        if (tree instanceof ArrayNode || (meant.contains(pointer) && !tree.isNull())) {
            // Programs leave an empty list out: it was meant.
            return false;
        }
        return tree.isNull()
                || tree.asText().equals("0s")
                || (tree.isTextual() && tree.textValue().isEmpty())
                || more.test(tree);
    }

    /** Removes what equals a usual value; {@code usual} is by JSON pointer, values as text. */
    static void remove(ObjectNode configuration, Map<String, String> usual) {
        usual.forEach((pointer, value) -> {
            int slash = pointer.lastIndexOf('/');
            if (configuration.at(pointer).isValueNode()
                    && configuration.at(pointer).asText().equals(value)
                    && configuration.at(pointer.substring(0, slash)) instanceof ObjectNode owner) {
                owner.remove(pointer.substring(slash + 1));
            }
        });
        prune(configuration, "", value -> false, Set.of());
    }
}
