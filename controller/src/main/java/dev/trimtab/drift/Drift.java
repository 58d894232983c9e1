package dev.trimtab.drift;

import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.FieldChange;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An object that is not what was applied.
 *
 * @param manager who changed it, where the server knows
 * @param since when it was first seen to differ
 */
public record Drift(ObjectKey object, List<FieldChange> fields, Optional<String> manager, Instant since) {

    public Drift {
        fields = List.copyOf(fields);
    }

    /** What a plan found to differ although Git did not move; the manager is the first one that is known. */
    public static Drift of(Change change, Instant since) {
        return new Drift(
                change.object(),
                change.fields(),
                change.fields().stream()
                        .flatMap(field -> field.liveManager().stream())
                        .findFirst(),
                since);
    }
}
