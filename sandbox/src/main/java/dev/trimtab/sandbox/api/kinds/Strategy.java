package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import java.time.Instant;
import java.util.List;

/**
 * How one kind differs from the general run of the verbs. Trees may be changed in place where a method returns nothing; they
 * belong to the request and are not stored yet.
 */
public interface Strategy {

    /** Fills in what the client left out; the same on create and update, and doing it twice changes nothing. */
    default void defaults(ObjectNode object) {}

    /** Whether a new object keeps the status that it came with. */
    default boolean bringsStatus() {
        return false;
    }

    /** What the server adds to a new object: initial status, injected fields. */
    default void beforeCreate(ObjectNode object, Instant now) {}

    /** What the server carries over from the stored object, whatever the client sent. */
    default void beforeUpdate(ObjectNode next, ObjectNode live) {}

    /** Everything that is wrong with the object in itself. */
    default void validate(ObjectNode object, List<Cause> causes) {}

    /** Everything that may not change from {@code live} to {@code next}. */
    default void validateUpdate(ObjectNode next, ObjectNode live, List<Cause> causes) {}

    /** As {@link #validateUpdate}, for a write to {@code status}. */
    default void validateStatusUpdate(ObjectNode next, ObjectNode live, List<Cause> causes) {}
}
