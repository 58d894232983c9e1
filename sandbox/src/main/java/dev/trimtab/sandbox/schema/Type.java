package dev.trimtab.sandbox.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The shape of a JSON value as the API server knows it. What a type says of a list or map (granular or atomic, merged
 * by which keys) decides who can own which part of it under server-side apply.
 *
 * <p>Types are immutable and may be recursive (a JSON schema contains JSON schemas), so {@link Struct} has identity,
 * not value, equality.
 */
public sealed interface Type {

    /** Untyped JSON. */
    Type ANY = new Any();

    /** What a scalar may hold. */
    enum Kind {
        STRING,
        INTEGER,
        NUMBER,
        BOOLEAN,
        /** A number with a suffix, kept canonical by typed kinds: {@code 1000m} becomes {@code 1}. */
        QUANTITY,
        INT_OR_STRING,
        /** RFC 3339. */
        TIME,
        /** Base64. */
        BYTES
    }

    /** How the items of a list are told apart. */
    enum ListKind {
        /** They are not: the list is owned as a whole. */
        ATOMIC,
        /** By value. */
        SET,
        /** By the fields named in {@link ListOf#keys()}. */
        MAP
    }

    record Scalar(Kind kind) implements Type {}

    /**
     * An object with known fields.
     *
     * @param name of the Go type, for texts; CRDs have the kind's name
     * @param preserveUnknown fields that are not declared are kept as {@link Any} instead of being refused or dropped
     * @param atomic owned as a whole
     */
    record Struct(String name, Map<String, Field> fields, boolean preserveUnknown, boolean atomic) implements Type {

        public Optional<Field> field(String fieldName) {
            return Optional.ofNullable(fields.get(fieldName));
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return "Struct[" + name + "]";
        }
    }

    /** An object whose keys are data, such as labels. */
    record MapOf(Type value, boolean atomic) implements Type {}

    /**
     * A list.
     *
     * @param keys for {@link ListKind#MAP}, in the order of the schema; a key that an item lacks has the default of the
     *     element's field, where there is one
     */
    record ListOf(Type element, ListKind kind, List<String> keys) implements Type {}

    /** Untyped JSON: objects are owned key by key, lists as a whole. */
    record Any() implements Type {}
}
