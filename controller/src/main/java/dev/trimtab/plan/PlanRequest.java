package dev.trimtab.plan;

import dev.trimtab.kube.ObjectKey;
import dev.trimtab.render.Desired;
import dev.trimtab.render.DesiredObject;
import dev.trimtab.source.Revision;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a plan is asked for.
 *
 * @param repository as it may be shown: without credentials
 * @param base what was applied last; empty on the first sync
 * @param managed what earlier revisions put into the cluster; those of them that {@code desired} no longer holds are deleted
 * @param kept those of {@code managed} that Git last said to leave in the cluster when they go from it
 * @param confirmed keys known to be as desired: no request is spent on them
 * @param drift whether Git did not move, so that every difference comes from the cluster
 * @param values {@link dev.trimtab.kube.Baseline#values} of objects that were once found as they are desired now: one that still
 *     has them costs a GET and no dry-run
 * @param was what objects that are as an earlier revision wanted them were compared with: where Git changes plain values of them,
 *     they need not be read
 */
public record PlanRequest(
        String repository,
        Optional<Revision> base,
        Desired desired,
        Set<ObjectKey> managed,
        Set<ObjectKey> kept,
        Set<ObjectKey> confirmed,
        boolean drift,
        Map<ObjectKey, String> values,
        Map<ObjectKey, DesiredObject> was) {

    public PlanRequest {
        managed = Set.copyOf(managed);
        kept = Set.copyOf(kept);
        confirmed = Set.copyOf(confirmed);
        values = Map.copyOf(values);
        was = Map.copyOf(was);
    }

    /** Of a cluster of which nothing is known: every object is asked for by a dry-run. */
    public PlanRequest(
            String repository,
            Optional<Revision> base,
            Desired desired,
            Set<ObjectKey> managed,
            Set<ObjectKey> kept,
            Set<ObjectKey> confirmed,
            boolean drift) {
        this(repository, base, desired, managed, kept, confirmed, drift, Map.of(), Map.of());
    }
}
