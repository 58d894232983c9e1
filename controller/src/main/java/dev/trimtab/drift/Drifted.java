package dev.trimtab.drift;

import dev.trimtab.definition.Position;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.plan.PodImpact;
import java.util.Optional;

/**
 * An object that drifted, with what a person asks next.
 *
 * @param writer who wrote what differs, where the server tells
 * @param origin where Git holds the object; empty for a node
 * @param pods what becomes of running pods when Git's values are put back
 * @param moved whether Git, too, wants something else than was applied
 */
public record Drifted(
        Drift drift,
        Severity severity,
        Optional<Writer> writer,
        Optional<Position> origin,
        PodImpact pods,
        boolean moved) {

    /**
     * @param operation {@code Apply} or {@code Update}
     * @param subresource empty, or for instance {@code scale}
     */
    public record Writer(String manager, String operation, String subresource) {

        public static Writer of(ManagedFields.Entry entry) {
            return new Writer(entry.manager(), entry.operation(), entry.subresource());
        }
    }
}
