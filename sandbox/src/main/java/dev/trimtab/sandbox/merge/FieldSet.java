package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.schema.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * An immutable set of paths in an object: what a manager owns. A path and its parent are in the set independently of
 * each other: owning {@code .metadata.labels.app} is not owning {@code .metadata.labels}.
 *
 * <p>Written as FieldsV1, the JSON of {@code managedFields[].fieldsV1}, where {@code .} marks a parent that is itself
 * in the set.
 */
public final class FieldSet {

    public static final FieldSet EMPTY = new FieldSet(new PathElement[0], new boolean[0], new FieldSet[0]);

    /** Sorted. Each element is in the set, has something below it, or both. */
    private final PathElement[] elements;

    private final boolean[] members;
    private final FieldSet[] below;

    private FieldSet(PathElement[] elements, boolean[] members, FieldSet[] below) {
        this.elements = elements;
        this.members = members;
        this.below = below;
    }

    /** The set of some paths. */
    public static FieldSet of(Iterable<List<PathElement>> paths) {
        Tree tree = new Tree();
        paths.forEach(tree::add);
        return tree.build();
    }

    public boolean isEmpty() {
        return elements.length == 0;
    }

    /** Whether the element itself, not only something below it, is in the set. */
    boolean has(PathElement element) {
        int at = Arrays.binarySearch(elements, element);
        return at >= 0 && members[at];
    }

    /** Whether a path is in the set. */
    public boolean has(List<PathElement> path) {
        FieldSet set = this;
        for (PathElement parent : path.subList(0, path.size() - 1)) {
            set = set.below(parent);
        }
        return set.has(path.get(path.size() - 1));
    }

    /** What the set holds below an element. */
    FieldSet below(PathElement element) {
        int at = Arrays.binarySearch(elements, element);
        return at >= 0 ? below[at] : EMPTY;
    }

    public FieldSet union(FieldSet other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        Level result = new Level();
        zip(this, other, (element, a, b) -> {
            boolean member = isMember(this, a) || isMember(other, b);
            result.add(element, member, below(this, a).union(below(other, b)));
        });
        return result.build();
    }

    public FieldSet intersection(FieldSet other) {
        Level result = new Level();
        zip(this, other, (element, a, b) -> {
            boolean member = isMember(this, a) && isMember(other, b);
            result.add(element, member, below(this, a).intersection(below(other, b)));
        });
        return result.build();
    }

    /** The paths that are not in {@code other}. What is below a path of {@code other} stays. */
    public FieldSet difference(FieldSet other) {
        if (isEmpty() || other.isEmpty()) {
            return this;
        }
        Level result = new Level();
        zip(this, other, (element, a, b) -> {
            boolean member = isMember(this, a) && !isMember(other, b);
            result.add(element, member, below(this, a).difference(below(other, b)));
        });
        return result.build();
    }

    /** The paths that have nothing below them. */
    public FieldSet leaves() {
        Level result = new Level();
        for (int i = 0; i < elements.length; i++) {
            FieldSet children = below[i];
            result.add(elements[i], members[i] && children.isEmpty(), children.leaves());
        }
        return result.build();
    }

    /** Number of paths. */
    public int size() {
        int size = 0;
        for (int i = 0; i < elements.length; i++) {
            size += (members[i] ? 1 : 0) + below[i].size();
        }
        return size;
    }

    /** Every path, parents before what is below them. */
    public void forEach(Consumer<List<PathElement>> action) {
        forEach(new ArrayList<>(), action);
    }

    private void forEach(List<PathElement> prefix, Consumer<List<PathElement>> action) {
        for (int i = 0; i < elements.length; i++) {
            prefix.add(elements[i]);
            if (members[i]) {
                action.accept(List.copyOf(prefix));
            }
            below[i].forEach(prefix, action);
            prefix.remove(prefix.size() - 1);
        }
    }

    /** The set and, in it, every declared field that only has something below it. */
    FieldSet withNamedFields(Type type) {
        Level result = new Level();
        for (int i = 0; i < elements.length; i++) {
            PathElement element = elements[i];
            boolean named = element instanceof PathElement.Field field && Shape.declares(type, field.name());
            FieldSet children = below[i];
            result.add(
                    element,
                    members[i] || (named && !children.isEmpty()),
                    children.isEmpty() ? children : children.withNamedFields(Shape.below(type, element)));
        }
        return result.build();
    }

