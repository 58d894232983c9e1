package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The order of a list after a strategic merge patch, by the directive {@code $setElementOrder} or else by the patch of the
 * list itself: listed items come in the listed order; the
 * others keep theirs, and come before a listed item if they did before the patch.
 *
 * @param mergeKey empty for a list of scalars
 * @param before the list's items before the patch
 * @param wanted the directive, or the patch of the list: objects with the merge key, or scalars
 */
record ElementOrder(Optional<String> mergeKey, List<JsonNode> before, JsonNode wanted) {

    ArrayNode sort(ArrayNode list) {
        List<JsonNode> listed = new ArrayList<>();
        for (JsonNode place : wanted) {
            list.valueStream().filter(item -> same(item, place)).forEach(listed::add);
        }
        List<JsonNode> others = list.valueStream()
                .filter(item -> wanted.valueStream().noneMatch(place -> same(item, place)))
                .toList();
        ArrayNode sorted = list.arrayNode(list.size());
        int next = 0;
        for (JsonNode item : listed) {
            while (next < others.size() && cameBefore(others.get(next), item)) {
                sorted.add(others.get(next++));
            }
            sorted.add(item);
        }
        others.subList(next, others.size()).forEach(sorted::add);
        return sorted;
    }

    private boolean cameBefore(JsonNode a, JsonNode b) {
        int placeOfA = placeBefore(a);
        return placeOfA >= 0 && placeOfA < placeBefore(b);
    }

    private int placeBefore(JsonNode item) {
        for (int i = 0; i < before.size(); i++) {
            if (same(before.get(i), item)) {
                return i;
            }
        }
        return -1;
    }

    private boolean same(JsonNode item, JsonNode other) {
        return mergeKey.map(key -> JsonOrder.equal(item.path(key), other.path(key)))
                .orElseGet(() -> JsonOrder.equal(item, other));
    }
}
