package dev.trimtab.sandbox.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * One committed write.
 *
 * @param version the resource version this write got; unique in the whole store
 * @param object the state after the write; for {@link Type#DELETED} the last state, carrying {@code version}
 * @param previous the state before the write; empty for {@link Type#ADDED}
 */
public record Change(Type type, long version, Key key, ObjectNode object, Optional<ObjectNode> previous) {

    /** What happened to the object, in the words of a watch. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED
    }
}
