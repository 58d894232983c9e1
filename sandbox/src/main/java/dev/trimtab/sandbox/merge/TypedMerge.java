package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.schema.Type;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lays an applied object over the live one. Nothing is ever removed here; what is not touched is shared with the
 * arguments, so callers treat the result as immutable or copy it.
 */
final class TypedMerge {

    private TypedMerge() {}

    static ObjectNode merge(Type.Struct type, ObjectNode live, ObjectNode applied) {
        return (ObjectNode) mergeValue(type, live, applied).orElseGet(JsonNodeFactory.instance::objectNode);
    }

    private static Optional<JsonNode> mergeValue(Type type, @Nullable JsonNode live, @Nullable JsonNode applied) {
        if (applied == null || live == null) {
            return Optional.ofNullable(applied == null ? live : applied);
        }
        Shape shape = Shape.of(type, applied);
        if (shape == Shape.SCALAR || Shape.isAtomic(type, shape)) {
            return Optional.of(applied);
        }
        return shape == Shape.MAP ? mergeObjects(type, live, applied) : mergeLists((Type.ListOf) type, live, applied);
    }

    private static Optional<JsonNode> mergeObjects(Type type, JsonNode live, JsonNode applied) {
        if (!live.isObject() || live.isEmpty()) {
            return Optional.of(applied);
        }
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : live.properties()) {
            JsonNode over = applied.get(member.getKey());
            mergeValue(Shape.member(type, member.getKey()), member.getValue(), over)
                    .ifPresent(value -> merged.set(member.getKey(), value));
        }
        for (Map.Entry<String, JsonNode> member : applied.properties()) {
            if (!live.has(member.getKey())) {
                merged.set(member.getKey(), member.getValue());
            }
        }
        return merged.isEmpty() ? Optional.empty() : Optional.of(merged);
    }

    private static Optional<JsonNode> mergeLists(Type.ListOf type, JsonNode live, JsonNode applied) {
        if (!live.isArray() || live.isEmpty()) {
            return Optional.of(applied);
        }
        ArrayNode merged = new Interleave(type, live, applied).merge();
        return merged.isEmpty() ? Optional.empty() : Optional.of(merged);
    }

    /**
     * Merges two lists so that applied items keep their order, items that only the live list has keep their place
     * relative to those that both have, and live items come first where nothing decides.
     */
    private static final class Interleave {

        private final Type.ListOf type;
        private final JsonNode live;
        private final List<PathElement> liveElements;
        private final List<PathElement> appliedElements;
        private final Map<PathElement, JsonNode> liveItems;
        private final Map<PathElement, JsonNode> appliedItems;
        /** Elements that both lists have, in applied order. */
        private final List<PathElement> shared;

        private final Set<PathElement> placed = new HashSet<>();
        private final ArrayNode merged = JsonNodeFactory.instance.arrayNode();
        private int nextShared;

        Interleave(Type.ListOf type, JsonNode live, JsonNode applied) {
            this.type = type;
            this.live = live;
            this.liveElements = ListItems.elements(type, live);
            this.appliedElements = ListItems.elements(type, applied);
            this.liveItems = index(liveElements, live);
            this.appliedItems = index(appliedElements, applied);
            this.shared =
                    appliedElements.stream().filter(liveItems::containsKey).toList();
        }

        private static Map<PathElement, JsonNode> index(List<PathElement> elements, JsonNode list) {
            Map<PathElement, JsonNode> items = new HashMap<>();
            for (int i = 0; i < elements.size(); i++) {
                JsonNode duplicate = items.put(elements.get(i), list.get(i));
                if (duplicate != null) {
                    items.put(elements.get(i), JsonNodeFactory.instance.nullNode());
                }
            }
            return items;
        }

        ArrayNode merge() {
            int l = 0;
            int a = 0;
            while (l < liveElements.size() || a < appliedElements.size()) {
                boolean appliedLeft = a < appliedElements.size();
                if (l < liveElements.size()) {
                    PathElement head = liveElements.get(l);
                    if (!appliedItems.containsKey(head)) {
                        merged.add(live.get(l++));
                        continue;
                    }
                    if (appliedLeft && movesBack(head)) {
                        l++;
                        continue;
                    }
                    if (placed.contains(head) || (appliedLeft && head.equals(appliedElements.get(a)))) {
                        l++;
                    }
                }
                if (appliedLeft) {
                    place(appliedElements.get(a));
                    a++;
                }
            }
            return merged;
        }

        /** Whether another element that both lists have comes before this one in applied order. */
        private boolean movesBack(PathElement head) {
            return nextShared < shared.size() && !shared.get(nextShared).equals(head);
        }

        private void place(PathElement element) {
            placed.add(element);
            if (nextShared < shared.size() && shared.get(nextShared).equals(element)) {
                nextShared++;
            }
            mergeValue(type.element(), liveItems.get(element), appliedItems.get(element))
                    .ifPresent(merged::add);
        }
    }
}
