package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * The hook of a CloneSet's {@code spec.lifecycle} that one of its pods waits for: somebody has yet to take its label or finalizer off
 * or, after an update, to put it back.
 */
public final class PodHook {

    private PodHook() {}

    /** Its name as it stands in the spec, for instance {@code inPlaceUpdate}; empty for a pod that waits for none. */
    public static Optional<String> awaited(JsonNode pod) {
        String state = pod.path("metadata")
                .path("labels")
                .path(CloneSetKeys.LIFECYCLE_STATE)
                .asText("");
        return switch (state) {
            case CloneSetKeys.PREPARING_NORMAL -> Optional.of("preNormal");
            case CloneSetKeys.PREPARING_UPDATE, CloneSetKeys.UPDATED -> Optional.of("inPlaceUpdate");
            case CloneSetKeys.PREPARING_DELETE -> Optional.of("preDelete");
            default -> Optional.empty();
        };
    }
}
