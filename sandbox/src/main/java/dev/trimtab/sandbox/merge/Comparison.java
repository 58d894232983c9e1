package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.schema.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two objects of a type.
 *
 * @param removed paths that only the first has
 * @param modified leaves and atomic values that both have with another value
 * @param added paths that only the second has
 */
record Comparison(FieldSet removed, FieldSet modified, FieldSet added) {

    static Comparison of(Type type, JsonNode before, JsonNode after) {
        Walk walk = new Walk();
        walk.compare(type, before, after);
        return new Comparison(walk.removed.build(), walk.modified.build(), walk.added.build());
    }

    /** Modified or added. */
    FieldSet changed() {
        return modified.union(added);
    }

    private static final class Walk {

        private final FieldSet.Tree removed = new FieldSet.Tree();
        private final FieldSet.Tree modified = new FieldSet.Tree();
        private final FieldSet.Tree added = new FieldSet.Tree();
        private final List<PathElement> path = new ArrayList<>();

        void compare(Type type, @Nullable JsonNode before, @Nullable JsonNode after) {
            boolean whole;
            if (after == null) {
                whole = before == null || visit(Shape.of(type, before), type, before, null);
            } else if (before == null) {
                whole = visit(Shape.of(type, after), type, null, after);
            } else {
                Shape shape = Shape.of(type, after);
                Shape shapeBefore = Shape.of(type, before);
                if (shapeBefore != shape) {
                    visit(shapeBefore, type, before, after);
                }
                whole = visit(shape, type, before, after);
            }
            if (!whole && before == null) {
                added.add(path);
            } else if (!whole && after == null) {
                removed.add(path);
            }
        }

        /** Returns whether the value was compared as a whole. */
        private boolean visit(Shape shape, Type type, @Nullable JsonNode before, @Nullable JsonNode after) {
            boolean bothEmpty = isEmpty(shape, before) && isEmpty(shape, after);
            if (shape == Shape.SCALAR || bothEmpty || Shape.isAtomic(type, shape)) {
                compareWhole(before, after);
                return true;
            }
            if (shape == Shape.MAP) {
                compareMembers(type, objectOrNull(before), objectOrNull(after));
            } else {
                compareItems((Type.ListOf) type, arrayOrNull(before), arrayOrNull(after));
            }
            return false;
        }

        private void compareWhole(@Nullable JsonNode before, @Nullable JsonNode after) {
            if (before == null) {
                added.add(path);
            } else if (after == null) {
                removed.add(path);
            } else if (!JsonOrder.equal(before, after)) {
                modified.add(path);
            }
        }

        private void compareMembers(Type type, @Nullable JsonNode before, @Nullable JsonNode after) {
            if (before != null) {
                for (Map.Entry<String, JsonNode> member : before.properties()) {
                    JsonNode other = after == null ? null : after.get(member.getKey());
                    compareMember(type, member.getKey(), member.getValue(), other);
                }
            }
            if (after != null) {
                for (Map.Entry<String, JsonNode> member : after.properties()) {
                    if (before == null || !before.has(member.getKey())) {
                        compareMember(type, member.getKey(), null, member.getValue());
                    }
                }
            }
        }

        /** A merge shares what it did not touch with its arguments, which saves looking into it. */
        @SuppressWarnings("ReferenceEquality")
        private void compareMember(Type type, String name, @Nullable JsonNode before, @Nullable JsonNode after) {
            if (before != after) {
                below(new PathElement.Field(name), Shape.member(type, name), before, after);
            }
        }

        private void below(PathElement element, Type type, @Nullable JsonNode before, @Nullable JsonNode after) {
            path.add(element);
            compare(type, before, after);
            path.remove(path.size() - 1);
        }

        /** Items that are there more than once cannot be told apart: they count as one value, owned as a whole. */
        private void compareItems(Type.ListOf type, @Nullable JsonNode before, @Nullable JsonNode after) {
            Map<PathElement, List<JsonNode>> befores = byElement(type, before);
            Map<PathElement, List<JsonNode>> afters = byElement(type, after);
            befores.forEach(
                    (element, items) -> compareItem(type, element, items, afters.getOrDefault(element, List.of())));
            afters.forEach((element, items) -> {
                if (!befores.containsKey(element)) {
                    compareItem(type, element, List.of(), items);
                }
            });
        }

        private void compareItem(Type.ListOf type, PathElement element, List<JsonNode> befores, List<JsonNode> afters) {
            JsonNode before = befores.isEmpty() ? null : befores.get(0);
            JsonNode after = afters.isEmpty() ? null : afters.get(0);
            if (befores.size() <= 1 && afters.size() <= 1) {
                below(element, type.element(), before, after);
            } else if (befores.size() > 1 && afters.size() > 1) {
                if (!equal(befores, afters)) {
                    include(modified, element);
                }
            } else if (befores.size() > 1) {
                if (after != null) {
                    below(element, type.element(), null, after);
                }
                include(removed, element);
            } else {
                if (before != null) {
                    below(element, type.element(), before, null);
                }
                include(added, element);
            }
        }

        private void include(FieldSet.Tree set, PathElement element) {
            path.add(element);
            set.add(path);
            path.remove(path.size() - 1);
        }

        private static boolean equal(List<JsonNode> a, List<JsonNode> b) {
            boolean equal = a.size() == b.size();
            for (int i = 0; equal && i < a.size(); i++) {
                equal = JsonOrder.equal(a.get(i), b.get(i));
            }
            return equal;
        }

        private static Map<PathElement, List<JsonNode>> byElement(Type.ListOf type, @Nullable JsonNode list) {
            Map<PathElement, List<JsonNode>> items = new LinkedHashMap<>();
            if (list != null) {
                for (JsonNode item : list) {
                    items.computeIfAbsent(ListItems.element(type, item), absent -> new ArrayList<>(1))
                            .add(item);
                }
            }
            return items;
        }

        private static boolean isEmpty(Shape shape, @Nullable JsonNode value) {
            JsonNode container = shape == Shape.MAP ? objectOrNull(value) : arrayOrNull(value);
            return container == null || container.isEmpty();
        }

        private static @Nullable JsonNode objectOrNull(@Nullable JsonNode value) {
            return value != null && value.isObject() ? value : null;
        }

        private static @Nullable JsonNode arrayOrNull(@Nullable JsonNode value) {
            return value != null && value.isArray() ? value : null;
        }
    }
}
