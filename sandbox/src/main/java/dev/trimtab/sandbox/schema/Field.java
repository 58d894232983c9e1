package dev.trimtab.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * A field of a {@link Type.Struct}.
 *
 * @param name in JSON
 * @param patch how a strategic merge patch treats the value; empty means by its JSON type: objects merge, lists are
 *     replaced
 * @param mergeKey of a list of objects that a strategic merge patch merges. It is one field where server-side apply
 *     may use several: a container port is {@code containerPort} here, {@code containerPort} and {@code protocol} there
 * @param defaultValue what a list-map key is when an item does not say it
 * @param required the server refuses an object without it
 * @param numbers where protobuf has the field: its number, after those of the messages around it that JSON does not
 *     show; empty where it is not known
 */
public record Field(
        String name,
        Type type,
        List<PatchStrategy> patch,
        Optional<String> mergeKey,
        Optional<JsonNode> defaultValue,
        boolean required,
        Presence presence,
        List<Integer> numbers) {

    /** The patchStrategy tags of the Kubernetes API. */
    public enum PatchStrategy {
        MERGE,
        REPLACE,
        RETAIN_KEYS
    }

    /**
     * How a value that says nothing (null, {@code ""}, 0, {@code []}, {@code {}}) looks once a server has decoded and
     * encoded the object. It decides which fields a client that sent such a value owns without the object showing them.
     */
    public enum Presence {
        /** As the client wrote it, null included: custom resources. */
        VERBATIM,
        /** Null vanishes, other values stay: a pointer. */
        POINTER,
        /** Vanishes. */
        OMIT_EMPTY,
        /** Is there even when the client left it out: structs and scalars by value. */
        ALWAYS,
        /** Lists, maps and pointers that are null rather than absent: an empty value stays. */
        NULLABLE
    }

    /** A field of a custom resource. */
    static Field verbatim(String name, Type type, Optional<JsonNode> defaultValue, boolean required) {
        return new Field(name, type, List.of(), Optional.empty(), defaultValue, required, Presence.VERBATIM, List.of());
    }
}
