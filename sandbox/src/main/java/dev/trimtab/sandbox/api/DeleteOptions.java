package dev.trimtab.sandbox.api;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How to delete.
 *
 * @param uid precondition
 * @param resourceVersion precondition
 */
public record DeleteOptions(
        Optional<String> uid,
        Optional<String> resourceVersion,
        OptionalLong gracePeriodSeconds,
        Optional<LocalApi.Propagation> propagation,
        boolean dryRun) {

    /** Deletes without conditions, as the kind does by default. */
    public static DeleteOptions plain() {
        return new DeleteOptions(Optional.empty(), Optional.empty(), OptionalLong.empty(), Optional.empty(), false);
    }
}