    /** The JSON of this set. */
    public ObjectNode toFieldsV1() {
        return toFieldsV1(false);
    }

    private ObjectNode toFieldsV1(boolean member) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (member && !isEmpty()) {
            json.putObject(".");
        }
        for (int i = 0; i < elements.length; i++) {
            json.set(FieldsV1Key.write(elements[i]), below[i].toFieldsV1(members[i]));
        }
        return json;
    }

    /**
     * The set of some FieldsV1.
     *
     * @throws IllegalArgumentException a key is malformed
     */
    public static FieldSet fromFieldsV1(JsonNode json) {
        return tree(json).build();
    }

    private static Tree tree(JsonNode json) {
        Tree tree = new Tree();
        for (Map.Entry<String, JsonNode> property : json.properties()) {
            if (property.getKey().equals(".")) {
                tree.member = true;
                continue;
            }
            FieldsV1Key.read(property.getKey())
                    .ifPresent(element -> tree.below.put(element, tree(property.getValue())));
        }
        tree.member |= tree.below.isEmpty();
        return tree;
    }

    /** One path a line, as the server prints paths. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEach(path -> text.append(pathText(path)).append('\n'));
        return text.toString();
    }

    static String pathText(List<PathElement> path) {
        StringBuilder text = new StringBuilder();
        path.forEach(text::append);
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldSet that
                && Arrays.equals(elements, that.elements)
                && Arrays.equals(members, that.members)
                && Arrays.equals(below, that.below);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(elements) + Arrays.hashCode(below);
    }

    private static boolean isMember(FieldSet set, int at) {
        return at >= 0 && set.members[at];
    }

    private static FieldSet below(FieldSet set, int at) {
        return at >= 0 ? set.below[at] : EMPTY;
    }

    private interface Pair {
        /** Places of the element in either set, -1 where it is not. */
        void visit(PathElement element, int a, int b);
    }

    private static void zip(FieldSet left, FieldSet right, Pair pair) {
        int a = 0;
        int b = 0;
        while (a < left.elements.length || b < right.elements.length) {
            int order = a == left.elements.length
                    ? 1
                    : b == right.elements.length ? -1 : left.elements[a].compareTo(right.elements[b]);
            if (order < 0) {
                pair.visit(left.elements[a], a++, -1);
            } else if (order > 0) {
                pair.visit(right.elements[b], -1, b++);
            } else {
                pair.visit(left.elements[a], a++, b++);
            }
        }
    }

    /** Collects the elements of one level, in order. */
    private static final class Level {

        private final List<PathElement> elements = new ArrayList<>();
        private final List<Boolean> members = new ArrayList<>();
        private final List<FieldSet> below = new ArrayList<>();

        void add(PathElement element, boolean member, FieldSet children) {
            if (member || !children.isEmpty()) {
                elements.add(element);
                members.add(member);
                below.add(children);
            }
        }

        FieldSet build() {
            if (elements.isEmpty()) {
                return EMPTY;
            }
            boolean[] flags = new boolean[members.size()];
            for (int i = 0; i < flags.length; i++) {
                flags[i] = members.get(i);
            }
            return new FieldSet(elements.toArray(new PathElement[0]), flags, below.toArray(new FieldSet[0]));
        }
    }

    /** A set in the making: takes paths in any order. */
    static final class Tree {

        private final Map<PathElement, Tree> below = new TreeMap<>();
        private boolean member;

        /** The part below an element. */
        Tree at(PathElement element) {
            return below.computeIfAbsent(element, absent -> new Tree());
        }

        /** Puts the path that leads here into the set. */
        void include() {
            member = true;
        }

        void add(List<PathElement> path) {
            Tree tree = this;
            for (PathElement element : path) {
                tree = tree.at(element);
            }
            tree.include();
        }

        FieldSet build() {
            Level level = new Level();
            below.forEach((element, tree) -> level.add(element, tree.member, tree.build()));
            return level.build();
        }
    }
}
