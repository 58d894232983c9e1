package dev.trimtab.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares two states of one object as the server tells them, without what the server alone writes. Entries of lists are
 * matched by their keys, so that one added container is one difference and not a shift of all that follow.
 */
final class ObjectDiff {

    /**
     * One place that differs.
     *
     * @param before empty when the place is new
     * @param after empty when the place goes
     */
    record Difference(FieldLocation location, Optional<JsonNode> before, Optional<JsonNode> after) {}

    private static final Set<String> SERVER_METADATA = Set.of(
            "managedFields",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "selfLink",
            "uid");

    private final List<Difference> differences = new ArrayList<>();

    private ObjectDiff() {}

    /** What differs, ordered by place. */
    static List<Difference> between(ObjectNode before, ObjectNode after) {
        ObjectDiff diff = new ObjectDiff();
        diff.objects(FieldLocation.ROOT, before, after);
        return diff.differences;
    }

    private void values(FieldLocation at, JsonNode before, JsonNode after) {
        if (before.isObject() && after.isObject()) {
            objects(at, before, after);
        } else if (before.isArray() && after.isArray()) {
            lists(at, before, after);
        } else if (!same(before, after)) {
            differences.add(new Difference(at, Optional.of(before), Optional.of(after)));
        }
    }

    private void objects(FieldLocation at, JsonNode before, JsonNode after) {
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            if (!serverOnly(at, name)) {
                maybe(at.field(name), before.get(name), after.get(name));
            }
        }
    }

    private void lists(FieldLocation at, JsonNode before, JsonNode after) {
        Optional<ListKeys.Keyed> keyed = ListKeys.key(at.last(), before, after);
        if (keyed.isPresent()) {
            ListKeys.Keyed entries = keyed.get();
            for (String key : entries.union()) {
                maybe(
                        at.entry(key, entries.keyField(), entries.keyValue(key)),
                        entries.before().get(key),
                        entries.after().get(key));
            }
            if (entries.reordered()) {
                differences.add(new Difference(
                        at,
                        Optional.of(names(entries.before().keySet())),
                        Optional.of(names(entries.after().keySet()))));
            }
        } else if (before.size() == after.size() && allObjects(before) && allObjects(after)) {
            for (int i = 0; i < before.size(); i++) {
                values(at.entry(i), before.get(i), after.get(i));
            }
        } else if (!same(before, after)) {
            differences.add(new Difference(at, Optional.of(before), Optional.of(after)));
        }
    }

    /** Either side may be missing; null in JSON means missing, as the API conventions have it. */
    private void maybe(FieldLocation at, @Nullable JsonNode before, @Nullable JsonNode after) {
        boolean had = before != null && !before.isNull();
        boolean has = after != null && !after.isNull();
        if (had && has) {
            values(at, Objects.requireNonNull(before), Objects.requireNonNull(after));
        } else if (had != has) {
            JsonNode value = Objects.requireNonNull(had ? before : after);
            if (value.isObject() && !value.isEmpty() && namesItsParts(at)) {
                ObjectNode nothing = JsonNodeFactory.instance.objectNode();
                objects(at, had ? value : nothing, had ? nothing : value);
            } else {
                differences.add(new Difference(
                        at, had ? Optional.of(value) : Optional.empty(), had ? Optional.empty() : Optional.of(value)));
            }
        }
    }

    /** Places of which each part is told, even when the whole is new: every label, and every key of a Secret. */
    private static boolean namesItsParts(FieldLocation at) {
        return at.holdsFreeKeys() || at.steps().equals(List.of("metadata"));
    }

    private static boolean serverOnly(FieldLocation at, String name) {
        return (at.steps().isEmpty() && name.equals("status"))
                || (at.steps().equals(List.of("metadata")) && SERVER_METADATA.contains(name));
    }

    private static boolean allObjects(JsonNode list) {
        for (JsonNode entry : list) {
            if (!entry.isObject()) {
                return false;
            }
        }
        return true;
    }

    /** Deep equality in which 1 and 1.0 are one number. */
    private static boolean same(JsonNode before, JsonNode after) {
        return before.equals(
                (left, right) -> left.isNumber() && right.isNumber()
                        ? left.decimalValue().compareTo(right.decimalValue())
                        : left.equals(right) ? 0 : 1,
                after);
    }

    private static ArrayNode names(Set<String> keys) {
        ArrayNode names = JsonNodeFactory.instance.arrayNode();
        keys.forEach(names::add);
        return names;
    }
}
