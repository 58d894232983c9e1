package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;

/**
 * One step of a path in a {@link FieldSet}. The order of elements is the one FieldsV1 is written in: fields, keyed list
 * items, set items, indexes.
 */
public sealed interface PathElement extends Comparable<PathElement> {

    /** A field of an object: {@code f:name}. */
    record Field(String name) implements PathElement {

        @Override
        public String toString() {
            return "." + name;
        }
    }

    /** An item of a list map: {@code k:{"name":"x"}}. */
    record Key(List<Part> parts) implements PathElement {

        /** One field of the key. */
        public record Part(String name, JsonNode value) {

            @Override
            public boolean equals(Object other) {
                return other instanceof Part part && name.equals(part.name) && JsonOrder.equal(value, part.value);
            }

            @Override
            public int hashCode() {
                return 31 * name.hashCode() + hash(value);
            }
        }

        /** Sorts the parts by name. */
        public Key {
            parts = parts.size() > 1
                    ? parts.stream().sorted(Comparator.comparing(Part::name)).toList()
                    : List.copyOf(parts);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("[");
            for (Part part : parts) {
                text.append(text.length() == 1 ? "" : ",")
                        .append(part.name())
                        .append('=')
                        .append(part.value());
            }
            return text.append(']').toString();
        }
    }

    /** An item of a set: {@code v:"x"}. */
    record Value(JsonNode value) implements PathElement {

        @Override
        public boolean equals(Object other) {
            return other instanceof Value that && JsonOrder.equal(value, that.value);
        }

        @Override
        public int hashCode() {
            return hash(value);
        }

        @Override
        public String toString() {
            return "[=" + value + "]";
        }
    }

    /** An item of a list by its place: {@code i:0}. The server no longer writes these. */
    record Index(int index) implements PathElement {

        @Override
        public String toString() {
            return "[" + index + "]";
        }
    }

    @Override
    default int compareTo(PathElement other) {
        if (this instanceof Field field && other instanceof Field that) {
            return field.name().compareTo(that.name());
        }
        if (this instanceof Key key && other instanceof Key that) {
            return compare(key.parts(), that.parts());
        }
        if (this instanceof Value value && other instanceof Value that) {
            return JsonOrder.compare(value.value(), that.value());
        }
        if (this instanceof Index index && other instanceof Index that) {
            return Integer.compare(index.index(), that.index());
        }
        return Integer.compare(rank(this), rank(other));
    }

    private static int rank(PathElement element) {
        if (element instanceof Field) {
            return 0;
        }
        if (element instanceof Key) {
            return 1;
        }
        return element instanceof Value ? 2 : 3;
    }

    private static int compare(List<Key.Part> a, List<Key.Part> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int byName = a.get(i).name().compareTo(b.get(i).name());
            int order = byName != 0
                    ? byName
                    : JsonOrder.compare(a.get(i).value(), b.get(i).value());
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private static int hash(JsonNode value) {
        return value.isNumber() ? Double.hashCode(value.doubleValue()) : value.hashCode();
    }
}
